"""One tree of errors: what is wrong, where, what to do, and the exit status.

::

    RevertantError                      1   (never raised itself)
    ├── UsageError                      2   the command or call does not make sense
    ├── InputError                      3   a file or a value cannot be read
    │   └── ProblemsError               3   several of them, reported together
    ├── IncompatibleInputsError         4   each input is fine, but they do not fit together
    ├── NoDesignError                   5   nothing can be designed, and why
    └── PolicyStopError                 6   a rule forbids going on

Anything else that escapes is a bug (exit status 1). Errors keep their fields, so that ``--json`` and the web
say the same as the terminal. They never carry patient text beyond the value that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "IncompatibleInputsError",
    "InputError",
    "NoDesignError",
    "PolicyStopError",
    "ProblemsError",
    "RevertantError",
    "UsageError",
]


class RevertantError(Exception):
    """Root of every error a user can cause or mend.

    Parameters
    ----------
    what
        One sentence: what is wrong, with the offending value.
    where
        The file, line, field or coordinate (``"case.yaml: variants[0].hgvs"``); empty when there is none.
    remedy
        What the user can do about it; empty only where nothing can be done.
    code
        A stable kebab-case name for programs; each class has a default.

    Examples
    --------
    >>> error = InputError("REF is 'A', the reference has 'G'.", where="chr11:5227002", remedy="Check build.")
    >>> print(error)
    chr11:5227002: REF is 'A', the reference has 'G'. Check build.
    >>> error.exit_status, error.code
    (3, 'bad-input')
    """

    exit_status: ClassVar[int] = 1
    default_code: ClassVar[str] = "error"

    def __init__(self, what: str, *, where: str = "", remedy: str = "", code: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy
        self.code = code or self.default_code

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what} {self.remedy}".strip()

    def as_dict(self) -> dict[str, object]:
        """Return the error as the object that ``--json`` prints."""
        return {
            "ok": False,
            "code": self.code,
            "what": self.what,
            "where": self.where,
            "remedy": self.remedy,
            "exit_status": self.exit_status,
        }


class UsageError(RevertantError):
    """The command line or the call does not make sense."""

    exit_status = 2
    default_code = "usage"


class InputError(RevertantError):
    """A file or a value cannot be read: malformed, truncated, out of range."""

    exit_status = 3
    default_code = "bad-input"


class ProblemsError(InputError):
    """Several problems of one input, reported together.

    Parameters
    ----------
    problems
        The single errors, in the order of the file.
    where
        The file they belong to.

    Examples
    --------
    >>> problems = [InputError("no id", where="id"), InputError("no variant", where="variants")]
    >>> print(ProblemsError(problems, where="case.yaml"))
    case.yaml: 2 problems:
      - id: no id
      - variants: no variant
    """

    default_code = "problems"

    def __init__(self, problems: Sequence[RevertantError], *, where: str = "") -> None:
        noun = "problem" if len(problems) == 1 else "problems"
        lines = "".join(f"\n  - {problem}" for problem in problems)
        super().__init__(f"{len(problems)} {noun}:{lines}", where=where)
        self.problems = tuple(problems)

    def as_dict(self) -> dict[str, object]:
        """Return the error with its problems as a list."""
        return {**super().as_dict(), "problems": [problem.as_dict() for problem in self.problems]}


class IncompatibleInputsError(RevertantError):
    """Each input can be read, but they contradict each other (build, contigs, REF alleles, transcripts)."""

    exit_status = 4
    default_code = "incompatible-inputs"


class NoDesignError(RevertantError):
    """Nothing can be designed for what was asked."""

    exit_status = 5
    default_code = "no-design"


class PolicyStopError(RevertantError):
    """A policy rule forbids going on. The germline rule has no override."""

    exit_status = 6
    default_code = "policy-stop"
