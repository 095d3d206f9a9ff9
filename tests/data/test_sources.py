"""Every PAGE number names its address and how it was read; every derived number is what its arithmetic gives."""

import pytest

from icpsim.data.national_tables import people_by_age
from icpsim.data.natural_history_targets import capacity_targets, target_rows
from icpsim.data.tables import load_tables
from tests.data.arithmetic import ADDRESS, faults, worked_out

HERE = "a survey https://example.org/table/1"


def test_every_number_of_the_model_says_where_it_comes_from():
    found = {name: faults(p.tag, p.value, p.source, p.note) for name, p in load_tables().parameters.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("value", "source", "note", "fault"),
    [
        (0.5, "HSCIC 2011", "As read: 0.5", "names no address"),
        (0.5, "a survey http://", "As read: 0.5", "names no address"),
        (0.5, "github owner/name data.csv", "As read: 0.5", "names no address"),
        (0.5, HERE, "A share of all; derived", "neither what was read nor how"),
        (0.5, HERE, "As read: a half; of 12", "no figure is quoted"),
        (0.5, HERE, "DERIVED from two figures", "holds no arithmetic"),
        (0.5, HERE, "DERIVED: 2 / 4", "holds no arithmetic"),
        (0.5, HERE, "DERIVED: 2 / 5 = 0.5; of all", "arithmetic gives 0.4, not 0.5"),
        (0.6, HERE, "DERIVED: 2 / 4 = 0.5; of all", "the table holds 0.6"),
    ],
)
def test_a_number_that_does_not_say_is_found(value, source, note, fault):
    assert any(fault in wrong for wrong in faults("PAGE", value, source, note))


@pytest.mark.parametrize(
    ("value", "source", "note"),
    [
        (0.5, HERE, "As read: 50%; of all"),
        (0.5, f"a table: github owner/name @{'0a' * 20} data/file.csv", "DERIVED: (1 + 1) / 2 ** 2 = 0.5; of all"),
        (52676, HERE, "DERIVED: 34532 * (1 + 7523 / 30800) * 1.1 + 3130 + 2283 = 52676; pounds"),
    ],
)
def test_a_number_that_says_so_is_left_alone(value, source, note):
    assert faults("PAGE", value, source, note) == []


def test_an_assumption_may_be_without_address_but_not_with_wrong_arithmetic():
    assert faults("RECALL", 0.5, "from memory", "A share") == []
    assert faults("RECALL", 0.5, "from memory", "DERIVED: 1 / 3 = 0.5; a share") == [
        "arithmetic gives 0.333333, not 0.5"
    ]


def test_targets_name_their_address_and_hold_what_their_arithmetic_gives():
    rows = target_rows() + capacity_targets()
    assert [r["target"] for r in rows if r["tag"] == "PAGE" and not ADDRESS.search(r["source"])] == []
    done = {
        r["target"]: (worked_out(r["note"]), float(r["low"]), float(r["high"]))
        for r in rows
        if r["note"].startswith("DERIVED: ")
    }
    assert len(done) > 40
    assert [
        name for name, (found, low, high) in done.items() if found is None or not low <= found[0] <= high
    ] == []
    assert [name for name, (found, _, _) in done.items() if abs(found[0] / float(found[1]) - 1) > 0.006] == []


def test_targets_by_age_add_up_to_those_of_all_ages():
    """Middles of ranges, weighted by the people of each age, against the middle at all ages: within 1%."""
    people = people_by_age().sum(axis=1)
    target = {row["target"]: (float(row["low"]) + float(row["high"])) / 2 for row in target_rows()}
    starts = {"0_4": 0, "5_14": 5, "15_44": 15, "45_64": 45, "65_74": 65, "75_84": 75, "85p": 85}
    ends = [*[*starts.values()][1:], len(people)]
    share = {
        band: people[start:end].sum() / people.sum()
        for (band, start), end in zip(starts.items(), ends, strict=True)
    }
    share["0_44"] = share["0_4"] + share["5_14"] + share["15_44"]

    def together(kind, bands):
        return sum(target[f"{kind}_{b}"] * share[b] for b in bands) / sum(share[b] for b in bands)

    young, old = ("0_4", "5_14", "15_44", "45_64"), ("65_74", "75_84", "85p")
    assert together("emergency", young) == pytest.approx(target["emergency_under_65"], rel=0.01)
    assert together("emergency", old) == pytest.approx(target["emergency_65_over"], rel=0.01)
    assert together("emergency", young + old) == pytest.approx(0.0996, rel=0.01)
    assert together("elective", ("0_44", "45_64", *old)) == pytest.approx(target["elective_all_ages"], rel=0.01)
    cost = {b: target[f"emergency_cost_{b}"] * target[f"emergency_{b}"] * share[b] for b in young + old}
    assert sum(cost.values()) == pytest.approx(
        together("emergency", young + old) * sum(share[b] for b in young + old), rel=0.02
    )
