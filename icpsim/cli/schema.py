"""``icpsim schema``."""

from __future__ import annotations

from icpsim.cli.answers import answered
from icpsim.cli.printing import print_json


@answered
def print_schema() -> None:
    """Print the JSON Schema of scenario files."""
    from icpsim.scenario.schema import json_schema

    print_json(json_schema())
