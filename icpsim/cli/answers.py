"""How commands end: exit codes, and messages on standard error instead of tracebacks."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer

FAILED = 1
INPUT_WRONG = 2
STOPPED = 130

P = ParamSpec("P")
R = TypeVar("R")


def answered(command: Callable[P, R]) -> Callable[P, R]:
    """Wrap a command so that wrong input ends with 2, Ctrl-C with 130 and anything else with 1."""

    @functools.wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except typer.Exit:
            raise
        except (KeyboardInterrupt, typer.Abort) as stopped:
            _say(f"icpsim: {stopped}" if str(stopped) else "icpsim: stopped")
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except Exception as error:
            raise typer.Exit(_answer(error)) from None

    return wrapper


def _answer(error: Exception) -> int:
    from icpsim.base.errors import FailedError, WrongInputError

    if isinstance(error, WrongInputError):
        _say(str(error))
        return INPUT_WRONG
    if isinstance(error, FailedError):
        _say(f"icpsim: {error}")
        return FAILED
    if isinstance(error, OSError) and error.filename is not None:
        _say(f"icpsim: {error.filename}: {error.strerror}")
        return FAILED
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    _say(f"icpsim: failed: {type(error).__name__}: {error} ({place}, in {frame.name})")
    return FAILED


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")
