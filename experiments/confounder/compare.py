"""Plant a hidden confounder in the records of a world without effects; compare the bias with the formula.

``uv run python experiments/confounder/compare.py`` rewrites result.json and the table of the README (a minute).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from icpsim.evaluation.evaluate import matched_rows
from icpsim.evaluation.types import design_of
from icpsim.model.integrated_care import IntegratedCareModel
from icpsim.questions.hidden_confounder.bias import Confounder

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from experiments.confounder.planted_trait import planted_bias  # noqa: E402

TRAITS = [
    Confounder(controls + gap, controls, ratio)
    for controls in (0.1, 0.3)
    for gap in (0.1, 0.3)
    for ratio in (1.5, 2.0, 4.0)
]
COUNT = 300
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)


def main() -> None:
    """Simulate one null world, plant every trait, write what came out."""
    model = IntegratedCareModel("null-random", seed=5)
    model.run()
    design = design_of(model.icp_scenario)
    rows, study = matched_rows(model.records(), design, model.parameters.prices)
    found = [planted_bias(rows, study, design.window_weeks, trait, COUNT, key=k) for k, trait in enumerate(TRAITS)]
    result = [
        {
            "cases": round(one.confounder.cases, 3),
            "controls": one.confounder.controls,
            "rate_ratio": one.confounder.rate_ratio,
            "formula": round(one.formula, 5),
            "simulated": round(one.simulated, 5),
            "error": round(one.error, 5),
        }
        for one in found
    ]
    (HERE / "result.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    lines = [
        "| cases | controls | rate ratio | formula | simulated (SE) | SEs apart |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {r['cases']:.0%} | {r['controls']:.0%} | {r['rate_ratio']:g} | {r['formula']:+.4f} |"
        f" {r['simulated']:+.4f} ({r['error']:.4f}) | {(r['simulated'] - r['formula']) / r['error']:+.1f} |"
        for r in result
    ]
    page = HERE / "README.md"
    table = "\n".join(["<!-- result -->", "", *lines, "", "<!-- end -->"])
    page.write_text(MARK.sub(table, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
