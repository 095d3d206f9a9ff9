"""What goes wrong in an evaluation."""


class EvaluationError(ValueError):
    """The records or the design cannot support the analysis that was asked for."""
