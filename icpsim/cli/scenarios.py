"""``icpsim scenarios``."""

from __future__ import annotations

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows


@answered
def list_scenarios(as_json: options.Json = False) -> None:
    """List the scenarios that come with icpsim."""
    from icpsim.scenario.schema import load, scenario_names

    rows = [
        {
            "scenario": scenario.scenario,
            "title": scenario.title,
            "sites": sum(len(p.sites) for p in scenario.programmes),
            "practices": sum(p.practices for p in scenario.programmes),
            "cases": sum(p.enrolment_total for p in scenario.programmes),
            "observed": scenario.observed or "none",
            "description": scenario.description.strip(),
        }
        for scenario in map(load, scenario_names())
    ]
    if as_json:
        print_json({"scenarios": rows})
        return
    for row in rows:
        row["description"] = str(row["description"]).split(": ")[0].split(". ")[0].removesuffix(".") + "."
    columns = ("scenario", "title", "sites", "practices", "cases", "description")
    print_rows("Scenarios (icpsim run NAME)", rows, {c: c for c in columns}, whole=columns[:1])
