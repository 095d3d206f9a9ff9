"""The pictures of the calibration: seven slides, PNG, 1920 x 1080 px."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icpsim.inference.posterior import ShippedDraws
from icpsim.questions.calibration import show_checks, show_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Report = Mapping[str, Any]
INCHES, DPI = (12.8, 7.2), 150


def pictures() -> dict[str, Callable[[Figure, Report, ShippedDraws], str]]:
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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, draw in pictures().items():
        figure = Figure(figsize=INCHES, dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        title = draw(figure, told, draws)
        figure.suptitle(title, fontsize=18, fontweight="bold", x=0.01, ha="left")
        counts = told["simulations"]
        figure.supxlabel(
            f"{counts['learnt']} simulated evaluations; {told['ess']:.0f} effective draws; seed {told['seed']};"
            f" icpsim {told['version']}",
            fontsize=11,
            color="#555555",
            x=0.01,
            ha="left",
        )
        path = folder / f"calibration-{name}.png"
        figure.savefig(path, metadata={"Software": None})
        written.append(path)
    return written
