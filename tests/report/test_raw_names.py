"""Nothing is printed under the name that programs give it: every name that tables can show is shown, and read."""

from dataclasses import fields, replace
from math import nan

import pytest
from rich.console import Console

from icpsim.evaluation.features import NAMES
from icpsim.evaluation.outcomes import OUTCOMES
from icpsim.evaluation.types import Support
from icpsim.questions.compare import show_sentences, show_tables
from icpsim.questions.compare.counts import MEASURES
from icpsim.questions.compare.results import NO_PROGRAMME, ComparedRow, DrivenChange, Part
from icpsim.questions.run.answer import BalanceRow
from icpsim.questions.run.show_table import print_study
from icpsim.questions.sensitivity.outcomes import UNITS
from icpsim.records.schema import CONDITIONS
from icpsim.report.measures import CONDITION, COUNT, RATE
from icpsim.report.measures import HEADLINES as ARMS_TOLD_BY
from tests.fake_study import STUDY

RAW_WORDS = {"ae", "gp", "acs", "copd", "imd", "p90", "chemo", "sd", "mdt"}
MEASURED = ("deaths", "gp_consultations", *OUTCOMES)


def raw(name):
    """Whether a name with its underscores taken out is no English: it has a number or an abbreviation in it."""
    return any(word in RAW_WORDS or word.isdigit() for word in name.split("_"))


def read(text, names):
    """Fail where a text holds a name as it is, or with its underscores taken out."""
    text = " ".join(text.split())
    for name in names:
        assert "_" not in name or name not in text, name
        assert not raw(name) or f" {name.replace('_', ' ')} " not in f" {text} ", name


def printed(show):
    console = Console(width=300, force_terminal=False)
    with console.capture() as capture:
        show(console)
    return capture.get()


@pytest.fixture(scope="module")
def study():
    """Return a made-up study of all outcomes and support figures."""
    pounds, ratio = STUDY.outcomes[3], STUDY.outcomes[0]
    rows = tuple(replace(pounds if name == "hospital_cost" else ratio, outcome=name) for name in MEASURED)
    bias = tuple(replace(STUDY.bias[0], outcome=name) for name in MEASURED)
    support = dict.fromkeys([*(field.name for field in fields(Support)), "cases_unmatched"], 1.0)
    return replace(STUDY, outcomes=rows, bias=bias, support=support)


@pytest.mark.parametrize("names", [NAMES[k : k + 5] for k in range(0, len(NAMES), 5)], ids=lambda names: names[0])
def test_a_study_shows_no_raw_name(study, names):
    balance = tuple(BalanceRow(name, 1.0, 0.5) for name in names)
    text = printed(lambda console: print_study(console, replace(study, balance=balance), None))
    read(text, [*MEASURED, *study.support, *names])


@pytest.mark.parametrize("measure", MEASURES)
def test_a_comparison_shows_no_raw_name(measure):
    groups = [*CONDITIONS, "none"]
    rows = [ComparedRow("A", NO_PROGRAMME, measure, RATE, CONDITION, group, 1.0, 0.5, 1.5) for group in groups]
    change = DrivenChange("A", NO_PROGRAMME, measure, COUNT, Part("total", 1.0), (Part("a part", 1.0),))
    text = printed(lambda console: show_tables.print_groups(console, rows, CONDITION))
    text += printed(lambda console: show_tables.print_driven(console, change)) + show_sentences.driven_sentence(
        change
    )
    read(text, [*MEASURES, *CONDITIONS])


def test_arms_and_sensitivity_show_no_raw_name():
    from icpsim.questions.sensitivity.show_words import factor_name, outcome_name

    rows = [ComparedRow("A", NO_PROGRAMME, name, COUNT, "all", "everyone", 1.0, nan, nan) for name in ARMS_TOLD_BY]
    read(printed(lambda console: show_tables.print_arms(console, rows, NO_PROGRAMME)), ARMS_TOLD_BY)
    read(" ; ".join(outcome_name(name) for name in UNITS), UNITS)
    assert factor_name("mechanisms.gp_information") == "GP information"
