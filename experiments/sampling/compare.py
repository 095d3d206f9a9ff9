"""Does it matter who is sampled? Estimates with part of the pool set beside those with the whole of it.

``uv run python experiments/sampling/compare.py --rows FILE [--replicates N] [--seed S] [--write]``. Nobody is
treated (effects off), and every policy enrols from the same people. Each replicate is lived twice, with the whole
pool of possible controls and with a thinned one; each is evaluated with all, a fifth and a twentieth of the people
without a recent record, with five controls and with one. Rows go to FILE as they are done, and a run goes on where
one stopped.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from icpsim.evaluation.evaluate import evaluate
from icpsim.evaluation.types import EvaluationDesign, design_of
from icpsim.model.shared_past import History
from icpsim.records.schema import HospitalRecords
from icpsim.scenario.schema import Scenario, load

HERE = Path(__file__).parent
MARK = re.compile(r"<!-- result -->.*<!-- end -->", re.DOTALL)
POLICIES = {
    "chance, within strata": '{"policy": "random_within_strata"}',
    "chance": '{"policy": "random"}',
    "over 75": '{"policy": "age_band", "from_age": 75}',
    "care homes": '{"policy": "care_home"}',
    "risk score": '{"policy": "risk_score"}',
}
SHOWN = ("emergency_admissions", "elective_admissions", "outpatient_attendances", "ae_attendances")
SHARES = (1.0, 0.2, 0.05)
CONTROLS = (5, 1)


def scenario_of(policy: str, thinned: bool) -> Scenario:
    """Return the small site of ``null-random`` with another policy, with a thinned pool or the whole."""
    settings = f"programmes.0.targeting={POLICIES[policy]}", f"population.thin_pool={str(thinned).lower()}"
    return load("null-random", settings)


def designs(scenario: Scenario, thinned: bool) -> Iterator[tuple[str, EvaluationDesign]]:
    """Yield each way of sampling by name; a thinned pool is not screened down to a twentieth as well."""
    for controls in CONTROLS:
        for share in SHARES[:2] if thinned else SHARES:
            design = dataclasses.replace(
                design_of(scenario), screen_share=share, controls_per_case=controls, caliper=1.0
            )
            yield f"{'thinned' if thinned else 'whole'} {share:g} {controls}:1", design


def figures(records: HospitalRecords, design: EvaluationDesign, history: History) -> dict[str, list[float]]:
    """Return each outcome's estimate, its error, and four means: cases before, after, controls before, after."""
    found = evaluate(records, design, history.prices)
    return {
        e.outcome: [e.estimate, e.se, e.before_cases, e.after_cases, e.before_controls, e.after_controls]
        for e in found.effects
    }


def replicate(seed: int, number: int, policies: list[str]) -> Iterator[dict[str, Any]]:
    """Live one replicate with and without thinning; yield a row for each policy and way of sampling."""
    for thinned in (False, True):
        history = History(scenario_of(policies[0], thinned), seed, number)
        for policy in policies:
            scenario = scenario_of(policy, thinned)
            model = history.branch(scenario)
            model.run()
            records = model.records()
            for name, design in designs(scenario, thinned):
                found = figures(records, design, history)
                yield {"seed": seed, "replicate": number, "policy": policy, "sample": name, "found": found}
            model.close()
        history.close()


def differences(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, int, float, float]]:
    """Return policy, sample, outcome, pairs, mean difference from the whole pool unscreened, and its error."""
    by_key = {(r["policy"], r["sample"], r["seed"], r["replicate"]): r["found"] for r in rows}
    samples = [s for s in dict.fromkeys(r["sample"] for r in rows) if not s.startswith("whole 1 ")]
    table = []
    for policy in dict.fromkeys(r["policy"] for r in rows):
        for sample in samples:
            whole = f"whole 1 {sample.split()[-1]}"
            pairs = [
                (found, by_key[policy, whole, seed, number])
                for (p, s, seed, number), found in by_key.items()
                if (p, s) == (policy, sample) and (policy, whole, seed, number) in by_key
            ]
            for outcome in pairs[0][0] if pairs else ():
                gaps = np.array([a[outcome][0] - b[outcome][0] for a, b in pairs])
                gaps = gaps[np.isfinite(gaps)]
                table.append(
                    (policy, sample, outcome, gaps.size, gaps.mean(), gaps.std(ddof=1) / np.sqrt(gaps.size))
                )
    return table


def table(rows: list[dict[str, Any]]) -> list[str]:
    """Return the comparison as Markdown: for each policy and sample four outcomes, and the furthest of all."""
    found: dict[tuple[str, str], dict[str, tuple[int, float, float]]] = {}
    for policy, sample, outcome, pairs, mean, se in differences(rows):
        found.setdefault((policy, sample), {})[outcome] = pairs, mean, se
    heads = [
        "policy",
        "sample",
        "pairs",
        *(name.replace("_", " ") for name in SHOWN),
        "furthest, errors from nothing",
    ]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    far, near = 0, 0
    for (policy, sample), by_outcome in found.items():
        z = {name: mean / se for name, (_, mean, se) in by_outcome.items() if se > 0}
        far, near = far + sum(abs(one) > 2 for one in z.values()), near + sum(abs(one) <= 2 for one in z.values())
        worst = max(z, key=lambda name: abs(z[name]))
        cells = [f"{mean:+.3f} ({se:.3f})" for _, mean, se in (by_outcome[name] for name in SHOWN)]
        pairs = max(n for n, _, _ in by_outcome.values())
        told = f"{worst.replace('_', ' ')} {z[worst]:+.1f}"
        lines.append(f"| {' | '.join([policy, sample, str(pairs), *cells, told])} |")
    share = far / (far + near)
    return [
        *lines,
        "",
        f"{far} of {far + near} differences ({share:.1%}) lie further than two errors from nothing.",
    ]


def main() -> None:
    """Run the replicates that are missing, print the comparison, and write it into the README if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policies", nargs="*", default=list(POLICIES))
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.rows.read_text().splitlines()] if options.rows.exists() else []
    done = {(r["seed"], r["replicate"]) for r in rows}
    for number in range(options.first, options.first + options.replicates):
        if (options.seed, number) in done:
            continue
        new = list(replicate(options.seed, number, options.policies))
        with options.rows.open("a") as out:
            out.write("".join(json.dumps(row) + "\n" for row in new))
        rows += new
    lines = table(rows)
    text = "\n".join(lines)
    print(text)
    if options.write:
        page = HERE / "README.md"
        new_block = f"<!-- result -->\n{text}\n<!-- end -->"
        page.write_text(MARK.sub(lambda _: new_block, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
