"""docs/man, printed from the program's own help: `python -m tests.manual` brings it up to date."""

from __future__ import annotations

from scraper.cli import baygan
from scraper.console.manual import pages
from tests.process import REPOSITORY

MANUAL = REPOSITORY / "docs" / "man"

if __name__ == "__main__":
    MANUAL.mkdir(exist_ok=True)
    for old in MANUAL.glob("*.1"):
        old.unlink()
    for name, page in pages(baygan).items():
        (MANUAL / name).write_text(page)
