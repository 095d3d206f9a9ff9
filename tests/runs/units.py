"""Units of work for tests: quick, slow, poisoned, deadly; each writes in a diary when it runs."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Square:
    """Squares a number. ``diary``: a file in which it says that it runs; ``seconds``: how long it takes."""

    number: int
    diary: str = ""
    seconds: float = 0.0

    @property
    def title(self):
        """Return what people call it."""
        return "numbers squared"

    def told(self):
        """Return what it is: the diary and the time do not matter to the result."""
        return {
            "scenario": {"name": type(self).__name__},
            "parameters": {"number": self.number},
            "seed": 3,
            "replicate": self.number,
        }

    def run(self):
        """Say so, wait, do something bad in a subclass, and square."""
        if self.diary:
            with Path(self.diary).open("a") as file:
                file.write(f"{self.number}\n")
        time.sleep(self.seconds)
        self.bad()
        return {"figure": float(self.number) ** 2, "nothing": float("nan"), "third": self.number / 3}

    def bad(self):
        """Nothing bad."""


class Poisoned(Square):
    """Raises when its number is 13."""

    def bad(self):
        """Raise."""
        if self.number == 13:
            raise ZeroDivisionError("thirteen")


class Deadly(Square):
    """Kills its process when its number is 13."""

    def bad(self):
        """Kill."""
        if self.number == 13:
            os.kill(os.getpid(), signal.SIGKILL)


class DeadlyOnce(Square):
    """Kills its process when its number is 13 and it runs for the first time."""

    def bad(self):
        """Kill, once."""
        if self.number == 13 and Path(self.diary).read_text().split().count("13") == 1:
            os.kill(os.getpid(), signal.SIGKILL)


class Interrupted(Square):
    """Is interrupted when its number is 13, as by Ctrl-C."""

    def bad(self):
        """Interrupt."""
        if self.number == 13:
            raise KeyboardInterrupt


def quiet(*_):
    """Take progress and say nothing."""


def diary_of(path):
    """Return the numbers in a diary, in order."""
    return [int(line) for line in Path(path).read_text().split()] if Path(path).exists() else []
