"""What can be wrong with the input of a calibration."""

from __future__ import annotations

from icpsim.base.errors import WrongInputError


class CalibrationError(WrongInputError):
    """A calibration's files or options are wrong; the message names file, line and field."""
