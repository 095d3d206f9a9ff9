"""Where Python keeps the bytecode of what the command line imports."""

from __future__ import annotations

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

from icpsim import cache_folder


def keep_bytecode() -> None:
    """Keep bytecode in the cache folder, like compiled rules, where the install folder has none and takes none.

    It halves the second start. What the user told Python about bytecode stays as it is; worker processes learn
    the folder from the environment.
    """
    chosen = sys.dont_write_bytecode or sys.pycache_prefix is not None
    if chosen or Path(cache_from_source(__file__)).exists() or os.access(Path(__file__).parent, os.W_OK):
        return
    sys.pycache_prefix = str(cache_folder() / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
