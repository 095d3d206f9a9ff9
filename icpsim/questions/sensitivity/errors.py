"""What can be wrong with a sensitivity analysis that is asked for."""

from __future__ import annotations


class SensitivityError(ValueError):
    """What is to be varied, the method or the sample cannot be used, or an evaluation gave no number."""
