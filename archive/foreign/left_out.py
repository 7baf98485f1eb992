"""What an import did not take, counted by its reason, so that the user learns of all of it.

| reason | what it is |
|---|---|
| `redirect` `error` `no-page` | an answer that says of itself that it is no page |
| `no-web-address` `conversion` | a record about something else: `dns:`, a text made of a page |
| `dangling` | a revisit whose original is in none of the files |
| `bad-date` `bad-address` `unknown-record` | the record's head tells no date, address or type |
| `no-http` | the block is no HTTP response |
| `cut` `segmented` `too-long` | not all of the page is in the record |
"""

from __future__ import annotations

from dataclasses import dataclass, field

HARMLESS = {"redirect", "error", "no-page", "no-web-address", "conversion"}
"""With any other reason an article may have been lost."""


@dataclass(slots=True)
class LeftOut:
    """How many captures were not taken: of other `hosts`; `known` from an earlier import;
    `skipped` by sites.toml; all others by their `reasons`, and once more as `dangling` or `other`.
    `mended` captures were taken, although the length in their record is wrong. `torn` are messages
    about parts of files that were passed over, `unread` about files that are no WARC."""

    hosts: dict[str, int] = field(default_factory=dict)
    other: int = 0
    known: int = 0
    skipped: int = 0
    dangling: int = 0
    mended: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, reason: str) -> None:
        """Count one that was left out for this reason."""
        self.reasons[reason] = self.reasons.get(reason, 0) + 1
        if reason == "dangling":
            self.dangling += 1
        else:
            self.other += 1

    @property
    def lost(self) -> dict[str, int]:
        """How many of them may have been articles, by reason."""
        return {reason: n for reason, n in self.reasons.items() if reason not in HARMLESS}
