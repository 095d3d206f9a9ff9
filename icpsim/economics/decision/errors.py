"""What is raised when a decision cannot be analysed as asked."""

from __future__ import annotations


class DecisionAnalysisError(ValueError):
    """Costs, effects, thresholds or options of a decision are wrong; the message says what to change."""
