"""Reviews find needs at the stated chance, what is found leads to care in the stated shares, and looking ends."""

import numpy as np
import pytest
from scipy import stats

from icpsim.records.schema import Method
from tests.one_week import WEEK
from tests.small_world import ALPHA, column_bytes

SHARES = {"need_emergency_share": 0.35, "need_outpatient_share": 0.4}


def one_need(people):
    people["unmet_need"] = 1


def found(site, change=one_need, **effects):
    """Return (week without reviews, week with reviews, persons at home with a need, needs found of each)."""
    without = site.live(change)
    week = site.live(change, **(SHARES | effects))
    home = np.flatnonzero((site.start["death_week"] > WEEK) & (site.start["hospital_until"] <= WEEK))
    needs = without.people["unmet_need"][home].astype(int) - week.people["unmet_need"][home]
    return without, week, home, needs


@pytest.mark.parametrize("detection", [0.1, 0.4, 0.95])
def test_needs_are_found_at_the_chance_stated_for_12_weeks(site, detection):
    _, _, home, needs = found(site, unmet_need_detection=detection)
    weekly = 1.0 - (1.0 - detection) ** (1 / 12)
    assert stats.binomtest(int(needs.sum()), len(home), weekly).pvalue > ALPHA


def test_detection_follows_the_dose(site):
    def half(people):
        one_need(people)
        people["dose"] = 0.5

    _, _, home, needs = found(site, half, unmet_need_detection=0.8)
    assert stats.binomtest(int(needs.sum()), len(home), 1.0 - 0.6 ** (1 / 12)).pvalue > ALPHA


def test_each_need_is_found_on_its_own(site):
    def three(people):
        people["unmet_need"] = 3

    _, _, home, needs = found(site, three, unmet_need_detection=0.99)
    weekly = 1.0 - 0.01 ** (1 / 12)
    expected = stats.binom(3, weekly).pmf(range(4)) * len(home)
    assert stats.chisquare(np.bincount(needs, minlength=4), expected).pvalue > ALPHA


def test_what_is_found_leads_to_admission_referral_or_a_gp_contact_in_the_stated_shares(site):
    """Among those who had no stay and no first visit of their own, for one a week covers all."""
    without, week, home, needs = found(site, unmet_need_detection=0.95)
    before, after = events_of_each(without), events_of_each(week)
    free = home[(before[home, 0] == 0) & (before[home, 1] == 0)]
    needs = needs[np.isin(home, free)]
    led_to = (after - before)[free]
    assert (led_to.sum(axis=1) == needs).all()
    assert needs.sum() > 1000
    expected = np.array([0.35, 0.4, 0.25]) * needs.sum()
    assert stats.chisquare(led_to.sum(axis=0), expected).pvalue > ALPHA


def events_of_each(week):
    """Return emergency stays, first visits and contacts of each person."""
    stays = week.spells["person"][week.spells["method"] == Method.EMERGENCY]
    firsts = week.outpatient["person"][week.outpatient["first"] == 1]
    n = len(week.people)
    return np.column_stack([np.bincount(who, minlength=n) for who in (stays, firsts, week.contacts["person"])])


def without_need(people):
    people["unmet_need"] = 0
    people["conditions"] = (1 << 10) - 1  # no further one comes on and becomes a need this week


def enrolled_13_weeks_ago(people):
    one_need(people)
    people["enrolled"] = WEEK - 13


def discharged_now(people):
    one_need(people)
    people["discharged"] = WEEK


def not_enrolled(people):
    one_need(people)
    people["enrolled"] = WEEK + 1


@pytest.mark.parametrize("change", [without_need, enrolled_13_weeks_ago, discharged_now, not_enrolled])
def test_no_review_finds_anything_of(site, change):
    without, week, _, needs = found(site, change, unmet_need_detection=0.95)
    assert needs.sum() == 0
    for name in ("spells", "outpatient", "ae", "contacts"):
        assert column_bytes(getattr(without, name)) == column_bytes(getattr(week, name))


def test_the_last_week_of_reviews_still_finds(site):
    def enrolled_12_weeks_ago(people):
        one_need(people)
        people["enrolled"] = WEEK - 12

    assert found(site, enrolled_12_weeks_ago, unmet_need_detection=0.95)[3].sum() > 300


def test_records_of_people_in_whom_nothing_is_found_stay_the_same(site):
    without, week, home, needs = found(site, unmet_need_detection=0.95)
    changed = home[needs > 0]
    for name in ("spells", "outpatient", "ae", "contacts"):
        ours, theirs = getattr(without, name), getattr(week, name)
        assert column_bytes(ours[~np.isin(ours["person"], changed)]) == (
            column_bytes(theirs[~np.isin(theirs["person"], changed)])
        )


def three_needs(people):
    people["unmet_need"] = 3


def test_one_stay_a_week_covers_every_need_found_in_it(site):
    """Draws of a stay are keyed by person and week, so a second stay would be the first one over again."""
    week = site.live(three_needs, unmet_need_detection=0.999, need_emergency_share=1.0, need_outpatient_share=0.0)
    spells = week.spells[week.spells["method"] == 0]
    _, stays = np.unique(spells["person"], return_counts=True)
    needs_found = 3 - week.people["unmet_need"].astype(int)
    assert (needs_found >= 2).sum() > 1000
    assert stays.max() == 1
    assert np.isin(np.flatnonzero(needs_found >= 1), spells["person"]).all()


def test_one_first_visit_a_week_covers_every_need_found_in_it(site):
    week = site.live(three_needs, unmet_need_detection=0.999, need_emergency_share=0.0, need_outpatient_share=1.0)
    first = week.outpatient[week.outpatient["first"] == 1]
    _, visits = np.unique(first["person"], return_counts=True)
    needs_found = 3 - week.people["unmet_need"].astype(int)
    assert visits.max() == 1
    assert np.isin(np.flatnonzero(needs_found >= 1), first["person"]).all()
