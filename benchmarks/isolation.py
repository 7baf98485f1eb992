"""How much a healthy site is held up by others in the same run that answer with much, or badly.

python -m benchmarks.isolation [--pages N] [--sites N]

A newsroom with a request every 0.25 s is crawled alone, then beside sites that list 100,000
addresses, serve pages of 300,000 tags, or never end a header. Each has a host of its own. Printed
for each company: the rate of the healthy site in percent of its rate alone, and its longest wait
between two pages. The bars: 95 %, and 1 s.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan

DELAY = 0.25
Answer = Callable[[BaseHTTPRequestHandler, str], None]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.isolation")
    parser.add_argument("--pages", type=int, default=40, metavar="N")
    parser.add_argument("--sites", type=int, default=9, metavar="N")
    given = parser.parse_args()
    alone, wait = crawl(given.pages, None, 0)
    print(f"alone              {alone:5.2f} pages a second   longest wait {wait:.2f} s")
    for name, answer in COMPANY.items():
        rate, wait = crawl(given.pages, answer, given.sites)
        told = f"{rate:5.2f} pages a second   longest wait {wait:.2f} s"
        print(f"beside {given.sites} {name:8}  {told}   {100 * rate / alone:.0f} %")


def crawl(pages: int, answer: Answer | None, sites: int) -> tuple[float, float]:
    """Pages a second of the healthy site, and its longest wait in seconds."""
    with ExitStack() as stack:
        room = stack.enter_context(Newsroom(Site(pages, seed=5), host="127.0.6.1"))
        others = [
            stack.enter_context(_Bad(f"127.0.7.{n + 1}", answer)) for n in range(sites) if answer
        ]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tables = [f'[sites.healthy]\nurl = "{room.url}"\ndelay = {DELAY}\n']
        tables += [
            f'[sites.bad-{n}]\nurl = "{one.url}"\ndelay = 0.1\n' for n, one in enumerate(others)
        ]
        (folder / "sites.toml").write_text("[defaults]\nallow_private = true\n" + "".join(tables))
        process = Baygan(folder).start("crawl")
        seen: dict[str, float] = {}
        wanted = {post.path for post in room.posts}
        while len(seen) < len(wanted) and process.poll() is None:
            for one in room.exchanges:
                if one.target in wanted:
                    seen.setdefault(one.target, time.monotonic())
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    moments = sorted(seen.values())
    waits = [after - before for before, after in pairwise(moments)]
    return len(waits) / (moments[-1] - moments[0]), max(waits)


class _Bad(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, answer: Answer | None) -> None:
        assert answer
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                assert answer
                answer(self, server.url)

            def log_message(self, *told: object) -> None:
                return

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    return

        super().__init__((host, 0), Handler)
        self.url = f"http://{host}:{self.server_port}/"

    def __enter__(self) -> _Bad:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


def _send(handler: BaseHTTPRequestHandler, body: str, kind: str = "text/html") -> None:
    data = body.encode()
    handler.send_response(200)
    handler.send_header("Content-Type", f"{kind}; charset=utf-8")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def _listed(handler: BaseHTTPRequestHandler, url: str, count: int, page: str) -> None:
    """A site without REST whose sitemap lists `count` addresses, and whose pages are `page`."""
    if handler.path == "/robots.txt":
        _send(handler, f"Sitemap: {url}sitemap.xml\n", "text/plain")
    elif handler.path == "/sitemap.xml":
        entries = "".join(f"<url><loc>{url}2025/{n}/</loc></url>" for n in range(count))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        _send(handler, f'<urlset xmlns="{space}">{entries}</urlset>', "application/xml")
    elif handler.path == "/":
        _send(handler, '<link href="/wp-content/themes/x/a.css"><p>wp</p>')
    elif handler.path.startswith("/2025/"):
        _send(handler, page)
    else:
        handler.send_error(404)


def _many(handler: BaseHTTPRequestHandler, url: str) -> None:
    _listed(handler, url, 100_000, "<html><body><article><p>خبر</p></article></body></html>")


def _tags(handler: BaseHTTPRequestHandler, url: str) -> None:
    tags = "<i>" * 150_000 + "</i>" * 150_000
    _listed(handler, url, 20, f"<html><body><article>{tags}</article></body></html>")


def _endless(handler: BaseHTTPRequestHandler, url: str) -> None:
    handler.send_response(200)
    for number in range(1_000_000):
        handler.send_header(f"X-{number}", "x" * 200)
        if number % 500 == 0:
            handler.flush_headers()


COMPANY: dict[str, Answer] = {"listings": _many, "tags": _tags, "headers": _endless}

if __name__ == "__main__":
    main()
