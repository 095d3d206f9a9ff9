"""The pictures of the calibration: seven slides, PNG, 1920 x 1080 px."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.calibration import show_checks, show_panels
from icpsim.report.figure import slide

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Report = Mapping[str, Any]
Picture = Callable[["Figure", Report, ShippedDraws], str]


def pictures() -> dict[str, Picture]:
    """Return what draws each picture, by name; each returns its title."""
    return {
        "targets": show_panels.targets,
        "true-effect": show_panels.true_effect,
        "parameters": show_panels.parameters,
        "correlations": show_panels.correlations,
        "explanations": show_checks.explanations,
        "information": show_checks.information,
        "known-truth": show_checks.known_truth,
    }


def write_pictures(folder: Path, told: Report, draws: ShippedDraws) -> list[Path]:
    """Write every picture into the folder, which is made; return the files."""
    counts = told["simulations"]
    below = (
        f"{counts['learnt']} simulated evaluations; {told['ess']:.0f} effective draws; seed {told['seed']};"
        f" icpsim {told['version']}"
    )
    return [
        slide(partial(_drawn, draw, told, draws), below, folder / f"calibration-{name}.png")
        for name, draw in pictures().items()
    ]


def _drawn(draw: Picture, told: Report, draws: ShippedDraws, figure: Figure) -> str:
    return draw(figure, told, draws)
