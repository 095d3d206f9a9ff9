"""Which weeks of a person can bring anything: cheap draws that let through every contact that may happen.

A screen is a 16-bit part of one keyed draw held against a threshold a little above the contact's chance; what
it lets through then happens by a draw of its own, so that the product is exact. Looking at screens alone, many
weeks are passed over at once (the compiler does eight or more in one instruction).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from icpsim.base.compiled import rule
from icpsim.base.randomness import REGISTRY, bits

if TYPE_CHECKING:
    from icpsim.care.rule_inputs import World

WEEK_SCREEN = REGISTRY.decision("screen of a week's new contacts")
UNDER_WAY_SCREEN = REGISTRY.decision("screen of a week's care under way")
BLOCK = 16
"""Weeks looked at together; the answer does not depend on it."""

_PART = np.uint64(0xFFFF)
_SECOND, _THIRD, _FOURTH = np.uint64(16), np.uint64(32), np.uint64(48)


@rule
def week_screen(p: np.void, week: int) -> np.uint64:
    """Return the screens of A&E attendance, emergency, listing and first outpatient visit (parts 0 to 3)."""
    return bits(p.key, WEEK_SCREEN, week)


@rule
def under_way_screen(p: np.void, week: int) -> np.uint64:
    """Return the screens of a follow-up, a call from the elective list and a consultation (parts 0 to 2)."""
    return bits(p.key, UNDER_WAY_SCREEN, week)


@rule
def lets_through(week_bits: np.uint64, part: int, screen: int) -> bool:
    """Whether 16 bits (part 0 to 3) of the week's draw let a contact through."""
    return bool(((week_bits >> np.uint64(16 * part)) & _PART) < np.uint64(screen))


@rule
def is_quiet(p: np.void, week: int) -> bool:
    """Whether only screened contacts can happen to this person until the next change or enrolment."""
    return (
        p.enrolled > week
        and not p.cancer_from <= week < p.cancer_until
        and not p.repeat_from <= week < p.repeat_until
    )


@rule
def screens_of(p: np.void, r: np.void, w: World) -> tuple[np.uint64, ...]:
    """Return the seven thresholds in force: new contacts (parts 0 to 3), then care under way (parts 0 to 2)."""
    return (
        np.uint64(r.ae_screen),
        np.uint64(r.emergency_screen),
        np.uint64(0 if p.waiting else r.listing_screen),
        np.uint64(r.first_outpatient_screen),
        np.uint64(w.follow_up_screen if p.follow_ups > 0 else 0),
        np.uint64(w.called_screen if p.waiting else 0),
        np.uint64(r.consultation_screen),
    )


@rule
def weeks_let_through(key: np.uint64, week: int, s: tuple[np.uint64, ...]) -> np.uint64:
    """Return which of ``BLOCK`` weeks from this one some screen lets something through (bit 0: this one).

    Saves nothing but time: in the weeks left out ``live_week`` would do nothing.
    """
    hits = new_contacts(key, week, s)
    if s[4] | s[5] | s[6]:
        hits |= care_under_way(key, week, s)
    return hits


@rule
def new_contacts(key: np.uint64, week: int, s: tuple[np.uint64, ...]) -> np.uint64:
    """Return the weeks whose screen lets a new contact through."""
    hits = np.uint64(0)
    for j in range(BLOCK):
        b = bits(key, WEEK_SCREEN, week + j)
        hit = ((b & _PART) < s[0]) | (((b >> _SECOND) & _PART) < s[1])
        hit |= (((b >> _THIRD) & _PART) < s[2]) | ((b >> _FOURTH) < s[3])
        hits |= np.uint64(hit) << np.uint64(j)
    return hits


@rule
def care_under_way(key: np.uint64, week: int, s: tuple[np.uint64, ...]) -> np.uint64:
    """Return the weeks in which care under way may go on."""
    hits = np.uint64(0)
    for j in range(BLOCK):
        b = bits(key, UNDER_WAY_SCREEN, week + j)
        hit = ((b & _PART) < s[4]) | (((b >> _SECOND) & _PART) < s[5]) | (((b >> _THIRD) & _PART) < s[6])
        hits |= np.uint64(hit) << np.uint64(j)
    return hits
