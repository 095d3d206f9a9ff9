"""``icpsim plan``."""

from __future__ import annotations

from icpsim.cli import options
from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json, print_rows


@answered
def print_plan(as_json: options.Json = False) -> None:
    """Print what happens in a simulated week, in order."""
    from icpsim.model.weekly_plan import PLAN

    columns = ("order", "name", "what", "where")
    rows = [{column: getattr(step, column) for column in columns} for step in PLAN]
    if as_json:
        print_json({"plan": rows})
    else:
        print_rows("The week, in order", rows, {column: column for column in columns})
