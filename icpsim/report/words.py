"""What people call everything that is printed or drawn, and the number formats that tables and pictures share.

Outcomes have their labels where they are made, in :mod:`icpsim.records.outcomes`; all else has them here. A name
without a label raises: it is never printed as it is, nor with its underscores taken out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from icpsim.base.intervals import Z90
from icpsim.programme.targeting import POLICIES as TARGETING
from icpsim.records.outcomes import BY_NAME, OUTCOMES, RATE_RATIO
from icpsim.records.schema import CONDITIONS as CONDITION_NAMES

RATIO = RATE_RATIO
UNKNOWN = "–"  # noqa: RUF001 - an en dash stands for "no number"


class UnnamedError(KeyError):
    """Something is to be shown that has no label; the message names it and where labels stand."""


CONDITIONS = {
    "copd": "COPD",
    "heart_failure": "heart failure",
    "coronary_heart_disease": "coronary heart disease",
    "stroke": "stroke",
    "diabetes": "diabetes",
    "dementia": "dementia",
    "cancer": "cancer",
    "severe_mental_illness": "severe mental illness",
    "depression": "depression",
    "substance_misuse": "substance misuse",
    "none": "none",
}
FEATURES = {
    "age": "age",
    "female": "women",
    "imd_2": "deprivation quintile 2",
    "imd_3": "deprivation quintile 3",
    "imd_4": "deprivation quintile 4",
    "imd_5": "deprivation quintile 5 (most deprived)",
    "emergency_1_4": "emergency admissions in the last 4 weeks",
    "emergency_5_12": "emergency admissions 5 to 12 weeks before",
    "emergency_13_26": "emergency admissions 13 to 26 weeks before",
    "emergency_27_52": "emergency admissions 27 to 52 weeks before",
    "emergency_53_104": "emergency admissions in the year before last",
    "acs_emergency_52": "ACS emergency admissions in the last year",
    "elective_ordinary_26": "elective ordinary admissions in the last 26 weeks",
    "elective_ordinary_52": "elective ordinary admissions in the last year",
    "day_case_26": "day cases in the last 26 weeks",
    "day_case_52": "day cases in the last year",
    "chemotherapy_12": "chemotherapy admissions in the last 12 weeks",
    "chemotherapy_52": "chemotherapy admissions in the last year",
    "repeat_day_care_12": "repeat day care in the last 12 weeks",
    "repeat_day_care_52": "repeat day care in the last year",
    "outpatient_4": "outpatient attendances in the last 4 weeks",
    "outpatient_26": "outpatient attendances in the last 26 weeks",
    "outpatient_52": "outpatient attendances in the last year",
    "outpatient_follow_up_26": "outpatient follow-ups in the last 26 weeks",
    "outpatient_missed_52": "missed outpatient appointments in the last year",
    "ae_12": "A&E visits in the last 12 weeks",
    "ae_52": "A&E visits in the last year",
    "emergency_nights_52": "emergency bed days in the last year",
    "hospital_cost_52": "hospital cost in the last year",
    "condition_count": "number of long-term conditions",
}
"""What evaluators know of people; ``_12`` is in the last 12 weeks before the index week."""
SUPPORT = {
    "pool": "pool",
    "pilot_population": "pilot population",
    "pool_ratio": "pool ratio",
    "above_pool_top": "above pool top",
    "distance_median": "median distance",
    "distance_p90": "90th percentile of distance",
    "distance_max": "largest distance",
    "controls_per_case": "controls per case",
    "cases_unmatched": "cases unmatched",
}
WITHOUT_LIST_WIDE = "without the list-wide fall in outpatient use"
"""What is said where money leaves out what a programme does to people who are not enrolled."""
LIST_WIDE_FALL = (
    "the list-wide fall in outpatient use: everyone on a practice's list has fewer visits, enrolled or not, by how"
    " much of the list is on the caseload; that is a judgement, so money is shown without it too"
)
MEASURES = {
    "emergency_admissions_avoided": "emergency admissions avoided",
    "net_cost": "net cost to the commissioner",
    "net_cost_without_list_wide_fall": f"net cost to the commissioner {WITHOUT_LIST_WIDE}",
    "hospital_saving": "hospital saving before programme cost",
    "hospital_saving_without_list_wide_fall": f"hospital saving before programme cost {WITHOUT_LIST_WIDE}",
    "whole_system_cost": "net cost to the whole system",
    "true_effect": f"true effect on {BY_NAME['emergency_admissions'].label}",
    "estimated_effect": f"estimated effect on {BY_NAME['emergency_admissions'].label}",
    **{
        f"{kind}_{one.name}": f"{kind} effect on {one.label}" for kind in ("true", "estimated") for one in OUTCOMES
    },
}
"""What arms of a comparison and points of a sensitivity analysis are told by, beside outcomes."""
TOTALS = {
    "people_65_over": "people aged 65+",
    "emergency_admissions_65_over": "emergency, aged 65+",
    "sensitive_admissions": "ACS emergencies",
    "day_cases": "day cases",
    "chemotherapy": "chemotherapy",
    "hospital_admissions": "hospital admissions",
    "outpatient_first": "outpatient first",
    "outpatient_not_attended": "outpatient missed",
    "ae_admitted": "A&E admitted",
    "consultations": BY_NAME["gp_consultations"].label,
    "emergency_cost": "emergency cost",
    "sensitive_cost": "ACS emergency cost",
    "elective_cost": "elective cost",
    "outpatient_cost": "outpatient cost",
}
"""National totals of a year."""
SITES = {"cm": "case management", "all": "all sites"}
"""Groups of the pilots' sites, by the first word of a target's name."""
TARGETS = {
    **{o.short or o.name: o.label for o in OUTCOMES},
    "cases": "cases",
    "controls": "controls",
    "cost_relative": "hospital cost, relative",
    "cancer_share": "cancer share of elective fall",
    "cancer_fall": "fall of cancer care",
    "cohort_cost": "hospital cost of cases before",
    "practice_emergency": f"{BY_NAME['emergency_admissions'].label} of practices",
    "practice_outpatient": f"{BY_NAME['outpatient_attendances'].label} of practices",
}
"""Published results by the rest of their names."""
HOSPITALS = {
    "emergency": BY_NAME["emergency_admissions"].label,
    "sent_home": "short emergencies sent home",
    "elective": BY_NAME["elective_admissions"].label,
    "cancelled": "electives cancelled for want of a bed",
    "bed_nights": "bed nights",
    "delayed_nights": "nights waiting on social care",
}
"""Weekly totals of hospitals."""
EVENTS = {
    "gp_consultation": "GP consultation",
    "ae_attendance": "A&E attendance",
    "emergency_admission": "emergency admission",
    "elective_admission": "elective admission",
    "day_case": "day case",
    "chemotherapy": "chemotherapy",
    "repeat_day_care": "repeat day care",
    "outpatient_first": "outpatient first",
    "outpatient_follow_up": "outpatient follow up",
    "cancer_clinic": "cancer clinic",
    "community_contact": "community contact",
    "need_contact": "need contact",
    "contact_instead": "contact instead",
    "death": "death",
}
"""Contacts in one person's life."""
POLICIES = {name: kind.label for name, kind in TARGETING.items()}
"""By what targeting policies enrol people."""
ABBREVIATIONS = {"gp": "GP", "mdt": "MDT", "sd": "SD", "ae": "A&E", "copd": "COPD", "imd": "IMD"}


def joined(*tables: Mapping[str, str]) -> dict[str, str]:
    """Return one table of all labels. Raises ValueError for a name that is called by two."""
    found: dict[str, str] = {}
    for table in tables:
        for name, words in table.items():
            if found.setdefault(name, words) != words:
                raise ValueError(f"{name} is called '{found[name]}' and '{words}'")
    return found


LABELS = joined(
    {name: one.label for name, one in BY_NAME.items()}, CONDITIONS, FEATURES, SUPPORT, MEASURES, TOTALS
)
"""Names that mean one thing wherever they stand."""
if missing := [name for name in CONDITION_NAMES if name not in CONDITIONS]:
    raise UnnamedError(f"conditions without a label: {', '.join(missing)}")


def words(name: str, table: Mapping[str, str] = LABELS) -> str:
    """Return what people call a name. Raises UnnamedError for a name that has no label."""
    if name not in table:
        raise UnnamedError(f"'{name}' has no label; labels stand in icpsim/report/words.py")
    return table[name]


def label(outcome: str) -> str:
    """Return what people call an outcome where an effect on it is shown: with whom a mean is of."""
    return f"{words(outcome)} {BY_NAME[outcome].each}".rstrip()


def parameter(key: str) -> str:
    """Return a parameter's key, which people write in scenarios, as words: ``gp_share`` is ``GP share``."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in key.replace("_", " ").split())


def percent(change: float, decimals: int = 0) -> str:
    """Relative change as a signed percentage: 0.09 is ``+9%``."""
    if not math.isfinite(change):
        return UNKNOWN
    text = f"{100 * change:+.{decimals}f}%"
    return text[1:] if float(text[:-1]) == 0 else text


def pounds(amount: float) -> str:
    """Signed whole pounds: -223 is ``-£223``."""
    if not math.isfinite(amount):
        return UNKNOWN
    whole = round(amount)
    sign = "-" if whole < 0 else "+" if whole > 0 else ""
    return f"{sign}£{abs(whole):,}"


def effect(measure: str, value: float, decimals: int = 0) -> str:
    """Effect on the scale that readers see: per cent for a rate ratio, pounds for a cost difference."""
    return percent(value - 1.0, decimals) if measure == RATIO else pounds(value)


def interval(measure: str, estimate: float, se: float) -> tuple[float, float, float]:
    """Return an estimate on the log scale, or in pounds, and its 90% interval as rate ratios, or pounds."""
    ends = (estimate, estimate - Z90 * se, estimate + Z90 * se)
    if measure != RATIO:
        return ends
    return tuple(math.exp(x) for x in ends)  # type: ignore[return-value]


def shown(measure: str, value: float) -> float:
    """Position of an effect on a picture's axis: per cent change, or GBP."""
    return 100.0 * (value - 1.0) if measure == RATIO else value
