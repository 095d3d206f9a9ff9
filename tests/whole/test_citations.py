"""What tables, pages and code name as a source can be opened: files, sections and rows of the repository."""

import ast
import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("benchmarks", "calibration", "docs", "experiments", "icpsim", "scenarios", "tests")
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(#[^)\s]+)?\)")
ADDRESS = re.compile(
    r"https?://\S+|github \S+/\S+ @[0-9a-f]{40} [^;]+|github\.com/\S+ commit [0-9a-f]{40},[^\n]*?\("
)
"""An address on the web, or a file of somebody else's repository at one commit: nothing of this repository."""
NAMED = re.compile(r"(?<![\w/.*<-])((?:\.\./)*(?:[\w-]+/)*[\w.-]+\.(md|csv|txt|parquet))\b(#[\w-]+)?")
EVIDENCE = re.compile(r"\bevidence ([a-z0-9]+_[a-z0-9_]*\*?(?:(?:, | and )[a-z0-9]+_[a-z0-9_]*\*?)*)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
WRITTEN = frozenset({"report.md"})
"""Pages that commands write for their users."""

TABLES = sorted([*(ROOT / "icpsim" / "data").rglob("*.csv"), *(ROOT / "calibration").rglob("*.csv")])
PAGES = sorted([*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))])
CODE = sorted((ROOT / "icpsim").rglob("*.py"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def files() -> tuple[str, ...]:
    """Return every file that a source may name, from the repository's root, with a slash before it."""
    held = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")]
    return tuple(f"/{name_of(path)}" for path in [*ROOT.glob("*.*"), *held])


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    found: list[str] = []
    for heading in re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "]", heading).lower()).strip().replace(" ", "-")
        again = sum(re.fullmatch(rf"{re.escape(plain)}(-\d+)?", one) is not None for one in found)
        found.append(f"{plain}-{again}" if again else plain)
    return frozenset(found)


def unknown_files(text: str, prose: bool = False) -> list[str]:
    """Return the files and sections that a text names and the repository does not hold.

    A table names them from the repository's root. Pages and code (``prose``) may name them from nearer by, and
    also name what commands write: of them only pages and what lies in two folders count.
    """
    lost = []
    for name, ending, anchor in NAMED.findall(ADDRESS.sub("", text)):
        if prose and (name in WRITTEN or (ending != "md" and not name.startswith(("calibration/", "docs/")))):
            continue
        end = "/" + re.sub(r"^(\.\./)+", "", name)
        held = [file for file in files() if file == f"/{name}" or (prose and file.endswith(end))]
        if not held or (anchor and not any(anchor[1:] in anchors(ROOT / file[1:]) for file in held)):
            lost.append(name + anchor)
    return lost


def unknown_evidence(text: str) -> list[str]:
    """Return the rows of evidence that a text names and no table of targets holds."""
    names = [name for found in EVIDENCE.findall(text) for name in re.split(r", | and ", found)]
    held = evidence_rows()
    return [n for n in names if not any(row == n or (n[-1] == "*" and row.startswith(n[:-1])) for row in held)]


@cache
def evidence_rows() -> frozenset[str]:
    rows = (row.get("evidence") for path in TABLES for row in cells_by_column(path))
    return frozenset(row for row in rows if row)


def cells_by_column(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def docstrings(path: Path) -> Iterator[str]:
    """Yield what a module says of itself: docstrings of all kinds, and strings that stand alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        said = node.value if isinstance(node, ast.Expr) else None
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield said.value


def unknown(texts: Iterable[str], prose: bool = False) -> list[str]:
    told = list(texts)
    return [lost for text in told for lost in [*unknown_files(text, prose), *unknown_evidence(text)]]


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_what_a_table_names_is_in_the_repository(table: Path) -> None:
    cells = (cell for row in cells_by_column(table) for cell in row.values() if cell)
    assert unknown(cells) == []


@pytest.mark.parametrize("page", [*PAGES, *SCENARIOS], ids=name_of)
def test_what_a_page_or_scenario_names_is_in_the_repository(page: Path) -> None:
    assert unknown([page.read_text(encoding="utf-8")], prose=True) == []


def test_what_docstrings_name_is_in_the_repository() -> None:
    assert {name_of(path): lost for path in CODE if (lost := unknown(docstrings(path), prose=True))} == {}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_to_files_and_their_sections(page: Path) -> None:
    lost = []
    for target, anchor in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        to = page.parent / target if target else page
        if not to.exists() or (anchor and to.suffix == ".md" and anchor[1:] not in anchors(to)):
            lost.append(target + anchor)
    assert lost == []


@pytest.mark.parametrize(
    "text",
    [
        "trial of the design (spike.md sections 6-7)",
        "range (docs/natural-history.md#no-such-section)",
        "a summary (seed 002_d1a8349923fb9f7b.txt)",
        "../shared/design/findings.md",
        "model.md section 6",
        "HES (evidence hes_em, no_such_row)",
    ],
)
def test_what_nobody_can_open_is_found(text: str) -> None:
    assert len(unknown([text])) == 1


def test_what_can_be_opened_is_left_alone() -> None:
    known = "fitted (calibration/natural_history/fitted.csv); docs/parameters.md#tags; evidence hes_em, em_rate_*"
    elsewhere = f"a table: github owner/name @{'0a' * 20} Data of 2011/no such.csv; https://example.org/page.md"
    assert unknown([known, elsewhere]) == []
