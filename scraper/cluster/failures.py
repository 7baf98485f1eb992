"""What went wrong at workers, told as one command tells it: errors, and one exit code."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from archive.errors import BayganError, ClusterFailed
from scraper.cluster.task import SiteOutcome
from scraper.console.terminal import tell_error
from scraper.exit_codes import DAMAGE, FAILED, IN_PART

_ERROR = "Error: "
_STOPPED = 128


class Failures:
    """The sites that were not done; `errors` are sentences about them, `codes` how they ended."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.codes: list[int] = []

    def add(self, outcome: SiteOutcome) -> None:
        """Take a task that failed."""
        code = outcome.code or FAILED
        if code == -signal.SIGTERM or code > _STOPPED:
            said = "its process was told to end there. What was saved is safe; run it again."
        elif code < 0:
            said = f"its process was killed there (signal {-code}). Is there memory enough?"
        else:
            said = _said(outcome.err)
        self.errors.append(said if outcome.site in said else f"{outcome.site}: {said}")
        self.codes.append(code if FAILED <= code < _STOPPED else FAILED)

    def lose(self, error: ClusterFailed) -> None:
        """The scheduler is gone, and with it all that was not done."""
        self.errors.append(str(error))
        self.codes.append(error.exit_code)

    def code(self, *, in_part: bool) -> int:
        """The exit code: 4 if anything is damaged; 3 if other sites were done (`in_part`), else
        that of the failures; 0 if there is none."""
        if not self.codes or DAMAGE in self.codes:
            return DAMAGE if self.codes else 0
        return IN_PART if in_part else min(self.codes)

    def tell(self) -> None:
        """Print the errors."""
        for error in self.errors:
            tell_error(error)


def failure(outcome: SiteOutcome) -> BayganError:
    """The error of a task that ends the command."""
    failures = Failures()
    failures.add(outcome)
    error = BayganError(failures.errors[0])
    error.exit_code = failures.codes[0]
    return error


def left_out(sites: Sequence[str]) -> str:
    """A sentence about sites that were not begun."""
    return f"{len(sites)} sites were not begun, the time was over: {', '.join(sites)}"


def _said(err: str) -> str:
    """The error in what a process wrote on stderr, without the word."""
    at = err.rfind(_ERROR)
    return err[at + len(_ERROR) :].strip() if at >= 0 else err or "it failed there."
