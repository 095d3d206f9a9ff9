"""The documentation is true: its examples run, its generated parts are current, its links lead somewhere."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"(?:<!-- (?P<mark>[^>]+?) -->\n)?```(?P<language>sh|python)\n(?P<code>.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
ELSEWHERE = "run by .ci/run"
"""Mark of examples that install the project or run the tests themselves: .ci/run does both."""
ADDS = "adds "
"""Begins the mark of what is added to a copy of the package, in tests/docs/test_adding.py."""
BELOW = "printed below"
"""Mark of commands whose answer stands below them: the test that renews the answer runs them."""
OUTPUT = "<!-- generate: output -->"
BEGINNINGS = {"baseline": ["baseline"], "capacity": ["baseline", "--capacity"], "traced": ["trace"]}
"""What a generator puts before its arguments to make the command."""


@dataclass(frozen=True)
class Example:
    """One fenced block of a page, and the mark above it."""

    page: str
    line: int
    language: str
    code: str
    mark: str
    after: str

    @property
    def run_below(self) -> bool:
        """Whether the test that renews what is printed below it runs it; then it is not run here as well."""
        return self.mark == BELOW or (self.mark == "slow" and self.after.startswith(OUTPUT))

    @property
    def name(self) -> str:
        """Say where the example stands."""
        return f"{self.page}:{self.line}"


def examples() -> Iterator[Example]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            line = text.count("\n", 0, found.start("code")) + 1
            mark = found["mark"] or ""
            after = text[found.end() :].lstrip()
            yield Example(page.name, line, found["language"], found["code"], mark, after)


def parameters() -> list[object]:
    return [
        pytest.param(e, id=e.name, marks=[pytest.mark.slow] if e.mark == "slow" else [])
        for e in examples()
        if e.mark != ELSEWHERE and not e.run_below and not e.mark.startswith(ADDS)
    ]


def generator() -> ModuleType:
    spec = spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("example", parameters())
def test_example_runs(example: Example, tmp_path: Path) -> None:
    """Run as a reader in a checkout would, but in a folder of its own so that nothing is left behind."""
    for name in ("scenarios", "calibration", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    bin_folder = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "MPLBACKEND": "agg"}
    if example.language == "sh":
        call = ["bash", "-euo", "pipefail", "-c", example.code.replace("uv run ", "")]
    else:
        call = [sys.executable, "-c", example.code]
    done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{example.name}\n{done.stdout}\n{done.stderr}"


def test_every_mark_is_known() -> None:
    assert {e.mark for e in examples() if not e.mark.startswith(ADDS)} <= {"", "slow", ELSEWHERE, BELOW}


@pytest.mark.parametrize("example", [e for e in examples() if e.mark == BELOW], ids=lambda e: e.name)
def test_what_is_printed_below_a_command_is_its_answer(example: Example) -> None:
    """The next generated part after it is of the same words, but for where files are put."""
    found = re.search(r"<!-- generate: (.+?) -->", example.after)
    assert found is not None
    name, *arguments = found[1].split()
    assert name in generator().SLOW
    words = [word for word in shlex.split(example.code) if word != "\n"]
    assert words[:3] == ["uv", "run", "icpsim"]
    if "--out" in words:
        at = words.index("--out")
        del words[at : at + 2]
    assert words[3:] == [*BEGINNINGS.get(name, []), *arguments]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_parts_are_current(page: Path) -> None:
    """To renew them: ``uv run python docs/generate.py --write``."""
    text = page.read_text(encoding="utf-8")
    assert generator().regenerate(text, slow=False) == text


NUMBER = re.compile(r"[-+]?£?[-+]?\d[\d,]*\.?\d*(?:e[-+]?\d+)?")
PICTURE = re.compile(r"[├┤■●◆]")


def value(number: str) -> float:
    return float(number.replace("£", "").replace(",", ""))


def differing(fresh: str, written: str) -> list[str]:
    """Lines that differ by more than another processor's rounding can make (a near tie in matching)."""
    ours, theirs = fresh.splitlines(), written.splitlines()
    if len(ours) != len(theirs):
        return [f"{len(ours)} lines against {len(theirs)}"]
    found = []
    for a, b in zip(ours, theirs, strict=True):
        if a == b or (PICTURE.search(a) and PICTURE.search(b)):
            continue
        numbers = [(value(x), value(y)) for x, y in zip(NUMBER.findall(a), NUMBER.findall(b), strict=False)]
        same_words = NUMBER.sub("#", a).split() == NUMBER.sub("#", b).split()
        near = all(abs(x - y) <= max(1.0, 0.05 * abs(y)) for x, y in numbers)
        if not (same_words and near):
            found.append(f"{a!r} against {b!r}")
    return found


def test_differing_sees_other_words_and_other_numbers() -> None:
    assert differing("cost -£64 (-£211 to +£82)", "cost -£64 (-£211 to +£82)") == []
    assert differing("cost -£64.1", "cost -£64.4") == []
    assert differing("cost -£64", "cost -£94") != []
    assert differing("cost -£64", "price -£64") != []


def studied() -> list[object]:
    """Return pages that only simulating renews in part; README's study is of ``tests/whole/test_reach.py``."""
    slow = generator().SLOW
    return [
        pytest.param(page, id=page.name)
        for page in PAGES
        if any(name in slow for name in re.findall(r"<!-- generate: (\w+)", page.read_text(encoding="utf-8")))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("page", studied())
def test_studies_in_the_documentation_are_current(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_studies: Path
) -> None:
    """To renew them: ``uv run python docs/generate.py --write --slow``. They make every picture shown."""
    generate = generator()
    monkeypatch.setattr(generate, "PICTURES", tmp_path)
    monkeypatch.setattr(generate, "WORK", kept_studies)
    text = page.read_text(encoding="utf-8")
    assert differing(generate.regenerate(text, slow=True, only=generate.SLOW), text) == []
    pictures = (Path(target).name for target in LINK.findall(text) if target.endswith(".png"))
    here = {path.name for path in (ROOT / "docs").glob("*.png")}
    assert {path.name for path in tmp_path.iterdir()} == here & set(pictures)


def test_every_picture_of_the_documentation_is_shown() -> None:
    linked = {Path(target).name for page in PAGES for target in LINK.findall(page.read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "docs").glob("*.png")} <= linked


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in targets if not (page.parent / link).exists()] == []
