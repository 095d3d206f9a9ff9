"""Every option is written once, whatever number of commands has it."""

import ast
from collections import Counter
from pathlib import Path

from icpsim.cli import options

FOLDER = Path(options.__file__).parent


def test_no_help_text_of_an_option_stands_twice():
    texts = Counter(
        word.value.value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("typer.Option", "typer.Argument")
        for word in node.keywords
        if word.arg == "help" and isinstance(word.value, ast.Constant)
    )
    assert len(texts) > 50
    assert [text for text, count in texts.items() if count > 1] == []
