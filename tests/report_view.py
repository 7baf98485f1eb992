"""A report as headless Chromium shows it, and what Chromium asked for to show it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from lxml import html

from tests.newsroom.answer import Answer
from tests.newsroom.request import Request
from tests.newsroom.server import Server
from tests.viewer import OPTIONS

_UTF8 = html.HTMLParser(encoding="utf-8")
LOOK = Path(__file__).parent / "report_look.html"


def need_chromium() -> None:
    """Skip the test where there is no browser, unless BAYGAN_REPLAY=required."""
    if shutil.which("chromium"):
        return
    if os.environ.get("BAYGAN_REPLAY") == "required":
        pytest.fail("not on PATH: chromium")
    pytest.skip("not on PATH: chromium")


def seen(page: str, width: int = 1000, *options: str) -> dict[str, Any]:
    """What report_look.html writes down of the page at this width, in pixels."""
    dumped, asked = _opened(page, f"report_look.html?width={width}", *options)
    assert sorted(asked) == ["/report.html", "/report_look.html"]
    written = re.search("<pre>(.*)</pre>", dumped, re.DOTALL)
    assert written
    told: dict[str, Any] = json.loads(unescape(written[1]))
    return told


def asked_for(page: str) -> list[str]:
    """The paths that a browser asks for when a person opens the page, itself among them."""
    return _opened(page, "report.html")[1]


def found(page: str, path: str) -> list[Any]:
    """The elements at an XPath in the page, as lxml reads it."""
    # lxml-stubs knows no HtmlElement: all that xpath may give is one union.
    document: Any = html.document_fromstring(page.encode(), parser=_UTF8)
    elements: list[Any] = document.xpath(path)
    return elements


def text_of(element: Any) -> str:
    """Its text, with single blanks."""
    return " ".join(element.text_content().split())


def _opened(page: str, path: str, *options: str) -> tuple[str, list[str]]:
    def answer(request: Request) -> Answer:
        body = page.encode() if request.path == "/report.html" else LOOK.read_bytes()
        return Answer.page(body)

    with Server(answer) as server, TemporaryDirectory(prefix="chromium-") as profile:
        own = (f"--user-data-dir={profile}", "--dump-dom", *options, f"{server.url}{path}")
        done = subprocess.run(
            ["chromium", *OPTIONS, *own], capture_output=True, timeout=90, check=True
        )
        return done.stdout.decode(), [exchange.path for exchange in server.exchanges]
