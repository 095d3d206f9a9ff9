"""A trace as one JSON object with plain names."""

from __future__ import annotations

from dataclasses import asdict
from importlib import metadata
from typing import Any

from icpsim.questions.trace.answer import Trace
from icpsim.questions.trace.compare import Line, totals
from icpsim.questions.trace.life import Life
from icpsim.questions.trace.observed_model import Choice
from icpsim.questions.trace.reasons import Decision
from icpsim.questions.trace.states import STATES, in_state


def as_object(trace: Trace, weeks: tuple[int, int] | None = None) -> dict[str, Any]:
    """Return the trace; events and weeks only from ``weeks[0]`` to ``weeks[1]``, if given."""
    first, last = weeks or (0, trace.scenario.study.weeks)
    lines = [line for line in trace.lines if first <= line.event.week <= last]
    window, zero = trace.scenario.evaluation.window_weeks, trace.zero_week
    who = asdict(trace.who)
    who["conditions"] = [{"condition": name, "found_in_week": week} for name, week in trace.who.conditions]
    who["frailty"] = {"at_week_0": trace.who.frailty[0], "at_the_end": trace.who.frailty[1]}
    enrolment = trace.enrolment
    return {
        "scenario": trace.scenario.scenario,
        "version": metadata.version("icpsim"),
        "seed": trace.seed,
        "replicate": trace.replicate,
        "person": who,
        "enrolment": None if enrolment is None else _choice(enrolment),
        "considered": [_choice(choice) for choice in trace.considered],
        "zero_week": zero,
        "events": [_event(line, zero) for line in lines],
        "totals": {
            "before": totals(trace.lines, (zero - window, zero)),
            "after": totals(trace.lines, (zero, zero + window)),
            "study": totals(trace.lines, (0, trace.scenario.study.weeks)),
        },
        "weeks": {
            "with": _weeks(trace.with_programme, first, last),
            "without": _weeks(trace.without, first, last),
        },
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {name: value for name, value in asdict(choice).items() if name != "person"}


def _event(line: Line, zero: int) -> dict[str, Any]:
    event = line.event
    return {
        "week": event.week,
        "weeks_from_zero": event.week - zero,
        "kind": event.kind,
        "what": event.text,
        "world": line.world,
        "avoided": event.stopped,
        "details": dict(event.details),
        "decisions": [_decision(step) for step in event.decisions],
        "follows": [_decision(step) for step in event.follows],
        "not_in_the_other_world": line.elsewhere or None,
        "decision_in_the_other_world": None if line.twin is None else _decision(line.twin),
    }


def _decision(step: Decision) -> dict[str, Any]:
    return {
        "decision": step.name,
        "draw": step.draw,
        "against": step.against.replace(" ", "_"),
        "value": step.value,
        "draw_is_below": step.below,
        "goes_on": step.passed,
        "because": list(step.because),
    }


def _weeks(life: Life, first: int, last: int) -> list[dict[str, Any]]:
    return [
        {
            "week": lived.week,
            "emergency_chance": float(lived.standing["emergency"]),
            "in_hospital": lived.in_hospital,
            "dose": float(lived.now["dose"]) if life.effects else 0.0,
            "programme_strength": float(lived.standing["strength"]),
            "states": [state for state in STATES if in_state(lived, state)],
        }
        for lived in life.weeks
        if first <= lived.week <= last and lived.week < lived.now["death_week"]
    ]
