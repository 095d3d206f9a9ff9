# The project's commands; `just` lists them. Each is one line, so they can be run without just.

_list:
    @just --list --unsorted

# Linter, formatter, type checker, import rules
check:
    uv run ruff check .
    uv run ruff format --check .
    uv run mypy
    uv run lint-imports

# Tests that take seconds
test:
    uv run pytest

# Tests that take minutes, among them every slow example of the documentation
test-slow:
    uv run pytest -m slow

# The main study: table and picture
study:
    uv run icpsim run case-management-sites

# Levels of the natural history beside the evidence
baseline:
    uv run icpsim baseline

# Rewrite the generated parts of the documentation, among them the README's table and picture (minutes)
docs:
    uv run python docs/generate.py --write --slow

# Everything CI runs
ci:
    .ci/run
