"""Which version of its article a line is, or why it is no version."""

from __future__ import annotations

from archive.http.urls import spelling
from archive.index.index import Index, Newest
from archive.jsonl.article_line import ArticleLine, text_sha256
from archive.jsonl.articles import ArticleLines
from archive.outcomes import Flag, Outcome
from archive.text.fold import fold, well_formed

_NO_TEXT = text_sha256("")
# Where a page is cut, half a tag or half a letter may look like text.
_TORN = 16


def number(
    line: ArticleLine, index: Index, kept: set[str], *, same: bool = False, cut: bool = False
) -> Outcome:
    """Give `line` its `version`, and the flag `silent_edit` if it is one; tell what the line is:

    `new`; `changed`, the next version: the folded text or the title differs; `unchanged`, the
    version that is there already; `duplicate`, an article that is known under another address or
    is in `kept`, the IDs that this run has kept (its ID is added to them); `emptied`, a page
    without the text that the article had. That is no version: as a rule the site had a problem,
    and the page is a template without its content. `cut_short`, which is no version either: the
    caller says so by `cut` (`is_cut_short`). `same` says that today's rules make the same of the
    page of the version that is there (`made_otherwise`).
    """
    known = index.newest_of(line["id"])
    home = index.home_of(line["post_type"], line["post_id"])
    if line["id"] in kept or (known and home and spelling(home) != spelling(line["url"])):
        return Outcome.DUPLICATE
    if known and _emptied(line, known):
        return Outcome.EMPTIED
    if cut:
        return Outcome.CUT_SHORT
    if known is None:
        return number_first(line, kept)
    kept.add(line["id"])
    if same or (known.title, known.text_sha256) == (_title(line), line["text_sha256"]):
        return Outcome.UNCHANGED
    if known.modified and known.modified == line["modified"]:
        # The words changed, but WordPress says that nothing was modified.
        line["flags"] = [*line["flags"], Flag.SILENT_EDIT]
    line["version"] = known.version + 1
    return Outcome.CHANGED


def number_first(line: ArticleLine, kept: set[str]) -> Outcome:
    """The same for a line whose article is not known."""
    kept.add(line["id"])
    line["version"] = 1
    return Outcome.NEW


def _title(line: ArticleLine) -> str | None:
    return line["title"] and well_formed(line["title"])


def made_otherwise(line: ArticleLine, index: Index, lines: ArticleLines) -> ArticleLine | None:
    """The newest version of the article if its words are others than those of `line` and other
    rules or another layout made it: the page may be the same. None in every other case."""
    known = index.newest_of(line["id"])
    if known is None or (known.title, known.text_sha256) == (_title(line), line["text_sha256"]):
        return None
    newest = _newest(line, index, lines)
    return newest if newest and newest["extractor"] != line["extractor"] else None


def is_cut_short(line: ArticleLine, index: Index, lines: ArticleLines) -> bool:
    """Whether the page of `line` came without its end, and its text is the beginning of the newest
    version's, whose page was whole."""
    if Flag.TRUNCATED not in line["flags"]:
        return False
    newest = _newest(line, index, lines)
    if newest is None or Flag.TRUNCATED in newest["flags"]:
        return False
    begun, whole = fold(line["text"]), fold(newest["text"])
    return len(begun) < len(whole) and whole.startswith(begun[:-_TORN])


def _newest(line: ArticleLine, index: Index, lines: ArticleLines) -> ArticleLine | None:
    places = index.versions(line["id"])
    return lines.read(places[-1]) if places else None


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
