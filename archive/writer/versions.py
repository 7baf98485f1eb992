"""Which version of its article a line is, or why it is no version."""

from __future__ import annotations

from archive.http.urls import spelling
from archive.index.index import Index, Newest
from archive.jsonl.article_line import ArticleLine, text_sha256
from archive.jsonl.articles import ArticleLines
from archive.outcomes import Flag, Outcome
from archive.text.fold import well_formed

_NO_TEXT = text_sha256("")


def number(line: ArticleLine, index: Index, kept: set[str], *, same: bool = False) -> Outcome:
    """Give `line` its `version`, and the flag `silent_edit` if it is one; tell what the line is:

    `new`; `changed`, the next version: the folded text or the title differs; `unchanged`, the
    version that is there already; `duplicate`, an article that is known under another address or
    is in `kept`, the IDs that this run has kept (its ID is added to them); `emptied`, a page
    without the text that the article had. That is no version: as a rule the site had a problem,
    and the page is a template without its content. `same` says that today's rules make the same of
    the page of the version that is there (`made_otherwise`).
    """
    known = index.newest_of(line["id"])
    home = index.home_of(line["post_type"], line["post_id"])
    if line["id"] in kept or (known and home and spelling(home) != spelling(line["url"])):
        return Outcome.DUPLICATE
    if known and _emptied(line, known):
        return Outcome.EMPTIED
    kept.add(line["id"])
    if known is None:
        line["version"] = 1
        return Outcome.NEW
    if same or (known.title, known.text_sha256) == (_title(line), line["text_sha256"]):
        return Outcome.UNCHANGED
    if known.modified and known.modified == line["modified"]:
        # The words changed, but WordPress says that nothing was modified.
        line["flags"] = [*line["flags"], Flag.SILENT_EDIT]
    line["version"] = known.version + 1
    return Outcome.CHANGED


def _title(line: ArticleLine) -> str | None:
    return line["title"] and well_formed(line["title"])


def made_otherwise(line: ArticleLine, index: Index, lines: ArticleLines) -> ArticleLine | None:
    """The newest version of the article if its words are others than those of `line` and other
    rules or another layout made it: the page may be the same. None in every other case."""
    known = index.newest_of(line["id"])
    if known is None or (known.title, known.text_sha256) == (_title(line), line["text_sha256"]):
        return None
    places = index.versions(line["id"])
    newest = lines.read(places[-1]) if places else None
    return newest if newest and newest["extractor"] != line["extractor"] else None


def _emptied(line: ArticleLine, known: Newest) -> bool:
    # A page behind a password shows no text.
    return (
        line["text_sha256"] == _NO_TEXT != known.text_sha256 and Flag.PROTECTED not in line["flags"]
    )


def at_home(line: ArticleLine, index: Index) -> None:
    """Give the `line` of an imported capture the address at which the post is known, if it is
    known: the captured address may have a `www.` or a campaign's tag."""
    home = index.url_of(line["post_type"], line["post_id"])
    if line["post_id"] is not None and home:
        line["url"] = home
