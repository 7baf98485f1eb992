"""A site behind a proxy, and the proxy's password, which must stand nowhere."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.warc_reader import findings, read_folder

USER, WORD = "sara", "raz-e-man"
PASS = base64.b64encode(f"{USER}:{WORD}".encode())


class Proxy:
    """A small HTTP proxy on 127.0.0.1 that asks for a password; `heads` is what it was asked.

    It looks at the first request of a connection and hands on the rest, as for CONNECT; unless it
    `opens` no way to anywhere.
    """

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.opens = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._handle, args=(client,), daemon=True).start()

    def _handle(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                data = client.recv(65536)
                if not data:
                    return
                head += data
            self.heads.append(head)
            if b"Proxy-Authorization: Basic " + PASS not in head:
                client.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
                return
            method, target, _ = head.partition(b"\r\n")[0].split(b" ")
            if method == b"CONNECT" and not self.opens:
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            place = target.removeprefix(b"http://").partition(b"/")[0].decode()
            host, _, port = place.partition(":")
            with socket.create_connection((host, int(port))) as server:
                if method == b"CONNECT":
                    client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                else:
                    server.sendall(head)
                other = threading.Thread(target=_pump, args=(client, server), daemon=True)
                other.start()
                _pump(server, client)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = Proxy()
    yield server
    server.close()


def name_proxy(folder: Path, proxy: str) -> None:
    toml = folder / "sites.toml"
    toml.write_text(toml.read_text() + f'proxy = "{proxy}"\n')


def stored(folder: Path) -> bytes:
    """Everything in the archive but sites.toml, WARC records unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "sites.toml"]
    records = [record.block for record in read_folder(folder)]
    return b"".join([*(path.read_bytes() for path in files), *records])


def test_every_request_goes_through_the_proxy_and_its_password_stands_nowhere(
    baygan: Baygan, newsroom: Newsroom, proxy: Proxy
) -> None:
    name_proxy(baygan.folder, f"http://{USER}:{WORD}@127.0.0.1:{proxy.port}")
    done = baygan("crawl", "-vv")
    assert done.code == 0
    assert len(baygan("export").lines) == len(newsroom.site.listed())
    # The proxy hands on what it got: all of it came that way.
    assert all(PASS in exchange.request for exchange in newsroom.exchanges)
    held = stored(baygan.folder)
    for secret in (WORD.encode(), PASS, b"Proxy-Authorization: Basic"):
        assert secret not in held
        assert secret.decode() not in done.out + done.err
    assert findings(read_folder(baygan.folder / "news")) == []


def test_over_tls_the_proxy_sees_only_where_to(tmp_path: Path, proxy: Proxy) -> None:
    with Newsroom(tls=True) as room:
        toml = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (tmp_path / "sites.toml").write_text(toml)
        name_proxy(tmp_path, f"http://{USER}:{WORD}@127.0.0.1:{proxy.port}")
        baygan = Baygan(tmp_path)
        assert room.server.ca_file
        done = baygan("crawl", "--limit", "3", "--json", SSL_CERT_FILE=str(room.server.ca_file))
        assert (done.code, json.loads(done.out)["new"]) == (0, 3)
        assert {head.split(b" ")[0] for head in proxy.heads} == {b"CONNECT"}
        assert all(b"roxy-" not in exchange.request for exchange in room.exchanges)
        assert WORD.encode() not in stored(tmp_path)


def test_a_proxy_that_opens_no_way_is_named(tmp_path: Path, proxy: Proxy) -> None:
    proxy.opens = False
    with Newsroom(tls=True) as room:
        toml = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\n'
        (tmp_path / "sites.toml").write_text(toml)
        name_proxy(tmp_path, f"http://{USER}:{WORD}@127.0.0.1:{proxy.port}")
        done = Baygan(tmp_path)("crawl")
        assert room.exchanges == []
    assert (done.code, done.out) == (1, "")
    [warning] = done.err.splitlines()
    assert "proxy" in warning and WORD not in warning


def test_a_proxy_that_is_not_there_or_knows_us_not(
    baygan: Baygan, newsroom: Newsroom, proxy: Proxy
) -> None:
    name_proxy(baygan.folder, f"http://{USER}:false@127.0.0.1:{proxy.port}")
    done = baygan("crawl")
    assert done.code == 1
    assert "407" in done.err
    assert newsroom.exchanges == []
    proxy.close()
    done = baygan("crawl")
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "false" not in done.err + (stored(baygan.folder)).decode("utf-8", "replace")
