"""Made-up activities and programmes, and a price book whose numbers stand here: sums can be done by hand."""

from hypothesis import strategies as st

from icpsim.economics.activity import CLASSES, SERVICE_KINDS, STAFF_KINDS, Activity, Arm, Delivered
from icpsim.economics.price_book import price_book
from icpsim.model.parameters import load_parameters

PINNED = {
    "prices.emergency": 1800.0,
    "prices.elective_ordinary": 2550.0,
    "prices.outpatient_first": 155.0,
    "prices.outpatient_follow_up": 80.0,
    "economics.tariff_ae": 88.0,
    "economics.variable_share": 0.3,
    "economics.cost_emergency_episode": 1400.0,
    "economics.episodes_per_emergency_spell": 1.25,
    "economics.cost_outpatient": 98.0,
    "economics.cost_ae": 97.0,
    "economics.gp_contact": 36.0,
    "economics.gp_contacts_paid": 0.0,
    "economics.discount_rate": 0.035,
    "economics.discount_rate_health": 0.015,
    "economics.first_financial_year": 2009.0,
    "economics.price_year": 2008.0,
    "economics.marginal_rate_emergency": 0.0,
    "economics.marginal_rate_share": 0.3,
    "economics.marginal_rate_baseline": 0.95,
    "price_years.tariff_2009_10": 1.017,
    "price_years.tariff_2010_11": 1.02,
    "price_years.deflator_2008_09": 1.0,
    "price_years.deflator_2009_10": 1.01,
    "price_years.deflator_2010_11": 1.0302,
    "programme_costs.setup_site": 250_000.0,
    "programme_costs.setup_years": 1.0,
    "programme_costs.setup_labour_share": 0.6,
    "programme_costs.case_management_post": 52_180.0,
    "programme_costs.care_planning_hour": 48.0,
    "programme_costs.mdt_meeting_hour": 520.0,
    "programme_costs.mdt_general_practice_share": 0.4,
    "programme_costs.mdt_general_practice_paid": 0.0,
    "programme_costs.non_labour_share": 0.1,
    "programme_costs.overhead_share": 0.15,
    "programme_costs.carried_over_labour": 0.3,
    "programme_costs.carried_over_non_labour": 0.2,
}


def book(**changed):
    """Return the pinned price book; ``table__name`` stands for ``table.name``."""
    named = {name.replace("__", "."): value for name, value in changed.items()}
    return price_book(load_parameters({**PINNED, **named}))


def activity(year=0, emergency=0, **changed):
    """Return a year in which nothing happened but so many emergencies of case mix 1, and what is given."""
    nothing = dict.fromkeys(
        ("outpatient_first", "outpatient_follow_up", "ae_attendances", "gp_contacts", "bed_days"), 0.0
    )
    used = {"spells": {"emergency": emergency}, "casemix": {"emergency": float(emergency)}}
    return Activity(**{"year": year, "weeks": 52.0, **used, **nothing, **changed})


def delivered(year=0, **changed):
    """Return a year in which nothing was delivered but what is given."""
    nothing = dict.fromkeys(("sites", "practices", "enrolled", "patient_weeks", "mdt_meetings", "mdt_hours"), 0)
    kinds = {"staff_weeks": {}, "contact_hours": {}, "service_hours": {}}
    return Delivered(**{"year": year, "weeks": 52.0, **nothing, **kinds, **changed})


AMOUNT = st.floats(0.0, 1e6, allow_subnormal=False)
COUNT = st.integers(0, 100_000)


def by(names, amounts):
    """Return a strategy for amounts of some of these names."""
    return st.dictionaries(st.sampled_from(names), amounts)


@st.composite
def arms(draw, years):
    """Return an arm with these many years of any activity and any services."""
    amounts = ("outpatient_first", "outpatient_follow_up", "ae_attendances", "gp_contacts", "bed_days")
    used = tuple(
        Activity(
            year=year,
            weeks=52.0,
            spells=draw(by(CLASSES, COUNT)),
            casemix=draw(by(CLASSES, AMOUNT)),
            **{name: draw(AMOUNT) for name in amounts},
        )
        for year in range(years)
    )
    counts = ("sites", "practices", "enrolled", "mdt_meetings")
    given = tuple(
        Delivered(
            year=year,
            weeks=52.0,
            patient_weeks=draw(AMOUNT),
            mdt_hours=draw(AMOUNT),
            staff_weeks=draw(by(STAFF_KINDS, AMOUNT)),
            contact_hours={},
            service_hours=draw(by(SERVICE_KINDS, AMOUNT)),
            **{name: draw(COUNT) for name in counts},
        )
        for year in range(draw(st.integers(0, years)))
    )
    return Arm(used, given)
