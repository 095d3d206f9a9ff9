"""What can be wrong with what is priced and decided."""

from __future__ import annotations

from icpsim.base.errors import WrongInputError


class EconomicsError(WrongInputError):
    """An activity, a delivered service or an economic parameter is impossible; the message names it."""


class DecisionAnalysisError(WrongInputError):
    """Costs, effects, thresholds or options of a decision are wrong; the message says what to change."""
