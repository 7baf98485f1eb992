"""The steps from a page's bytes to its article.

bytes → charset → limits → tree → page type → content → fields → boilerplate → text → Article
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.errors import NotAnArticle
from archive.model import Article, Hints
from archive.outcomes import Flag, Reason
from archive.text.fold import squash
from archive.warc.listed_content import ListedContent
from scraper.cleaning.boilerplate import by_name
from scraper.cleaning.boilerplate.links import host_of
from scraper.cleaning.content import body, hidden, lead, main_content, multipage, substitute
from scraper.cleaning.content.guide import Guide
from scraper.cleaning.content.password import is_protected
from scraper.cleaning.content.proof import proved
from scraper.cleaning.fields import byline, comment_count, dates, image, language, terms, title
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.html import charset, limits, noscript, page_type
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd
from scraper.cleaning.html.site_names import SiteNames
from scraper.cleaning.html.text_blocks import TextBlock, blocks_of
from scraper.cleaning.layout.layout import Layout
from scraper.cleaning.markup import inline_marks, shortcodes

_SHORT = 250
_PRIVATE = ".status-private"
_PICTURES = ("img", "picture", "video", "audio", "iframe", "embed", "object", "svg")


def clean(
    html: bytes,
    url: str | None = None,
    hints: Hints | None = None,
    further: Sequence[bytes] = (),
    told: ListedContent | None = None,
    layout: Layout | None = None,
) -> Article:
    """The article on a page, without the page's boilerplate.

    `html` is the page's body as it was served, `url` its address, `hints` what is known of it
    beforehand. `further` has the other pages of an article that <!--nextpage--> splits. `told` is
    the content that a listing gave; the article is compared with it. `layout` was learnt from the
    site's pages. The same arguments give the same article.

    Raises `NotAnArticle` with its reason if the page is no article, and `SettingsError` if a
    selector in `hints` is no CSS.
    """
    hints = hints or Hints()

    def read(guide: Guide | None = None) -> Article:
        return _read(html, url, hints, further, guide, layout)

    def read_told(content: bytes) -> Article:
        return _Reading(content, url, hints, layout=layout).article()

    return proved(read, read_told, told, layout) if told else read()


def _read(
    html: bytes,
    url: str | None,
    hints: Hints,
    further: Sequence[bytes],
    guide: Guide | None,
    layout: Layout | None,
) -> Article:
    first = _Reading(html, url, hints, guide, layout).article(len(further))
    if not further:
        return first
    # Their titles have a page's number in them; the post has one title.
    hints = replace(hints, title=hints.title or first.title)
    pages = [_Reading(page, url, hints, guide, layout).article(len(further)) for page in further]
    return multipage.joined(first, pages)


class _Reading:
    """A page and what each step found on it, for the steps after that."""

    def __init__(
        self,
        raw: bytes,
        url: str | None,
        hints: Hints,
        guide: Guide | None = None,
        layout: Layout | None = None,
    ) -> None:
        self.hints = hints
        self.layout = layout
        limits.check_file(raw)
        source, self.guessed = charset.to_utf8(raw, hints.charset)
        limits.check(source)
        self.page = Document(source)
        self.head = Head(self.page)
        self.graph = JsonLd(self.page)
        page_type.check(self.page, self.head, self.graph, hints, source, url)
        noscript.reveal(self.page)
        by_name.hush(self.page)
        inline_marks.settle(self.page)
        self.boilerplate = by_name.Boilerplate(self.page)
        self.site = SiteNames(self.page, self.head, self.graph, hints)
        self.url = self.head.address(url)
        self.headline = title.find(
            self.page, self.head, self.graph, self.boilerplate, self.site.names, hints.title
        )
        if layout and layout.headline and self.headline.element is None:
            found = layout.headline.find(self.page)
            self.headline = title.placed(self.headline, found, hints.title)
        # If a selector in sites.toml names the content, it need not be looked for.
        self.guided = guide.find(self.page) if guide and not hints.content else None
        taught = layout if layout and not hints.content and not self.guided else None
        self.learnt = taught.on(self.page) if taught else None
        self.root = (
            main_content.whole(self.guided.region, True)
            if self.guided
            else main_content.choose(
                self.page,
                self.boilerplate,
                self.headline.element,
                hints.content,
                self.learnt and self.learnt.root,
            )
        )
        self.boilerplate.settle(self.root.element)
        shortcodes.clear(self.root.element)
        inline_marks.clear(self.root.element)
        self.doubtful = self.root.doubtful
        self.pictured = next(self.root.element.iter(*_PICTURES), None) is not None
        self.region = lead.region_of(self.headline.element, self.root.first)
        self.node = self.graph.article(self.headline.text, self.url)

    def article(self, further: int = 0) -> Article:
        """The article. Its fields are read before its text, since reading the text changes the
        tree. `further` is the number of other pages of the article."""
        page, head, graph, node = self.page, self.head, self.graph, self.node
        around, region, content = self.boilerplate, self.region, self.root.element
        neighbours = Neighbours(
            page, around, region, self.headline.element, content, self.root.beside, self.url
        )
        protected = self.hints.protected or is_protected(page, content, self.root.known)
        when = dates.find(
            dates.Evidence(
                page=page,
                head=head,
                graph=graph,
                neighbours=neighbours,
                node=node,
                headline=self.headline.element,
                content=self.root.first,
                url=self.url,
                hints=self.hints,
            )
        )
        authors = byline.find(page, head, graph, around, neighbours, node, self.site.names)
        filed = terms.find(page, head, graph, neighbours, node, self.headline.text)
        main_image = image.find(page, head, graph, around, node, content, self.url)
        comments = comment_count.count(page, node, graph, region)
        credit = lead.credit_outside(page, around, region, content)
        several = multipage.announced(page) > further + 1
        leading, blocks, found = ([], [], body.NOTHING) if protected else self._text()
        text = "\n\n".join(block.text for block in blocks)
        if not protected:
            self._refuse_empty(text)
        return Article(
            title=self._title(protected or not text),
            text=text,
            lead="\n\n".join(block.text for block in leading) or None,
            url=self.url,
            post_id=self.hints.post_id or head.post_id(page),
            post_type=self.hints.post_type or head.post_type(),
            authors=authors,
            categories=filed.categories,
            tags=filed.tags,
            language=language.of(head.language, text),
            source=found.source or credit or found.opening,
            end_marker=found.marker,
            published=when.published,
            modified=when.modified,
            date_source=when.source,
            image=main_image,
            comments=comments,
            flags=self._flags(text, when.exact, several, protected),
        )

    def _text(self) -> tuple[list[TextBlock], list[TextBlock], body.Body]:
        """The blocks of the lead, those of the whole text, and the content as it was read."""
        content, hints = self.root.element, self.hints
        # A content that sites.toml names has the lead in it.
        above = self.headline.element if hints.content is None else None
        leading = self._learnt_lead() or lead.outside(
            self.page, self.boilerplate, above, self.root.first
        )
        leading = self.layout.unsaid(leading) if self.layout else leading
        passed = self._passed(content)
        host = host_of(self.url or "")
        found = body.read(content, passed, self.headline.text, self.site.sayings, host, self.layout)
        stored = substitute.longer(
            [*leading, *found.blocks],
            self.graph,
            self.node,
            self.headline.text,
            self.site.sayings,
            host,
        )
        self.doubtful |= found.halved or stored is not None
        if stored is not None:
            return [], stored.blocks, stored
        if lead.doubled(leading, found.blocks) or _repeats(leading, self.headline.text):
            said = lead.repeated(leading, found.blocks)
            said = said or lead.opening(self.page, found.blocks, content, self.root.lead)
            return said, found.blocks, found
        return leading, [*leading, *found.blocks], found

    def _learnt_lead(self) -> list[TextBlock]:
        """The blocks of the lead at its place in the learnt layout, if there are any."""
        if self.layout is None or self.learnt is None:
            return []
        element = self.layout.lead(self.page, self.learnt)
        return [] if element is None else blocks_of(element, self.boilerplate.inside(element))

    def _passed(self, content: Element) -> set[Element]:
        """The elements of the content to pass over."""
        selected = set(main_content.select(self.page, self.hints.remove))
        passed = selected | self.boilerplate.inside(content, self.headline.element)
        concealed = hidden.judge(self.page, self.boilerplate, content, passed)
        self.doubtful |= concealed.doubtful
        passed = (passed | concealed.unseen) - concealed.shown
        passed |= self._above_headline(content) | self.root.beside
        passed |= self.learnt.passed if self.learnt else set()
        return self.guided.passed(passed) | selected if self.guided else passed

    def _above_headline(self, content: Element) -> set[Element]:
        """The headline, and what stands above it in the content, if the content holds it."""
        headline = self.headline.element
        if headline is None:
            return set()
        above = set(headline.iterancestors())
        if content not in above:
            return {headline}
        position = self.page.position
        return {e for e in content.iter() if position[e] <= position[headline]} - above

    def _title(self, textless: bool) -> str | None:
        """The headline without the word that WordPress puts before it on the page of a protected or
        a private post, and not in REST. `textless`: the text is protected, or there is none."""
        text = self.headline.text
        if text and textless:
            text = title.without_prefix(text, "protected")
        if text and self.page.find(_PRIVATE):
            text = title.without_prefix(text, "private")
        return text

    def _refuse_empty(self, text: str) -> None:
        """Raise `NotAnArticle` for a page without text, unless it is a post with a headline, a
        picture or a film. A page that was cut before its text is none."""
        if text:
            return
        if self.page.unended:
            raise NotAnArticle(Reason.EMPTY, "it was cut before its text")
        told = self.hints.post_id is not None or self.head.post_type() is not None
        told |= self.node is not None or self.head.first("og:type") == "article"
        shown = self.headline.element is not None or self.pictured or self.page.cut
        if not (told and shown):
            raise NotAnArticle(Reason.EMPTY, "no text on it")

    def _flags(self, text: str, exact: bool, several: bool, protected: bool) -> tuple[Flag, ...]:
        named = {
            Flag.CHARSET_GUESSED: self.guessed,
            Flag.DATE_ONLY: not exact,
            Flag.DOUBTFUL_CONTENT: self.doubtful and not protected,
            Flag.PROTECTED: protected,
            Flag.SEVERAL_PAGES: several,
            Flag.SHORT: len(text) < _SHORT and not protected,
            Flag.TRUNCATED: self.page.cut or self.page.unended,
            Flag.UNKNOWN_LAYOUT: not self.root.known,
        }
        return tuple(name for name, holds in named.items() if holds)


def _repeats(blocks: list[TextBlock], headline: str | None) -> bool:
    return squash(" ".join(block.text for block in blocks)) == squash(headline or "")
