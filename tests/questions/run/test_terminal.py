"""What the terminal shows: the numbers, the marks, the words about intervals."""

from dataclasses import replace
from math import nan

from rich.console import Console

from icpsim.inference.posterior import shipped_report
from icpsim.questions.run.answer import StudyResult
from icpsim.questions.run.show_table import picture_lines, print_study
from icpsim.report import terminal_plot
from icpsim.report.words import UNKNOWN, effect, percent, pounds
from tests.fake_study import OUTCOMES, STUDY


def printed(result: StudyResult, observed: str | None = "case-management-sites", width: int = 120) -> str:
    console = Console(width=width, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as capture:
        print_study(console, result, observed)
    return capture.get()


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def test_table_holds_the_three_values_with_their_intervals() -> None:
    text = printed(STUDY)
    emergency = line_of(text, "emergency admissions")
    assert emergency.split() == "emergency admissions +9% +5.2% (-1.9 to +12.8) +0.4% (-1.8 to +2.6)".split()
    cost = line_of(text, "hospital cost per patient")
    assert "-£223, -9%" in cost
    assert "-£61 (-£160 to +£37), -3%" in cost


def test_only_rows_observed_outside_the_estimate_are_marked() -> None:
    text = printed(STUDY)
    marked = [line.split("  ")[0] for line in text.splitlines() if line.rstrip().endswith("◀ outside")]
    assert marked == ["elective admissions", "hospital cost per patient"]
    assert "◀ outside: the observed value lies outside the estimated interval" in text


def test_no_mark_and_no_legend_when_all_is_inside() -> None:
    inside = replace(STUDY, outcomes=tuple(replace(row, inside=True) for row in OUTCOMES))
    assert "◀" not in printed(inside)


def test_header_names_published_and_simulated_people() -> None:
    assert printed(STUDY).splitlines()[0] == (
        "Two small sites   3,646 cases  17,311 controls   simulated: 3,646 cases  17,312 controls   8 replicates"
    )
    assert printed(STUDY, None).startswith("Two small sites   simulated: 3,646 cases")


def test_bias_deaths_support_balance_and_warnings_are_shown() -> None:
    text = printed(STUDY)
    assert "1.050 (0.012)" in text
    assert "+£49 (£20)" in text
    assert "deaths within the window: cases 13.0%, controls 11.6%" in text
    worst = "standardised difference after (before): emergency admissions 13 to 26 weeks before -0.11 (+2.50)"
    assert f"worst balance, {worst}" in " ".join(text.split())
    assert "warning: mechanisms.x = 3 lies outside its stated range 0 to 1" in text
    assert "numbers of the model are RECALL or JUDGEMENT; see `icpsim parameters`" in text


def test_nothing_published_is_said_and_shown_as_a_dash() -> None:
    rows = tuple(
        replace(
            r,
            observed=nan,
            observed_low=nan,
            observed_high=nan,
            relative_observed=nan,
            inside=None,
            observed_tag="",
        )
        for r in OUTCOMES
    )
    text = printed(replace(STUDY, outcomes=rows, replicates=1), None)
    assert line_of(text, "emergency admissions").split()[2] == UNKNOWN
    assert "observed: nothing was published for this scenario" in text
    assert "single replicate's own standard error" in text


def test_narrow_terminal_keeps_every_number_and_width() -> None:
    text = printed(STUDY, width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text


def test_picture_puts_values_where_they_belong() -> None:
    lines = list(picture_lines(OUTCOMES))
    observed = {line[2:28].strip(): line.index("●") for line in lines if "observed" in line}
    zero = lines[0].index("│")
    assert observed["emergency admissions"] > zero
    assert observed["outpatient attendances"] < observed["elective admissions"] < zero


def test_dot_and_whisker_cell_by_cell() -> None:
    axis = terminal_plot.Axis(-5.0, 5.0, width=11)
    assert terminal_plot.draw(terminal_plot.Dot("true", 2.0, 1.0, 4.0), axis) == "     │├◆─┤"
    assert terminal_plot.draw(terminal_plot.Dot("observed", -3.0, -9.0, 9.0), axis) == "◂─●───────▸"
    assert terminal_plot.draw(terminal_plot.Dot("estimated", 0.0, nan, nan), axis) == "     ■"


def test_axis_does_not_follow_a_runaway_whisker() -> None:
    axis = terminal_plot.axis_for([terminal_plot.Dot("estimated", 10.0, -500.0, 520.0)])
    assert (axis.low, axis.high) == (-31.8, 31.8)


def test_numbers_in_words() -> None:
    assert [percent(x) for x in (0.09, -0.21, 0.001, -0.001, nan)] == ["+9%", "-21%", "0%", "0%", UNKNOWN]
    assert [pounds(x) for x in (-223.4, 1234.0, 0.2, nan)] == ["-£223", "+£1,234", "£0", UNKNOWN]
    assert effect("rate_ratio", 1.054, 1) == "+5.4%"
    assert effect("difference_gbp", -61.4, 1) == "-£61"


def test_directions_of_the_truth_are_counted() -> None:
    """+2% rose; -0.5% stayed; -3% fell; a study without draws says nothing of the posterior."""
    more = ({"replicate": 2, "outcome": "emergency_admissions", "true": -0.03},)
    text = printed(replace(STUDY, replicate_rows=(*STUDY.replicate_rows, *more)), width=200)
    assert "truly rose in 1, fell in 1 and stayed within 1% in 1 of 3 replicates" in text
    assert "posterior" not in text


def test_truth_in_all_cases_stands_below_the_table_where_some_have_no_control() -> None:
    rows = tuple(
        replace(row, true_enrolled=0.9, true_enrolled_low=0.8, true_enrolled_high=nan) for row in OUTCOMES[:1]
    )
    everyone = replace(STUDY, outcomes=rows, support={**STUDY.support, "cases_unmatched": 46.0})
    line = "true: in the 3,600 cases with a control, whom the evaluation compares; in all 3,646 cases: "
    assert f"{line}emergency admissions -10.0%" in printed(everyone, width=200)
    assert "in all" not in printed(replace(everyone, support={**STUDY.support, "cases_unmatched": 0.0}), width=200)
    assert "in all" not in printed(STUDY, width=200)


def test_draws_own_errors_and_the_posteriors_answer_are_told() -> None:
    rows = tuple(replace(row, estimated_error_share=0.8, true_error_share=0.25) for row in OUTCOMES)
    text = printed(replace(STUDY, outcomes=rows, drawn=True), width=200)
    assert "each replicate has its own draw of the posterior" in text
    assert "emergency admissions 80% (true: 25%)" in text
    answer = shipped_report()["answers"][0]
    assert f"truly rose with probability {answer['rose']:.0%}, fell {answer['fell']:.0%}" in text


def test_intervals_of_few_replicates_are_called_rough() -> None:
    assert "2 replicates say little" in printed(replace(STUDY, replicates=2))
    assert "say little" not in printed(replace(STUDY, replicates=4))
