"""`baygan add --list`: many sites are looked at side by side, and what cannot be added is told."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan, Outcome

COUNTS = (5, 9, 14)


@pytest.fixture(scope="module")
def rooms() -> Iterator[list[Newsroom]]:
    """Three newsrooms, each on a host of its own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(Newsroom(Site(count, seed=count), host=f"127.0.3.{count}"))
            for count in COUNTS
        ]


@pytest.fixture
def baygan(tmp_path: Path) -> Baygan:
    (tmp_path / "sites.toml").write_text('# نخستین خط\n[archive]\ntitle = "خبرها"\n')
    return Baygan(tmp_path)


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """A site that is not made with WordPress."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = "<html><body><p>فروشگاه فرش و گلیم</p></body></html>".encode()
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.4.1", 0), Shop) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.4.1:{server.server_port}/"
        server.shutdown()


def given(baygan: Baygan, text: str | bytes, *options: str) -> Outcome:
    path = baygan.folder.parent / "sites.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return baygan("add", "--list", str(path), "--allow-private", *options)


def named(baygan: Baygan) -> dict[str, str]:
    told = tomllib.loads((baygan.folder / "sites.toml").read_text())
    return {name: site["url"] for name, site in told.get("sites", {}).items()}


def test_a_line_an_address(baygan: Baygan, rooms: list[Newsroom], shop: str) -> None:
    with socket.create_server(("127.0.4.2", 0)) as taken:
        closed = f"http://127.0.4.2:{taken.getsockname()[1]}/"
    urls = [room.url for room in rooms]
    done = given(baygan, "# روزنامه‌ها\n\n" + "\n".join([*urls, shop, closed, "khabar", urls[0]]))
    assert done.code == 3
    assert sorted(named(baygan).values()) == sorted(urls)
    assert (baygan.folder / "sites.toml").read_text().startswith("# نخستین خط\n")
    errors = done.err.splitlines()
    assert len(errors) == 3
    for url, why in ((shop, "WordPress"), (closed, "127.0.4.2"), ("khabar", "no web address")):
        [told] = [line for line in errors if line.startswith(f"Error: not added: {url}: ")]
        assert why in told
    assert list(named(baygan)) == ["127-0-3-5", "127-0-3-9", "127-0-3-14"]
    again = given(baygan, "\n".join(urls))
    assert (again.code, again.out, again.err) == (0, "", "")
    assert len(named(baygan)) == len(urls)


def test_csv_with_names_and_json(baygan: Baygan, rooms: list[Newsroom]) -> None:
    first, second, third = (room.url for room in rooms)
    rows = f"\ufeffName,URL,city\r\nbamdad,{first},تهران\r\n,{second},\r\nBad Name,{third},قم\r\n"
    done = given(baygan, rows, "--json")
    assert done.code == 3
    assert named(baygan) == {"bamdad": first, "127-0-3-9": second}
    found = {line["url"]: line for line in done.lines}
    assert found[first]["site"] == "bamdad"
    assert found[first]["totals"]["post"] == len(rooms[0].site.listed("post"))
    assert "cannot be a site's name" in found[third]["problems"][0]


def test_they_are_looked_at_side_by_side(baygan: Baygan, rooms: list[Newsroom]) -> None:
    """Every site is asked for something before the first one has had all its requests."""
    for room in rooms:
        room.server.forget()
    assert given(baygan, "\n".join(room.url for room in rooms)).code == 0
    counts = [len(room.exchanges) for room in rooms]
    assert min(counts) >= 4
    assert baygan("crawl", "--dry-run").code == 0


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", (), "the list has 0 addresses"),
        ("# nothing\n", (), "the list has 0 addresses"),
        (b"\xff\xfe\x00h\x00t", (), "the list is no text"),
        ("http://127.0.0.1:1/", ("--name", "khabar"), "--name is for one address"),
        ("http://127.0.0.1:1/", ("http://127.0.0.1:1/",), "give one address, or a file"),
    ],
)
def test_a_list_that_is_none(
    baygan: Baygan, text: str | bytes, options: tuple[str, ...], said: str
) -> None:
    before = (baygan.folder / "sites.toml").read_text()
    done = given(baygan, text, *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert (baygan.folder / "sites.toml").read_text() == before


def test_nothing_could_be_added(baygan: Baygan, shop: str) -> None:
    done = given(baygan, f"{shop}\n")
    assert (done.code, named(baygan)) == (1, {})


def test_neither_an_address_nor_a_list(baygan: Baygan) -> None:
    done = baygan("add")
    assert (done.code, "give one address, or a file of addresses" in done.err) == (2, True)


def test_a_person_sees_what_was_found(baygan: Baygan, rooms: list[Newsroom]) -> None:
    path = baygan.folder / "list"
    path.write_text(rooms[0].url)
    seen = baygan("add", "--list", str(path), "--allow-private", terminal=True).err
    assert "looking at 1 site, " in seen
    assert "added [sites.127-0-3-5]: WordPress REST: " in seen
    assert seen.rstrip().endswith("1 added, 0 there already, 0 not added")
    quiet = baygan("add", "--list", str(path), "--allow-private", "--quiet", terminal=True)
    assert quiet.err == ""


def test_probe_as_json(baygan: Baygan, rooms: list[Newsroom]) -> None:
    done = baygan("probe", rooms[1].url, "--allow-private", "--json")
    assert (done.code, done.err) == (0, "")
    [found] = done.lines
    assert found["source"] == "rest"
    assert found["totals"]["post"] == len(rooms[1].site.listed("post"))
    assert found["sample"]["title"] in {post.title for post in rooms[1].posts}
