"""The exceptions of the package: one base, and a class for each one who must act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Iterable


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong."""

    what: str
    """Names the offending thing, and says why it is wrong."""
    fix: str = ""
    """What to write or do instead; may be empty."""
    file: str = ""
    """The configuration file, or `--set`; empty when the problem has no place in one."""
    line: int = 0
    """Its line, from 1; 0 when the place is not a line of a file."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        text = place + self.what.replace("\n", "\n  ")
        return text + ("\n  fix: " + self.fix.replace("\n", "\n  ") if self.fix else "")


class Error(Exception):
    """The base of all exceptions of Daedalus.

    `str(error)` is what the program `daeda` prints after `error:`, and `error.exit_code` the code that it exits with.
    """

    exit_code: ClassVar[int] = 70
    """The exit code of `daeda` for errors of this class."""

    def __init__(self, what: str | Iterable[Problem], fix: str = "") -> None:
        self.problems: tuple[Problem, ...] = (Problem(what, fix),) if isinstance(what, str) else tuple(what)
        """All that is wrong, found together: at least one."""
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[Error], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class ConfigError(Error):
    """The caller must act: usage or configuration. Nothing was run. Exit code 2."""

    exit_code = 2


class DataError(Error):
    """The owner of the data must act: a check on its content failed. Exit code 3."""

    exit_code = 3


class InputError(Error):
    """The owner of the data must act: it is missing, unreadable or not of the declared shape. Exit code 4."""

    exit_code = 4


class MachineError(Error):
    """The owner of the machine must act: memory, disk or permissions. Exit code 5."""

    exit_code = 5


class DefectError(Error):
    """A defect of Daedalus: please report it. Exit code 70."""

    exit_code = 70


class InterruptedRun(Error):
    """The run was stopped by another call of this process that was interrupted. Exit code 130.

    Ctrl-C itself raises `KeyboardInterrupt`, as everywhere in Python.
    """

    exit_code = 130


_CLASSES = {each.exit_code: each for each in (ConfigError, DataError, InputError, MachineError, DefectError, InterruptedRun)}


def make_error(exit_code: int, problems: Iterable[tuple[str, str, str, int]]) -> Error:
    """The exception of an error of the library; the binding calls it."""
    return _CLASSES[exit_code](Problem(*each) for each in problems)
