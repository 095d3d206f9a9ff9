"""Bytecode goes to the cache folder only where it is needed and nobody said otherwise."""

import os
import sys
from pathlib import Path

import pytest

from icpsim.cli import bytecode


@pytest.fixture
def read_only(monkeypatch, tmp_path):
    """Pretend that the package lies in a folder without bytecode that takes none."""
    monkeypatch.setattr(bytecode, "cache_from_source", lambda _: str(tmp_path / "none.pyc"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    return tmp_path


def test_a_read_only_install_keeps_bytecode_in_the_cache_folder(read_only, monkeypatch):
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "put back when the test ends")
    bytecode.keep_bytecode()
    place = str(read_only / "cache" / "icpsim" / "bytecode")
    assert sys.pycache_prefix == place == os.environ["PYTHONPYCACHEPREFIX"]


def test_bytecode_beside_the_sources_is_used(read_only):
    (read_only / "none.pyc").touch()
    bytecode.keep_bytecode()
    assert sys.pycache_prefix is None


def test_a_folder_that_can_be_written_is_left_to_python(read_only, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: True)
    bytecode.keep_bytecode()
    assert sys.pycache_prefix is None


@pytest.mark.parametrize(("name", "value"), [("dont_write_bytecode", True), ("pycache_prefix", "elsewhere")])
def test_what_the_user_chose_stays(read_only, monkeypatch, name, value):
    monkeypatch.setattr(sys, name, value)
    before = sys.pycache_prefix
    bytecode.keep_bytecode()
    assert sys.pycache_prefix == before
    assert "PYTHONPYCACHEPREFIX" not in os.environ


def test_the_cache_folder_follows_the_environment(monkeypatch, tmp_path):
    from icpsim import cache_folder

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "icpsim"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "icpsim"
