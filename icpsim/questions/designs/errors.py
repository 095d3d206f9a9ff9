"""What goes wrong when designs are tried out."""


class LaboratoryError(ValueError):
    """A design, window or scenario that cannot be tried out as asked."""
