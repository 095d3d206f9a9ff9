"""What is raised when arms cannot be compared as asked."""

from __future__ import annotations


class ComparisonError(ValueError):
    """A comparison cannot be made as asked; the message says what to change."""
