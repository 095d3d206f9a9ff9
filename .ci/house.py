"""Print the size and the shape of the package: lines, modules, rooms, circles and contracts.

uv run python .ci/house.py
"""

import tomllib
from pathlib import Path

import grimp
import networkx

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "icpsim"


def lines() -> dict[str, int]:
    """Return the lines of each module by its path in the package."""
    modules = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in modules}


def at_the_root() -> list[str]:
    """Return the modules that stand in no room."""
    return [path.name for path in sorted(PACKAGE.glob("*.py")) if path.name != "__init__.py"]


def imports() -> networkx.DiGraph:
    """Return which module imports which, those for types alone too."""
    graph = grimp.build_graph("icpsim", exclude_type_checking_imports=False, cache_dir=None)
    found = networkx.DiGraph()
    for module in graph.modules:
        found.add_edges_from((module, other) for other in graph.find_modules_directly_imported_by(module))
    return found


def circles(of: networkx.DiGraph) -> list[list[str]]:
    """Return the groups of nodes that lead back to each other."""
    return sorted(sorted(group) for group in networkx.strongly_connected_components(of) if len(group) > 1)


def rooms(of: networkx.DiGraph) -> networkx.DiGraph:
    """Return which room imports which."""
    found = networkx.DiGraph()
    for module, other in of.edges:
        here, there = (name.split(".")[1] if "." in name else "" for name in (module, other))
        if here and there and here != there:
            found.add_edge(here, there)
    return found


def contracts() -> list[dict]:
    """Return the contracts that hold the rooms apart."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def main() -> None:
    """Print a line for each."""
    found, graph = lines(), imports()
    print(f"{'lines of icpsim/':32}{sum(found.values()):8,}")
    print(f"{'modules':32}{len(found):8,}")
    print(f"{'modules over 200 lines':32}{sum(n > 200 for n in found.values()):8,}")
    print(f"{'modules over 400 lines':32}{sum(n > 400 for n in found.values()):8,}")
    print(f"{'modules at the root':32}{len(at_the_root()):8,}")
    print(f"{'rooms':32}{len(rooms(graph)):8,}")
    print(f"{'circles of modules':32}{len(circles(graph)):8,}")
    print(f"{'circles of rooms':32}{len(circles(rooms(graph))):8,}")
    print(f"{'import contracts':32}{len(contracts()):8,}")


if __name__ == "__main__":
    main()
