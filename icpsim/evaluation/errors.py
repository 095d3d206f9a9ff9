"""What goes wrong in an evaluation."""

from icpsim.base.errors import WrongInputError


class EvaluationError(WrongInputError):
    """The records or the design cannot support the analysis that was asked for."""
