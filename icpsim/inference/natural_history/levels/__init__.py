"""The natural history without any programme, measured and set beside the evidence."""

from icpsim.inference.natural_history.levels.measure import BaselineResult, BaselineRow, measure_baseline

__all__ = ["BaselineResult", "BaselineRow", "measure_baseline"]
