"""How Sphinx makes the documentation site of these pages: `scripts/docs` runs it.

Nothing is fetched: no inventory of other projects, no font, no script from elsewhere.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

REPOSITORY = Path(__file__).parent.parent
sys.path.insert(0, str(REPOSITORY))

import archive  # noqa: E402 # from this checkout, whatever is installed

project = "baygan"
author = "The baygan developers"
copyright = "the baygan developers, MIT licence"
version = release = archive.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown"}
# search.html is the site's own search, so find.md brings what search.md says.
exclude_patterns = ["_build", "man", "search.md"]
nitpicky = True
# Python's own types have no page here, nor has what is not public.
nitpick_ignore_regex = [
    ("py:.*", r"(?!archive|scraper|spiders).*"),
    ("py:class", r".*\.(ListedContent|Layout)"),
]

myst_heading_anchors = 3
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"

html_theme = "furo"
html_title = "baygan"
html_static_path = ["_static"]
html_css_files = ["baygan.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"top_of_page_buttons": []}

_PUBLIC = {
    f"{getattr(archive, name).__module__}.{name}": f"archive.{name}"
    for name in archive.__all__
    if isinstance(getattr(archive, name), type)
}
# Links that lead to a file of the repository on GitHub, and to its page here.
_ITS_PAGE = {
    r"\]\(\.\./CONTRIBUTING\.md\)": "](contributing.md)",
    r"\]\(CHANGELOG\.md\)": "](changes.md)",
    r"\]\(\.\./archive/line\.schema\.json\)": "](schema.md)",
    r"\]\((?:docs/)?search\.md\b": "](find.md",
}
# Words of Persian in one line, with what stands between them. A bracket before or behind them stays
# outside: it may be one of the shell's.
_PERSIAN = re.compile(
    "«?[\\u0600-\\u06ff](?:[\\u0600-\\u06ff\\u200c «».:!…/-]*[\\u0600-\\u06ff\\u200c»…])?"
)
_PRE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_IN_TICKS = re.compile(r"(?<![`:])`([^`]+)`(?!`)")


def _for_the_site(app: Sphinx, page: str, source: list[str]) -> None:
    """Links lead to pages of the site."""
    for link, here in _ITS_PAGE.items():
        source[0] = re.sub(link, here, source[0])


def _for_the_site_included(app: Sphinx, path: Path, parent: str, source: list[str]) -> None:
    _for_the_site(app, parent, source)


def _as_rst(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Docstrings are plain text with `names` and indented examples; Sphinx reads another markup."""
    told: list[str] = []
    for line in lines:
        begins = line.startswith("    ") and told and not told[-1].strip()
        before = next((old for old in reversed(told) if old.strip()), "")
        if begins and before and not before.startswith((" ", ">>>", "..")):
            told += ["::", ""]
        told.append(line if line.startswith("    ") else _IN_TICKS.sub(r"``\1``", line))
    lines[:] = told


def _at_its_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: nodes.TextElement
) -> nodes.reference | None:
    """`archive.folder.Archive`, as annotations have it, is described as `archive.Archive`."""
    public = _PUBLIC.get(node.get("reftarget", ""))
    if public is None:
        return None
    found: nodes.reference | None = env.domains["py"].resolve_xref(
        env, node["refdoc"], app.builder, "class", public, node, contnode
    )
    return found


def _in_its_direction(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """A page that begins with `lang: fa` is written from right to left. In what a program printed,
    Persian words are set apart, or a browser would show the numbers beside them in their midst."""
    if "body" in context:
        context["body"] = _PRE.sub(
            lambda block: _PERSIAN.sub(r"<bdi>\g<0></bdi>", block[0]), context["body"]
        )
    if (context.get("meta") or {}).get("lang") == "fa":
        context["language"] = "fa"
        context["body"] = f'<div dir="rtl" lang="fa">{context["body"]}</div>'


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_lexer("cron", TextLexer)
    app.connect("source-read", _for_the_site)
    app.connect("include-read", _for_the_site_included)
    app.connect("autodoc-process-docstring", _as_rst)
    app.connect("missing-reference", _at_its_public_name)
    app.connect("html-page-context", _in_its_direction)
    return {"parallel_read_safe": True}
