"""An evaluation that is spared what an earlier one of the same pool found gives what it would have given anew."""

from dataclasses import replace

import pytest

from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.pool_cache import PoolMemory
from icpsim.evaluation.types import design_of
from icpsim.model.parameters import load_parameters
from icpsim.scenario.schema import load

PRICES = load_parameters().prices


@pytest.fixture(scope="module")
def study():
    """Return records of ``small``, its design, and the weeks in which people were enrolled."""
    from icpsim.model.integrated_care import IntegratedCareModel

    scenario = load("small")
    model = IntegratedCareModel(scenario, 1, 0)
    model.run()
    records = model.records()
    return records, design_of(scenario), sorted(set(records.enrolments["week"].tolist()))


def told(found):
    """Return everything that an evaluation says, in one text."""
    return repr((found.effects, found.balance, found.support, found.controls_left_out, found.pairs.tobytes()))


def enrolled(records, first, last):
    """Return the records as if only those of some weeks had been enrolled."""
    weeks = records.enrolments["week"]
    return replace(records, enrolments=records.enrolments[(weeks >= first) & (weeks <= last)])


@pytest.mark.parametrize(
    "change",
    ["nothing", "first week", "last week", "youngest", "share", "same area"],
)
def test_what_is_kept_changes_nothing(study, change):
    records, design, weeks = study
    assert len(weeks) > 2
    memory = PoolMemory()
    evaluate(records, design, PRICES, memory)
    other = {
        "first week": enrolled(records, weeks[1], weeks[-1]),
        "last week": enrolled(records, weeks[0], weeks[-2]),
    }.get(change, records)
    asked = {
        "youngest": replace(design, min_age=design.min_age + 10),
        "share": replace(design, screen_share=0.5 * design.screen_share),
        "same area": replace(design, controls_from="same_area"),
    }.get(change, design)
    again, anew = evaluate(other, asked, PRICES, memory), evaluate(other, asked, PRICES)
    assert told(again) == told(anew)
    if change != "nothing":
        assert told(anew) != told(evaluate(records, design, PRICES)), "the change moved something"
