"""icpsim: an agent-based simulation of England's Integrated Care Pilots (2009-11)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from icpsim.base.compiled import cache_folder, set_cache_folder

__version__ = "0.1.0"

set_cache_folder()

_PUBLIC = {
    "IntegratedCareModel": "icpsim.model.integrated_care",
    "evaluate": "icpsim.evaluation.evaluate",
    "load": "icpsim.scenario.schema",
    "load_parameters": "icpsim.model.parameters",
    "measure_baseline": "icpsim.inference.natural_history.levels",
    "run_study": "icpsim.questions.run.study",
    "simulate": "icpsim.questions.simulate",
}

__all__ = ["__version__", "cache_folder", *_PUBLIC]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that ``import icpsim`` stays quick."""
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'icpsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
