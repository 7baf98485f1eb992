"""Certificates that do not check: refused by default, told in a line, taken when asked to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.warc_reader import read_folder

NOW = datetime.now(UTC)
YESTERDAY, LAST_WEEK = NOW - timedelta(days=1), NOW - timedelta(days=7)


class Case:
    """A site with a certificate of `kind`, and an archive of it."""

    def __init__(self, kind: str, folder: Path) -> None:
        authority = trustme.CA()
        if kind == "expired":
            leaf = authority.issue_cert("127.0.0.1", not_before=LAST_WEEK, not_after=YESTERDAY)
        else:
            leaf = authority.issue_cert("other.example" if kind == "misnamed" else "127.0.0.1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        known = folder / "ca.pem"
        # Nobody on this machine has heard of the authority of a certificate `of nobody known`.
        (trustme.CA() if kind == "unknown" else authority).cert_pem.write_to_path(str(known))
        self.known = str(known)
        self.room = Newsroom(Site(4), tls=context)
        self.baygan = Baygan(folder)

    def write(self, more: str = "") -> None:
        toml = f'[sites.news]\nurl = "{self.room.url}"\nallow_private = true\ndelay = 0\n'
        (self.baygan.folder / "sites.toml").write_text(toml + more)


@pytest.fixture(params=["expired", "misnamed", "unknown"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    case = Case(request.param, tmp_path)
    with case.room:
        case.write()
        yield case


def test_it_is_refused_in_a_line_and_taken_only_when_asked_to(case: Case) -> None:
    done = case.baygan("crawl", SSL_CERT_FILE=case.known)
    assert (done.code, done.out) == (1, "")
    [warning] = done.err.splitlines()
    place = case.room.url.removeprefix("https://").rstrip("/")
    assert warning.startswith(f"Warning: news: the certificate of {place} is ")
    assert "verify_tls = false in sites.toml" in warning
    assert case.room.exchanges == []
    probe = case.baygan("probe", case.room.url, "--allow-private", SSL_CERT_FILE=case.known)
    assert (probe.code, probe.out) == (3, "")
    assert "the certificate of" in probe.err and "Traceback" not in probe.err

    case.write("verify_tls = false\n")
    assert case.baygan("crawl", SSL_CERT_FILE=case.known).code == 0
    records = read_folder(case.baygan.folder / "news")
    metadata = [record.block for record in records if record.kind == "metadata"]
    assert metadata and all(b"tls-verified: false" in block for block in metadata)
    shown = case.baygan("status")
    assert shown.code == 0 and "certificates are not verified (verify_tls = false" in shown.out
    [state] = case.baygan("status", "--json").lines
    assert state["verify_tls"] is False


def test_a_good_certificate_is_no_matter(tmp_path: Path) -> None:
    case = Case("good", tmp_path)
    with case.room:
        case.write()
        done = case.baygan("crawl", SSL_CERT_FILE=case.known)
    assert (done.code, done.out, done.err) == (0, "", "")
    records = read_folder(tmp_path / "news")
    assert not any(b"tls-verified" in record.block for record in records)
    assert "certificates" not in case.baygan("status").out


@pytest.fixture
def old_server() -> Iterator[int]:
    """The port of a server that knows no TLS the client speaks, and says so as RFC 8446 (6)
    wants it: a fatal alert, `protocol_version`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client:
                    client.recv(65536)
                    client.sendall(bytes.fromhex("15 03 01 00 02 02 46"))
                    client.recv(65536)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_a_server_of_old_tls_is_named(old_server: int, tmp_path: Path) -> None:
    toml = f'[sites.news]\nurl = "https://127.0.0.1:{old_server}/"\nallow_private = true\n'
    (tmp_path / "sites.toml").write_text(toml)
    done = Baygan(tmp_path)("crawl")
    assert (done.code, done.out) == (1, "")
    [warning] = done.err.splitlines()
    assert "speaks only an old TLS" in warning
