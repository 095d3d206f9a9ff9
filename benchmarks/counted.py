"""How many keyed draws the engine makes, counted while it lives. ``python -m benchmarks.counted people weeks``.

Every draw ends in ``icpsim.base.randomness.mix``. Before any rule is compiled it is replaced by one that also adds
one to a counter at an address of this process. Compiled code goes to a temporary folder, always: kept elsewhere it
would write to that address in other processes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

COUNTER = np.zeros(1, np.int64)


def adder() -> Callable[[], int]:
    """Return a compiled function that adds one to COUNTER."""
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    place = int(COUNTER.ctypes.data)

    @intrinsic
    def add_one(typing_context: Any) -> Any:
        """Add one to the counter at its fixed address."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            word = ir.IntType(64)
            at = builder.inttoptr(ir.Constant(word, place), word.as_pointer())
            more = builder.add(builder.load(at), ir.Constant(word, 1))
            builder.store(more, at)
            return more

        return types.int64(), generate

    adding: Any = add_one
    return adding


def count(people: int, weeks: int) -> dict[str, int]:
    """Return the draws made by building people, by the engine and by the weekly rules alone, and person-weeks."""
    from numba import njit

    from icpsim.base import randomness

    add_one, mix = adder(), randomness.mix

    @njit(error_model="numpy", forceinline=True)
    def counting_mix(z: Any) -> Any:
        add_one()
        return mix(z)

    randomness.mix = counting_mix
    from benchmarks.country import as_new, live, make_region
    from benchmarks.mesa_form import patient_by_patient

    region = make_region(people, weeks)

    def draws_of(work: Callable[[], object]) -> int:
        before = int(COUNTER[0])
        work()
        return int(COUNTER[0]) - before

    return {
        "people": len(region.people),
        "person_weeks": len(region.people) * weeks,
        "build": int(COUNTER[0]),
        "engine": draws_of(lambda: live(as_new(region))),
        "week_by_week": draws_of(lambda: patient_by_patient(as_new(region))),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as own:
        os.environ["NUMBA_CACHE_DIR"] = own
        found = count(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(found) + "\n")
