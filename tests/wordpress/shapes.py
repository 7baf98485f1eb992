"""The mark-up in which Persian newsrooms leave an article in WordPress's post_content."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from .articles import ZWNJ, Article, Block

Tag = Callable[[str, str], str]


def content(article: Article, shape: str, images: Sequence[str], lead: bool = True) -> str:
    """post_content of an article: shape is classic, blocks, word, br or entity.

    `images` are the addresses for its captions, used in turn; `lead` says
    whether the lead opens the body or stands in the excerpt only.
    """
    blocks = [*([Block("lead", article.lead)] if lead else []), *article.blocks]
    blocks += [Block("p", article.end_marker)] if article.end_marker else []
    blocks += [Block("p", f"منبع {article.source}")] if article.source else []
    if shape == "br":
        return _div(blocks, images)
    if shape == "entity":
        return "\n\n".join(_render(blocks, images, _classic)).replace(ZWNJ, "&zwnj;")
    return "\n\n".join(_render(blocks, images, TAGS[shape]))


def _classic(kind: str, text: str) -> str:
    """The classic editor: bare paragraphs, which wpautop() wraps on the way out."""
    match kind:
        case "lead":
            return f"<strong>{text}</strong>"
        case "h":
            return f"<h3>{text}</h3>"
        case "quote":
            return f"<blockquote>{text}</blockquote>"
        case "list":
            return f"<ul>\n{text}\n</ul>"
        case "table":
            return f"<table>\n<tbody>\n{text}\n</tbody>\n</table>"
        case "more":
            return "<!--more-->"
        case "page":
            return "<!--nextpage-->"
    return text


def _block(kind: str, text: str) -> str:
    """The block editor's comments round each piece."""
    match kind:
        case "h":
            return f"<!-- wp:heading -->\n<h2>{text}</h2>\n<!-- /wp:heading -->"
        case "quote":
            inner = f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"
            return (
                "<!-- wp:quote -->\n"
                f'<blockquote class="wp-block-quote">{inner}</blockquote>\n<!-- /wp:quote -->'
            )
        case "list":
            return f"<!-- wp:list -->\n<ul>{text}</ul>\n<!-- /wp:list -->"
        case "table":
            return (
                '<!-- wp:table -->\n<figure class="wp-block-table"><table><tbody>'
                f"{text}</tbody></table></figure>\n<!-- /wp:table -->"
            )
        case "gallery":
            return (
                '<!-- wp:gallery {"linkTo":"none"} -->\n<figure class="wp-block-gallery '
                f'has-nested-images columns-default is-cropped">{text}</figure>\n'
                "<!-- /wp:gallery -->"
            )
        case "more":
            return "<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->"
        case "page":
            return "<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->"
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


def _word(kind: str, text: str) -> str:
    """Pasted from Microsoft Word: fonts in styles, a no-break space here and there."""
    if kind in {"lead", "p"}:
        loose = text.replace(" و ", "&nbsp;و ", 1)
        return (
            '<p class="MsoNormal" dir="RTL" style="text-align: justify; line-height: 150%;">'
            '<span lang="FA" style="font-size: 14.0pt; font-family: \'B Nazanin\';">'
            f"{loose}<o:p></o:p></span></p>"
        )
    return _classic(kind, text)


TAGS: dict[str, Tag] = {"classic": _classic, "blocks": _block, "word": _word}


def _render(blocks: Sequence[Block], images: Sequence[str], tag: Tag) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in group]
        if kind == "item":
            yield tag("list", "\n".join(f"<li>{text}</li>" for text in texts))
        elif kind == "row":
            yield tag("table", "\n".join(_row(text) for text in texts))
        elif kind == "caption":
            yield _gallery(texts, images, tag)
        else:
            yield from (tag(kind, text) for text in texts)


def _row(text: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in text.split("\t")) + "</tr>"


def _gallery(captions: Sequence[str], images: Sequence[str], tag: Tag) -> str:
    pairs = list(zip(images, captions, strict=False))
    if tag is _block:
        return tag("gallery", "".join(_figure(image, text) for image, text in pairs))
    return "\n\n".join(
        f'[caption id="" align="aligncenter" width="64"]<img src="{image}" alt="" width="64" '
        f'height="36" /> {text}[/caption]'
        for image, text in pairs
    )


def _figure(image: str, caption: str) -> str:
    return (
        f'<!-- wp:image -->\n<figure class="wp-block-image"><img src="{image}" alt=""/>'
        f'<figcaption class="wp-element-caption">{caption}</figcaption></figure>\n'
        "<!-- /wp:image -->"
    )


def _div(blocks: Sequence[Block], images: Sequence[str]) -> str:
    """One <div> for it all, as many an old newsroom system exports: breaks, no paragraphs."""
    pieces: list[str] = []
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in group]
        if kind in {"row", "caption", "more", "page"}:
            pieces += _render([Block(kind, text) for text in texts], images, _classic)
        elif kind in {"h", "lead"}:
            pieces += [f"<b>{text}</b>" for text in texts]
        elif kind == "item":
            pieces.append("<br />".join(f"- {text}" for text in texts))
        else:
            pieces += texts
    return f'<div dir="rtl">{"<br /><br />".join(pieces)}</div>'
