"""Silent edits: what WordPress shows for a post now, compared with the page that was archived.

An edit by SQL, or by a plugin that keeps `modified`, stands in no listing. The rendered content
of a hundred posts costs one request. What a theme puts around it, and what plugins add to the
page alone, is not in it; so the comparison goes both ways, over whole paragraphs:

    every paragraph of the content     must stand on the archived page
    every paragraph of the article     must stand in the content, if it did on the page

A post that fails is fetched again, and becomes a version only if its clean text is another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from lxml import etree, html

from archive.errors import Damaged
from archive.index.listed_post import ListedPost
from archive.jsonl.article_line import ArticleLine, article_id
from archive.text.fold import fold
from archive.warc.reader import read_record
from spiders.site_run import RunWriter

_BLOCKS = (
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
)  # fmt: skip
_UNSEEN = ("script", "style", "noscript", "template")
# More suspects than this in one sweep are no editor's work: a plugin's, or a theme's.
SHARE = 0.1
FEW = 50


class ContentCheck:
    """Compares the contents of `post_type` with what `writer`'s archive holds."""

    def __init__(self, writer: RunWriter, post_type: str) -> None:
        self._writer = writer
        self._post_type = post_type
        self._agreed = writer.index.agreed(post_type)
        self._compared: set[int] = set()
        self._unshown: set[int] = set()
        self._suspects: dict[int, str] = {}

    def compare(self, posts: list[ListedPost]) -> None:
        """Compare the posts that are kept; those that agree are known by their digest now."""
        agreeing = {}
        for post in posts:
            if post.post_id not in self._agreed:
                continue
            if post.content is None:
                self._unshown.add(post.post_id)
                continue
            self._compared.add(post.post_id)
            digest, before = digest_of(post), self._agreed[post.post_id]
            if before == digest:
                continue
            # Against a digest there is no doubt; without one the archived page has to tell.
            if not before and self._agrees(post):
                agreeing[post.post_id] = digest
            else:
                self._suspects[post.post_id] = digest
        self._writer.index.agree(self._post_type, agreeing)

    def finish(self) -> str | None:
        """Make the suspects due again; a problem to tell if they are too many to be believed."""
        index = self._writer.index
        if len(self._suspects) > max(FEW, SHARE * len(self._compared)):
            index.agree(self._post_type, self._suspects)
            return (
                f"the content of {len(self._suspects)} of {len(self._compared)} posts"
                f" ({self._post_type}) is not as archived: too many for silent edits, so a plugin"
                " or a theme will have changed. None was fetched again; the next comparison is"
                " with what was seen tonight."
            )
        for number in self._suspects:
            index.doubt(self._post_type, number)
        if unshown := self._unshown - self._compared:
            return (
                f"REST lists {len(unshown)} posts ({self._post_type}) without their content;"
                " they were not compared with what is archived."
            )
        return None

    def _agrees(self, post: ListedPost) -> bool:
        key = article_id(self._writer.site.name, self._post_type, post.post_id, post.url)
        versions = self._writer.folder.versions(key)
        if not versions:
            return True
        line = versions[-1]
        try:
            places = [line["warc"], *line["warc"].get("further", ())]
            pages = [read_record(self._writer.folder.path, place).page() for place in places]
        except Damaged:
            return True  # `check` tells of it; the site has not changed by that
        return agree(post, line, [page.decode("utf-8", "replace") for page in pages])


def agree(post: ListedPost, line: ArticleLine, pages: Sequence[str]) -> bool:
    """Whether what the listing shows of `post` is what its `pages` and the article's line hold."""
    shown = _squeezed("".join(part for page in pages for part in _paragraphs(page)))
    kept = _squeezed(line["text"])
    content = [_squeezed(paragraph) for paragraph in _paragraphs(post.content or "")]
    if "several_pages" not in line["flags"]:
        parts = [*content, _squeezed(post.title or "")]
        if not all(part in shown or part in kept for part in parts):
            return False
    listed = "".join(content) + "".join(map(_squeezed, _paragraphs(post.excerpt or "")))
    # The lead may come from a field of its own.
    article = (_squeezed(part) for part in line["text"].split("\n") if part != line["lead"])
    return all(part in listed or part not in shown for part in article)


def digest_of(post: ListedPost) -> str:
    """SHA-256 of a post's title and rendered content, folded as clean text is."""
    words = [post.title or "", *_paragraphs(post.content or "")]
    return hashlib.sha256(fold("\n".join(words)).encode()).hexdigest()


def _paragraphs(markup: str) -> Iterator[str]:
    """The text of HTML as a reader sees it, cut at every block."""
    if not markup.strip():
        return
    try:
        root = html.fromstring(f"<div>{markup}</div>" if "<html" not in markup[:1000] else markup)
    except (etree.ParserError, ValueError):
        return
    etree.strip_elements(root, *_UNSEEN, etree.Comment, with_tail=False)
    for block in root.iter(*_BLOCKS):
        block.text = f"\n{block.text or ''}"
        block.tail = f"\n{block.tail or ''}"
    text = "".join(str(piece) for piece in root.itertext())
    yield from (line for line in text.split("\n") if line.strip())


def _squeezed(text: str) -> str:
    """Folded, without blanks: where mark-up begins and ends makes no difference."""
    return fold(text).replace(" ", "")
