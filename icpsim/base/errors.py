"""The two kinds of error that people can do something about; the command line tells each kind in one way."""

from __future__ import annotations


class WrongInputError(ValueError):
    """What was given or asked for cannot be used; the message says what to change. Commands end with 2."""


class FailedError(RuntimeError):
    """The input is in order, yet the work cannot be done; the message says why. Commands end with 1."""
