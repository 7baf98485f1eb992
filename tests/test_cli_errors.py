"""What goes wrong is told in one paragraph with the right code, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.server import Server
from tests.process import Baygan, Outcome, environment

SITE = '[sites.khabar]\nurl = "https://khabar.example/"\n'

MISTAKES = {
    "[sites.khabar\n": "sites.toml: Expected ']' at the end of a table declaration (at line 1",
    "[site.khabar]\nurl = 1\n": "sites.toml: no such key 'site'. Did you mean 'sites'?",
    "sites = 3\n": "sites.toml: sites = 3 must be a table.",
    "[sites]\nkhabar = 3\n": "sites.toml: khabar must be a table: [sites.khabar]",
    "[sites.khabar]\ndelay = 2\n": "sites.toml, [sites.khabar]: url is missing",
    "[sites.khabar]\nurl = 7\n": "[sites.khabar]: url = 7 must be a",
    '[sites.khabar]\nurl = "khabar.example"\n': "url = 'khabar.example' is no web address",
    '[sites.khabar]\nurl = "ftp://khabar.example"\n': "it begins with https:// or http://",
    '[sites.khabar]\nurl = "https://a:b@khabar.example/"\n': "a user name or a password",
    '[sites.Khabar]\nurl = "https://khabar.example/"\n': "'Khabar' cannot be a site's name",
    '[sites."../x"]\nurl = "https://khabar.example/"\n': "'../x' cannot be a site's name",
    SITE + "delya = 2\n": "[sites.khabar]: no such key 'delya'. Did you mean 'delay'?",
    SITE + 'delay = "2"\n': "[sites.khabar]: delay = '2' must be a number of seconds.",
    SITE + "delay = true\n": "[sites.khabar]: delay = True must be a number of seconds.",
    SITE + "delay = 0.1\n": "delay = 0.1 is under 0.5 s, which is rude",
    SITE + "delay = -1\nallow_private = true\n": "delay = -1 is under 0.5 s",
    SITE + "since = 2019\n": "since = 2019 must be a date such as 2019-01-01",
    SITE + 'since = "1403-13"\n': "since = '1403-13' is no date; write 2019-01-01",
    SITE + 'skip = "/tag/"\n': "skip = '/tag/' must be a list of strings",
    SITE + "skip = [1]\n": "must be a list of strings",
    SITE + 'verify_tls = "no"\n': "verify_tls = 'no' must be true or false.",
    '[archive]\ncontakt = "x"\n': "[archive]: no such key 'contakt'. Did you mean 'contact'?",
    '[defaults]\nurl = "https://khabar.example/"\n': "[defaults]: no such key 'url'.",
    "[defaults]\ndelay = 0.1\n" + SITE: "[sites.khabar]: delay = 0.1 is under 0.5 s",
}


def paragraph(done: Outcome) -> str:
    """The one paragraph an error is; nothing else was printed, and no traceback."""
    assert done.out == ""
    [line] = done.err.splitlines()
    assert line.startswith("Error: ")
    return line


@pytest.mark.parametrize("toml", MISTAKES, ids=range(len(MISTAKES)))
def test_each_mistake_in_sites_toml_is_named(tmp_path: Path, toml: str) -> None:
    (tmp_path / "sites.toml").write_text(toml)
    done = Baygan(tmp_path)("crawl")
    assert done.code == 2
    assert MISTAKES[toml] in paragraph(done)
    assert (tmp_path / "sites.toml").read_text() == toml
    assert [path.name for path in tmp_path.iterdir()] == ["sites.toml"]


SELECTORS = {
    'remove = ["div.ok", "div[["]': "[sites.news]: remove: 'div[[' is no CSS selector",
    'content = "div:has("': "[sites.news]: content: 'div:has(' is no CSS selector",
    'content = "div:no-such-thing"': "[sites.news]: content: 'div:no-such-thing' is no CSS",
}


@pytest.mark.parametrize("line", SELECTORS)
def test_a_selector_that_is_no_css_is_named_before_any_request(
    baygan: Baygan, newsroom: Newsroom, line: str
) -> None:
    with (baygan.folder / "sites.toml").open("a") as toml:
        toml.write(line + "\n")
    done = baygan("crawl")
    assert done.code == 2
    assert SELECTORS[line] in paragraph(done)
    assert newsroom.exchanges == []
    assert [path.name for path in baygan.folder.iterdir()] == ["sites.toml"]


def test_an_empty_sites_toml_and_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_bytes(b"")
    assert "names no site yet" in paragraph(Baygan(tmp_path)("crawl"))
    (tmp_path / "sites.toml").unlink()
    (tmp_path / "sites.toml").mkdir()
    done = Baygan(tmp_path)("crawl")
    assert done.code == 1
    assert "Is a directory. Nothing was changed." in paragraph(done)


def test_sites_toml_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_bytes("# خبر\n".encode("utf-16"))
    done = Baygan(tmp_path)("crawl")
    assert done.code == 2
    assert "not UTF-8 at byte 0" in paragraph(done)


def test_an_unknown_site_is_named_with_the_known_ones(baygan: Baygan) -> None:
    for command in ("crawl", "status", "export"):
        done = baygan(command, "nwes")
        assert done.code == 2
        told = paragraph(done)
        assert told == "Error: no site 'nwes' in sites.toml. Did you mean 'news'? Sites: news"


def test_a_folder_that_is_no_archive(tmp_path: Path) -> None:
    for command in (
        ("crawl",),
        ("status",),
        ("export",),
        ("show", "x"),
        ("add", "http://x.example/"),
    ):
        done = Baygan(tmp_path)(*command)
        assert done.code == 2
        assert f"no archive here: {tmp_path} has no sites.toml. Make one with: baygan init" in (
            paragraph(done)
        )
        assert list(tmp_path.iterdir()) == []


def test_an_archive_without_a_site_has_nothing_to_crawl(tmp_path: Path) -> None:
    baygan = Baygan(tmp_path)
    baygan("init")
    done = baygan("crawl")
    assert done.code == 2
    assert paragraph(done).endswith("names no site yet. Add one with: baygan add URL")


def test_an_article_that_is_not_there(baygan: Baygan) -> None:
    done = baygan("show", "news/post/1")
    assert done.code == 2
    assert "no article 'news/post/1' in this archive" in paragraph(done)


def test_misspelt_options_and_values(baygan: Baygan) -> None:
    wrong = {
        ("crwl",): "Did you mean 'crawl'?",
        ("crawl", "--dryrun"): "Did you mean",
        ("crawl", "--limit", "0"): "0 is not in the range x>=1",
        (
            "crawl",
            "--since",
            "1405-13-01",
        ): "'1405-13-01' is no day; write 2026-11-22 or 1405-09-01.",
        ("export", "--since", "1404-12-30"): "'1404-12-30' is no day; write 2026-11-22",
        ("export", "--since", "1404", "--until", "1403"): "nothing lies between",
        ("crawl", "--stop-after", "soon"): "'soon' is no length of time; write 90m, 6h or 30s.",
        ("export", "--fields", "titel"): "no key 'titel' in a line",
        ("clean", "no-such-file"): "No such file",
    }
    baygan("crawl", "--limit", "1")
    for arguments, words in wrong.items():
        done = baygan(*arguments)
        assert (done.code, done.out) == (2, "")
        assert words in done.err
        assert "Traceback" not in done.err


def test_add_writes_nothing_when_the_site_is_no_wordpress(tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><html><body><h1>A shop</h1><p>Nothing of WordPress.</p></body></html>"
    baygan = Baygan(tmp_path)
    baygan("init")
    before = (tmp_path / "sites.toml").read_text()
    with Server(lambda request: Answer.page(page)) as server:
        done = baygan("add", server.url, "--allow-private")
    assert done.code == 1
    assert "neither WordPress's REST API nor a sitemap" in paragraph(done)
    assert (tmp_path / "sites.toml").read_text() == before


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/", "http://127.0.0.1:1/ gave no answer (refused-connection)"),
        ("http://no-such-host.invalid/", "gave no answer (no-such-host)"),
        ("https://127.0.0.1:1/", "gave no answer (refused-connection)"),
        ("khabar.example", "url = 'khabar.example' is no web address"),
    ],
)
def test_add_writes_nothing_when_there_is_no_answer(tmp_path: Path, url: str, words: str) -> None:
    baygan = Baygan(tmp_path)
    baygan("init")
    before = (tmp_path / "sites.toml").read_text()
    for command in ("add", "probe"):
        done = baygan(command, url, "--allow-private")
        assert done.code == (1 if "://" in url else 2)
        assert words in paragraph(done)
    assert (tmp_path / "sites.toml").read_text() == before


def test_a_private_address_is_asked_only_when_allowed(tmp_path: Path, newsroom: Newsroom) -> None:
    done = Baygan(tmp_path)("probe", newsroom.url)
    assert done.code == 1
    told = paragraph(done)
    assert "127.0.0.1 is not a public address. Nothing was sent to it." in told
    assert "allow_private = true" in told
    assert newsroom.exchanges == []


def test_a_site_held_by_another_run(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("hang", "/20*")
    first = baygan.start("crawl")
    lock = baygan.folder / "news" / ".lock"
    deadline = time.monotonic() + 30
    while not lock.exists() or not lock.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second = baygan("crawl")
    assert second.code == 5
    assert f"another baygan is at work on news (pid {first.pid}, since" in paragraph(second)
    assert "use --wait 10m" in second.err
    assert baygan("crawl", "--wait", "0.5s").code == 5
    # Reading needs no lock, and the lock goes with its process however that ends.
    assert baygan("status").code == 0
    first.kill()
    first.communicate()
    newsroom.be("calm")
    assert baygan("crawl").code == 0
    assert baygan("status", "--json").lines[0]["articles"] == len(newsroom.site.listed())


def test_a_folder_that_cannot_be_written(baygan: Baygan, newsroom: Newsroom) -> None:
    # A file where a folder should be stops even root, whom permissions do not.
    (baygan.folder / "logs").write_text("")
    done = baygan("crawl")
    assert done.code == 1
    told = paragraph(done)
    assert str(baygan.folder / "logs") in told
    assert "Nothing was fetched" in told
    assert newsroom.exchanges == []


def test_the_command_line_imports_nothing_heavy() -> None:
    code = (
        "import sys, scraper.cli;"
        "heavy = {'scrapy', 'trafilatura', 'twisted', 'lxml', 'rich', 'aiohttp'};"
        "print(*sorted(heavy & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout == "\n"
