"""What docs/adding.md adds works in a copy of the package: a scenario uses all of it, and nothing else changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"<!-- adds (?:(?P<what>line|rows|outcome): )?(?P<path>\S+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL
)
ASK = "import sys; sys.argv[0] = 'icpsim'; from icpsim.cli.main import run; run()"
SMALL = ("--workers", "1", "--replicates", "1", "--json")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "simulations*.parquet")
pytestmark = pytest.mark.slow


def added(folder):
    """Add what the page says to the copy in ``folder``; return how often each kind of addition was made."""
    made = {}
    for block in BLOCK.finditer(PAGE):
        path, text, what = folder / block["path"], block["text"], block["what"]
        made[what] = made.get(what, 0) + 1
        if what is None:
            assert not path.exists()
            path.write_text(text, encoding="utf-8")
            continue
        before = path.read_text(encoding="utf-8")
        if what == "rows":
            after = before + text
        elif what == "line":
            after = before.replace("# isort: on\n", text + "# isort: on\n")
        else:
            after = before.replace(")  # fmt: skip", text + ")  # fmt: skip")
        assert len(after.splitlines()) == len(before.splitlines()) + len(text.splitlines())
        path.write_text(after, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Make a copy of package, scenarios and calibration in which everything of the page is added."""
    folder = tmp_path_factory.mktemp("adding")
    for name in ("icpsim", "scenarios", "calibration"):
        shutil.copytree(ROOT / name, folder / name, ignore=NOT_COPIED)
    assert added(folder) == {None: 3, "line": 3, "rows": 2, "outcome": 1}
    return folder


def asked(copy, *arguments):
    """Return what the copy's command prints."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def scenario(copy):
    """Write a scenario that uses the policy, the service and the design."""
    text = (copy / "scenarios" / "small.yaml").read_text(encoding="utf-8")
    service = "      - {kind: home_visits, hours_per_week: 200, hours_per_patient_month: 1.0}\n"
    text, services = re.subn(r"(    interventions:\n)", rf"\1{service}", text)
    text, policies = re.subn(r"policy: gp_nomination", "policy: many_visits", text)
    assert (services, policies) == (1, 1)
    path = copy / "added.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_schema_knows_all_three(copy):
    schema = json.loads(asked(copy, "schema"))["$defs"]
    assert schema["ManyVisits"]["properties"]["at_least"]["maximum"] == 50
    assert "home_visits" in schema["Service"]["properties"]["kind"]["enum"]
    assert "year_before" in schema["EvaluationPart"]["properties"]["designs"]["items"]["enum"]


def test_the_service_is_paid_for_by_the_hour(copy, scenario):
    """Its hours cost what the row says: at no price nothing, at twice the price twice as much."""
    nothing, once, twice = (cost(copy, scenario, price) for price in (0, 50, 100))
    assert once - nothing > 1000.0
    assert twice - nothing == pytest.approx(2 * (once - nothing), rel=1e-6)


def cost(copy, scenario, price):
    """Return what the programme costs the whole system a year at this price of an hour, pounds."""
    price = ("--set", f"programme_costs.home_visits_hour={price}")
    told = json.loads(asked(copy, "compare", scenario, *price, "--no-draws", "--no-evaluate", *SMALL))
    (money,) = told["money"]
    return money["programme"]["estimate"]


def test_policy_design_and_outcome_are_in_the_answer(copy, scenario):
    told = json.loads(
        asked(copy, "run", scenario, "--set", "evaluation.designs=[year_before]", "--no-draws", *SMALL)
    )
    outcomes = {row["outcome"]: row for row in told["outcomes"]}
    assert outcomes["long_stays"]["true"] is not None
    assert "year_before" in {row["design"] for row in told["designs"]}
    shown = asked(copy, "run", scenario, "--replicates", "1", "--workers", "1", "--no-draws")
    assert "stays of three weeks or more" in shown
