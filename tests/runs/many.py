"""Square many numbers in a process of its own: FOLDER UNITS WORKERS SECONDS DIARY; tells its peak."""

import os
import resource
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from icpsim.runs.engine import Store
from icpsim.runs.errors import EnsembleError
from tests.runs.units import Square, quiet


def main(folder, n, workers, seconds, diary):
    """Run, and say what is the matter on standard error."""
    largest = os.environ.get("LARGEST_FILE")
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
    units = [Square(k, diary, float(seconds)) for k in range(int(n))]
    try:
        Store(Path(folder), int(workers)).run(units, quiet, "squaring")
    except (EnsembleError, KeyboardInterrupt) as error:
        sys.exit(str(error))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main(*sys.argv[1:])
