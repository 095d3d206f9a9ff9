"""Numbers, tables and sentences of a comparison follow from its rows."""

from dataclasses import replace
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from icpsim.questions.compare import results as r
from icpsim.questions.compare import show_sentences, show_tables
from icpsim.questions.compare.optimise import Outcome, SearchResult, Trial
from icpsim.report import measures as m
from icpsim.report.amounts import ends, number, plain, summing, with_interval
from icpsim.report.words import words

from .fake_comparison import (
    B_AGAINST_A,
    CHANGE,
    EQUITY,
    GROUPED,
    HEADLINES,
    PAIRED,
    POLICIES,
    A,
    B,
    headline,
)


def printed(show, *given):
    console = Console(width=80, force_terminal=False)
    with console.capture() as capture:
        show(console, *given)
    text = capture.get()
    assert max(len(line) for line in text.splitlines()) <= 80
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("count", 31.0, "+31"),
        ("count", 31.449, "+31.4"),
        ("count", -0.0123456, "-0.0123"),
        ("count", 12345.6, "+12,346"),
        ("count", 0.0, "0"),
        ("count", -0.00001, "0"),
        ("relative", -0.0421, "-4.2%"),
        ("gbp", 410_000.0, "+£410k"),
        ("gbp", -1_239_000.0, "-£1.24m"),
        ("gbp", 999_600.0, "+£1m"),
        ("gbp", -950.4, "-£950"),
        ("gbp", 0.2, "£0"),
        ("gbp", 2.5e9, "+£2.5bn"),
        ("rate", nan, "–"),  # noqa: RUF001 - an en dash stands for "no number"
    ],
)
def test_numbers(unit, value, text):
    assert number(unit, value) == text


def test_intervals_share_decimals_and_do_not_repeat_the_unit():
    assert with_interval("count", 6.5, 0.498, 12.5) == "+6.5 (+0.5 to +12.5)"
    assert with_interval("relative", -0.04, -0.07, -0.01) == "-4.0% (-7.0 to -1.0)"
    assert with_interval("count", 3.0, nan, nan) == "+3"
    assert ends("count", nan, 1.0) == ""
    assert plain(1378.2) == "1,378"
    assert words("hospital_cost") == "hospital cost"


@given(
    st.sampled_from(["count", "rate", "gbp", "relative"]),
    st.lists(st.floats(-1e7, 1e7).filter(lambda x: x == 0 or abs(x) > 1e-3), min_size=1, max_size=8),
)
def test_what_is_shown_of_parts_sums_to_what_is_shown_of_the_total(unit, parts):
    shown = summing(unit, parts)
    marks = str.maketrans("", "", "£,%kmbn")
    values = [float(text.translate(marks)) for text in shown]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=1e-6)


def test_parts_that_contradict_their_total_are_refused():
    with pytest.raises(r.ResultsError, match="sum to 1 more than their total"):
        replace(CHANGE, total=r.Part("total", -32.0))


def test_one_row_is_one_row():
    assert r.one(HEADLINES, arm=B, measure=m.TRUE).estimate == -0.04
    assert r.one(HEADLINES, arm="nobody") is None
    with pytest.raises(r.ResultsError, match="4 rows"):
        r.one(HEADLINES, arm=B)


def test_the_arm_avoids_more_and_the_evaluation_would_say_otherwise():
    told = show_sentences.arm_sentences([*headline(B, 43, -0.04, 0.06, 380_000), *B_AGAINST_A])
    assert told == [
        f"{B} avoids 43 (24 to 62) emergency admissions a year against no programme.",
        f"{B} costs £380k (£260k to £500k) a year net, against no programme.",
        f"{B} avoids 31 (12 to 50) more emergency admissions a year than {A}; an evaluation as published would"
        " have estimated +6%, the true effect is -4%.",
        f"{B} saves £30k (-£31k to £90k) a year net, against {A}; the two cannot be told apart.",
    ]


def test_an_arm_that_causes_admissions_or_is_unsettled_says_so():
    rows = [replace(B_AGAINST_A[0], estimate=-8.0, low=-27.0, high=11.0)]
    assert show_sentences.arm_sentences(rows) == [
        f"{B} causes 8 (-11 to 27) more emergency admissions a year than {A}, so the direction is not settled."
    ]
    alone = [replace(B_AGAINST_A[0], low=nan, high=nan)]
    assert show_sentences.arm_sentences(alone) == [f"{B} avoids 31 more emergency admissions a year than {A}."]


def test_what_drove_a_change():
    told = show_sentences.driven_sentence(CHANGE)
    assert told.startswith(
        f"Emergency admissions, {B} against {A}: -31, from avoidable reduction -41.5, outpatient"
    )
    assert "against it unmet need detection +14, continuity loss +2.5" in told
    assert told.endswith("nothing from elective deferral.")
    nothing = replace(CHANGE, total=r.Part("total", 0.0), parts=(r.Part("x", 0.0),))
    assert show_sentences.driven_sentence(nothing).endswith(": 0; no mechanism changed anything.")


def test_what_pairing_is_worth():
    (told,) = show_sentences.paired_sentences(PAIRED)
    assert "varies 8% (5% to 13%) as much" in told
    assert "107 replicates paired and 2,310 of each arm unpaired" in told


def test_gradients_are_told_only_where_they_are_settled():
    a, b, c, _ = show_sentences.equity_sentences(EQUITY)
    assert "no settled gradient" in a
    assert "is lower (more avoided or fewer added) among the most deprived (slope index -2.1 (-3.3 to -0.9)" in b
    assert b.endswith("the relative index goes from 1.97 to 1.92.")
    assert "is higher" in c


def test_tables_hold_the_numbers():
    text = printed(show_tables.print_arms, HEADLINES, r.NO_PROGRAMME)
    assert "+43 (+24 to +62)" in text
    assert "+12.0% (+7.0 to +17.0)" in text
    text = printed(show_tables.print_groups, GROUPED, m.CONDITION)
    assert "the 12 that differ most of 15" in text
    assert "dementia -15.4 (-21.4 to -9.4)" in text
    assert "atrial" not in text
    text = printed(show_tables.print_driven, CHANGE)
    assert "total -31.0 (-50 to -12)" in text
    text = printed(show_tables.print_paired, PAIRED)
    assert "8% 5% to 13% 107 2,310" in text
    assert "-2.1" in printed(show_tables.print_equity, EQUITY)
    assert "11 of 15 policies" in printed(show_tables.print_front, POLICIES)


def test_a_search_is_printed_best_first_and_without_what_breaks_a_limit():
    trials = [
        Trial(0, {"policy": "x", "managers": 3}, Outcome(-5.0, (-1.0,))),
        Trial(1, {"policy": "y", "managers": 4}, Outcome(-9.0, (2.0,))),
        Trial(2, {"policy": "z", "managers": 5}, Outcome(-7.0, (0.0,))),
    ]
    text = printed(
        show_tables.print_search, SearchResult(tuple(trials), exhaustive=False), "admissions", ["budget"]
    )
    assert "2 of 3 settings keep within every limit" in text
    assert text.index("policy=z") < text.index("policy=x")
    assert "policy=y" not in text
