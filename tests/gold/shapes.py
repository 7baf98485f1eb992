"""post_content in the shapes that the bed does not have: builders' widgets and odd bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from tests.wordpress import shapes
from tests.wordpress.articles import Article, Block, spell

SPELLINGS = ("arabic", "blank", "latin")


def content(article: Article, shape: str, images: Sequence[str], lead: bool) -> str:
    """post_content; `shape` is one of OWN or of the bed's, with `+arabic` and its like behind."""
    shape = shape.split("+")[0]
    if shape in OWN:
        ends = [article.end_marker, article.source and f"منبع: {article.source}"]
        blocks = [Block("p", article.lead)] if lead and article.lead else []
        return OWN[shape]([*blocks, *article.blocks, *(Block("p", end) for end in ends if end)])
    lead = lead and bool(article.lead)
    return shapes.content(article, shape, images, lead)


def spelled(article: Article, shape: str) -> Article:
    """The article as the shape's keyboard writes it: `blocks+arabic` has ي and ك."""
    for spelling in shape.split("+")[1:]:
        article = replace(
            article.spelled(spelling),
            end_marker=article.end_marker and spell(article.end_marker, spelling),
            source=article.source and spell(article.source, spelling),
        )
    return article


def sections(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """Subheads with what follows each; what stands before the first has the subhead ""."""
    found: list[tuple[str, list[Block]]] = [("", [])]
    for block in blocks:
        if block.kind == "h":
            found.append((block.text, []))
        else:
            found[-1][1].append(block)
    return found


def _plain(blocks: Sequence[Block]) -> str:
    html = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in group]
        if kind == "item":
            html.append("<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>")
        elif kind == "quote":
            html += [f"<blockquote><p>{text}</p></blockquote>" for text in texts]
        else:
            html += [f"<p>{text}</p>" for text in texts]
    return "\n".join(html)


def _accordion(blocks: Sequence[Block]) -> str:
    """Elementor's text-editor and accordion widgets, as the builder saves them."""
    (_, opening), *rest = sections(blocks)
    items = "".join(
        f'<div class="elementor-accordion-item"><div id="elementor-tab-title-{n}" '
        f'class="elementor-tab-title" data-tab="{n}" role="button"><a class="'
        f'elementor-accordion-title" tabindex="0">{head}</a></div><div id="elementor-tab-content-'
        f'{n}" class="elementor-tab-content elementor-clearfix" role="region">{_plain(body)}'
        "</div></div>"
        for n, (head, body) in enumerate(rest, 1)
    )
    return (
        '<div data-elementor-type="wp-post" class="elementor elementor-90">'
        '<div class="elementor-element elementor-widget elementor-widget-text-editor">'
        f'<div class="elementor-widget-container">{_plain(opening)}</div></div>'
        '<div class="elementor-element elementor-widget elementor-widget-accordion">'
        f'<div class="elementor-widget-container"><div class="elementor-accordion">{items}'
        "</div></div></div></div>"
    )


def _tabs(blocks: Sequence[Block]) -> str:
    """WPBakery's tabs: the panels hold the text, hidden but for the first."""
    (_, opening), *rest = sections(blocks)
    panels = "".join(
        f'<div class="vc_tta-panel{" vc_active" if n == 1 else ""}" id="tab-{n}">'
        f'<div class="vc_tta-panel-heading"><h4 class="vc_tta-panel-title"><a href="#tab-{n}">'
        f'<span class="vc_tta-title-text">{head}</span></a></h4></div>'
        '<div class="vc_tta-panel-body"><div class="wpb_text_column wpb_content_element">'
        f'<div class="wpb_wrapper">{_plain(body)}'
        "</div></div></div></div>"
        for n, (head, body) in enumerate(rest, 1)
    )
    return (
        '<div class="vc_row wpb_row vc_row-fluid"><div class="wpb_column vc_column_container">'
        f'<div class="vc_column-inner"><div class="wpb_wrapper">{_plain(opening)}'
        '<div class="vc_tta-container"><div class="vc_general vc_tta vc_tta-tabs">'
        f'<div class="vc_tta-panels-container"><div class="vc_tta-panels">{panels}</div></div>'
        "</div></div></div></div></div></div>"
    )


def _live(blocks: Sequence[Block]) -> str:
    """A live blog: every subhead is the clock time of an entry."""
    (_, opening), *rest = sections(blocks)
    entries = "".join(
        f'<div class="liveblog-entry" id="entry-{n}"><h3 class="liveblog-entry-title">{head}</h3>'
        f'<div class="liveblog-entry-content">{_plain(body)}</div></div>'
        for n, (head, body) in enumerate(rest, 1)
    )
    return f'{_plain(opening)}<div class="liveblog" id="wpcom-liveblog-container">{entries}</div>'


def _bare(blocks: Sequence[Block]) -> str:
    """No paragraphs at all: a <div> for each, some with a nested <div> and non-breaking blanks."""
    texts = [block.text for block in blocks]
    return "".join(
        f"<div>{text}</div>" if n % 2 else f"<div><div>{text}&nbsp;</div></div>"
        for n, text in enumerate(texts)
    )


def _spans(blocks: Sequence[Block]) -> str:
    """An old editor's legacy: <font>, <center>, empty paragraphs between."""
    html = [f'<p><font face="Tahoma" size="2">{block.text}</font></p>' for block in blocks]
    return "<p>&nbsp;</p>\n".join(html)


def _columns(blocks: Sequence[Block]) -> str:
    """Blocks within a group within columns, a spacer and a separator between."""
    half = len(blocks) // 2
    first, second = _plain(blocks[:half]), _plain(blocks[half:])
    return (
        '<!-- wp:group -->\n<div class="wp-block-group"><!-- wp:columns -->\n'
        '<div class="wp-block-columns"><!-- wp:column -->\n<div class="wp-block-column">'
        f"{first}</div>\n<!-- /wp:column -->\n<!-- wp:column -->\n"
        f'<div class="wp-block-column">{second}</div>\n<!-- /wp:column --></div>\n'
        '<!-- /wp:columns -->\n<!-- wp:spacer -->\n<div style="height:40px" aria-hidden="true" '
        'class="wp-block-spacer"></div>\n<!-- /wp:spacer --></div>\n<!-- /wp:group -->'
    )


OWN = {
    "accordion": _accordion,
    "tabs": _tabs,
    "live": _live,
    "bare": _bare,
    "spans": _spans,
    "columns": _columns,
}
