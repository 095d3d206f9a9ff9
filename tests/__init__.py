"""What every process of the tests begins with: bytecode that is kept, and one thread for linear algebra."""

import os
import sys

from threadpoolctl import threadpool_limits

from icpsim import cache_folder


def keep_bytecode():
    """Keep bytecode in the cache folder where Python was told to keep none: each of many processes starts quicker.

    ``PYTHONDONTWRITEBYTECODE`` is set so that nothing lies beside the sources, and nothing does.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(cache_folder() / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def use_one_thread():
    """Leave cores to the other workers, as studies do: threads that wait for each other spin."""
    threadpool_limits(1)  # of what pytest has loaded already
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


keep_bytecode()
use_one_thread()
