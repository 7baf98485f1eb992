"""What `baygan doctor` says of one thing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a thing is: `fine`, `look` if it may lead to trouble, `bad` if crawls fail by it."""

    FINE = "fine"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at (`what`), what was found, and what to do, if it is not fine."""

    what: str
    health: Health
    found: str
    advice: str = ""

    def to_object(self) -> dict[str, str]:
        """The JSON object for programs."""
        return asdict(self)


def judged(what: str, fine: bool, found: str, advice: str, worst: Health) -> Diagnosis:
    """A finding that is fine, or else as bad as `worst`."""
    return Diagnosis(what, Health.FINE, found) if fine else Diagnosis(what, worst, found, advice)
