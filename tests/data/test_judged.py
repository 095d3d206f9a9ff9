"""What was found is judged row by row, and the tables hold what was decided."""

from collections import Counter

import pytest

from icpsim.data.judged import DECISIONS, MATCHES, READ, judgements, matches
from icpsim.data.national_tables import FILES
from icpsim.data.natural_history_targets import capacity_targets, target_rows
from icpsim.data.tables import load_tables
from icpsim.questions.england.national_totals import national_totals
from tests.data.arithmetic import ADDRESS

FOUND = 282
"""Rows that were found, each judged once."""


@pytest.fixture(scope="module")
def judged():
    return judgements()


def test_every_finding_is_judged_once_in_the_words_there_are(judged):
    names = Counter(one.found for one in judged if one.found != "-")
    assert len(names) == FOUND
    assert names.most_common(1)[0][1] == 1
    assert [one for one in judged if one.decision not in DECISIONS] == []
    assert {one.match for one in judged} == {*MATCHES, "new"}
    assert [one.found for one in judged if not (one.figure and one.reason and one.bears_on)] == []
    assert [one.found for one in judged if one.decision != "kept" and not ADDRESS.search(one.address)] == []


def test_findings_bear_on_rows_that_there_are(judged):
    known = {*load_tables().parameters, "-"}
    known |= {f"target:{row['target']}" for row in target_rows()}
    known |= {f"capacity:{row['target']}" for row in capacity_targets()}
    known |= {f"england:{row.total}" for row in national_totals()}
    known |= {f"national:{measure}" for measure in FILES}
    assert {name for one in judged for name in one.bears_on} <= known


def test_a_number_is_page_where_it_was_decided_and_nowhere_else(judged):
    parameters = load_tables().parameters
    read = {name for one in judged if one.decision in READ for name in one.bears_on if name in parameters}
    assert {name for name, p in parameters.items() if not p.assumed} == read


def test_only_direct_and_near_findings_make_a_number_page(judged):
    assert {one.match for one in judged if one.decision in READ} == {"direct", "near"}


def test_targets_that_were_decided_are_page(judged):
    tag = {f"target:{row['target']}": row["tag"] for row in target_rows()}
    read = {
        name
        for one in judged
        if one.decision in READ and len(one.bears_on) == 1
        for name in one.bears_on
        if name in tag
    }
    assert len(read) > 10
    assert {name: tag[name] for name in read if tag[name] != "PAGE"} == {}


def test_findings_of_one_number_agree_how_close_they_come(judged):
    found = {}
    for one in judged:
        for name in one.bears_on:
            if name in load_tables().parameters:
                found.setdefault(name, set()).add(one.match)
    assert {name: match for name, match in found.items() if len(match) > 1} == {}
    assert matches() == matches() | {name: next(iter(match)) for name, match in found.items()}


def test_a_page_number_lies_in_its_range_with_room_for_doubt():
    """But for what is known by definition or counted, its ends are not both the value."""
    rows = [p for p in load_tables().parameters.values() if p.tag == "PAGE"]
    assert [p.qualified for p in rows if p.low == p.high] == []
