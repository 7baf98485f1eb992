"""sites.toml: what it may say, and for every mistake the place and the way out."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from archive.errors import FolderError, NoArchive, SettingsError, UnknownSite
from archive.folder import Archive
from archive.sites import Site
from archive.sites_toml import read_settings

OK = '[sites.khabar]\nurl = "https://khabar.example/"\n'


def read(folder: Path, text: str) -> dict[str, Site]:
    path = folder / "sites.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path).sites


def test_all_that_it_may_say(tmp_path: Path) -> None:
    sites = read(
        tmp_path,
        '\ufeff[archive]\ntitle = "خبر"\noperator = "o"\ncontact = "a@b.example"\n'
        "[defaults]\ndelay = 2\nskip = ['/video/']\n"
        + OK
        + "since = 2019-01-01\ntypes = ['post']\n"
        "remove = ['div.ad']\ncontent = 'div.body'\nsitemap = 'https://khabar.example/n.xml'\n"
        "verify_tls = false\n"
        "[sites.lab]\nurl = 'http://127.0.0.1:8/'\nallow_private = true\ndelay = 0\n",
    )
    assert sites["khabar"] == Site(
        name="khabar",
        url="https://khabar.example/",
        delay=2,
        skip=("/video/",),
        since=date(2019, 1, 1),
        types=("post",),
        remove=("div.ad",),
        content="div.body",
        sitemap="https://khabar.example/n.xml",
        verify_tls=False,
    )
    assert (sites["lab"].delay, sites["lab"].allow_private) == (0, True)


# What is wrong, and what the message must hold: the place and the way out.
MISTAKES = [
    ("[sites\n[b]", ["line 1"]),
    ('[sites.khabar]\nurl = "https://k.example/"\nurl = "x"\n#', ["line 3"]),
    ("[site.khabar]\nurl = 'https://k.example/'", ["'site'", "Did you mean 'sites'"]),
    (OK + "dealy = 2", ["[sites.khabar]", "'dealy'", "Did you mean 'delay'"]),
    ("[defaults]\nurl = 'https://k.example/'\n" + OK, ["[defaults]", "'url'"]),
    ("[archive]\ncontakt = 'x'\n" + OK, ["[archive]", "Did you mean 'contact'"]),
    ('[archive]\ncontact = "a\\r\\nX-Evil: 1"\n' + OK, ["[archive]", "contact", "one line"]),
    ("archive = 'x'", ["archive"]),
    ("sites = []", ["sites"]),
    ("[sites]\nkhabar = 'https://k.example/'", ["khabar", "[sites.khabar]"]),
    ("[sites.khabar]\n", ["[sites.khabar]", "url is missing", 'url = "https://']),
    ("[sites.Khabar]\nurl = 'https://k.example/'", ["'Khabar'", "a-z"]),
    ('[sites."خبر"]\nurl = "https://k.example/"', ["خبر", "a-z"]),
    ('[sites."../up"]\nurl = "https://k.example/"', ["../up", "a-z"]),
    ("[sites.khabar.ir]\nurl = 'https://k.example/'", ["[sites.khabar]", "'ir'"]),
    ("[sites.logs]\nurl = 'https://k.example/'", ["'logs'", "folder"]),
    ("[sites.quarantine]\nurl = 'https://k.example/'", ["'quarantine'", "folder"]),
    ("[sites.k]\nurl = 7", ["[sites.k]", "url = 7", "web address"]),
    ("[sites.k]\nurl = ''", ["[sites.k]", "url", "web address"]),
    ("[sites.k]\nurl = 'khabar.example'", ["[sites.k]", "https://"]),
    ("[sites.k]\nurl = 'ftp://khabar.example/'", ["[sites.k]", "https://"]),
    ("[sites.k]\nurl = 'http://[bad'", ["[sites.k]", "https://"]),
    ("[sites.k]\nurl = 'http://k.example:99999/'", ["[sites.k]", "https://"]),
    ("[sites.k]\nurl = 'http://k.example/ a'", ["[sites.k]", "https://"]),
    ("[sites.k]\nurl = 'https://me:secret@k.example/'", ["[sites.k]", "password"]),
    (OK + "sitemap = 'news.xml'", ["[sites.khabar]", "sitemap", "https://"]),
    (OK + "delay = '1'", ["[sites.khabar]", "delay", "number of seconds"]),
    (OK + "delay = true", ["[sites.khabar]", "delay", "number of seconds"]),
    (OK + "delay = 0.1", ["[sites.khabar]", "0.5", "allow_private = true"]),
    (OK + "delay = 0", ["[sites.khabar]", "0.5", "allow_private = true"]),
    (OK + "delay = -1\nallow_private = true", ["[sites.khabar]", "delay = -1"]),
    (OK + "delay = inf", ["[sites.khabar]", "delay = inf", "3600"]),
    (OK + "delay = nan", ["[sites.khabar]", "delay = nan", "3600"]),
    (OK + "since = 2019", ["[sites.khabar]", "since", "2019-01-01"]),
    (OK + "since = 'last year'", ["[sites.khabar]", "since", "2019-01-01"]),
    (OK + "since = '1404-12-30'", ["[sites.khabar]", "since = '1404-12-30'", "2019-01-01"]),
    (OK + "since = 1404-02-30", ["line 3"]),
    (OK + "since = 2019-01-01T00:00:00", ["[sites.khabar]", "since", "2019-01-01"]),
    (OK + "skip = '/tag/'", ["[sites.khabar]", "skip", '["/tag/"]']),
    (OK + "skip = ['']", ["[sites.khabar]", "skip", '["/tag/"]']),
    (OK + "types = [1]", ["[sites.khabar]", "types", '["post"]']),
    (OK + "remove = [['a']]", ["[sites.khabar]", "remove", "CSS"]),
    (OK + "content = ['a']", ["[sites.khabar]", "content", "CSS"]),
    (OK + "budget = 0", ["[sites.khabar]", "budget = 0", "1 or more"]),
    (OK + "budget = 1.5", ["[sites.khabar]", "budget = 1.5", "whole number"]),
    (OK + "budget = true", ["[sites.khabar]", "budget", "whole number"]),
    (OK + "proxi = 'http://p.example:1'", ["[sites.khabar]", "Did you mean 'proxy'"]),
    (OK + "proxy = ['http://u:secret@p.example:1']", ["[sites.khabar]", "proxy", "address"]),
    (OK + "proxy = 'http://u:secret@p.example'", ["[sites.khabar]", "proxy", ":3128"]),
    (OK + "proxy = 'socks5://u:secret@p.example:1'", ["[sites.khabar]", "proxy", ":3128"]),
    (OK + "proxy = 'http://u:secret@p.example:1/x'", ["[sites.khabar]", "proxy", ":3128"]),
    (OK + "proxy = 'http://u:secret@p.example:99999'", ["[sites.khabar]", "proxy", ":3128"]),
    (OK + OK, ["line 3"]),
    (OK + "since = 2019-13-01", ["line 3"]),
    (OK + "verify_tls = 'no'", ["[sites.khabar]", "verify_tls", "true or false"]),
    (OK + "allow_private = 1", ["[sites.khabar]", "allow_private", "true or false"]),
]


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=lambda value: str(value)[-40:])
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert "sites.toml" in message and "\n" not in message
    for word in words:
        assert word in message
    assert "secret" not in message
    assert caught.value.exit_code == 2


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_bytes(b"# \xce\xc8\xd1\n" + OK.encode())
    with pytest.raises(SettingsError, match="not UTF-8 at byte 2"):
        read_settings(path)


def test_a_folder_without_or_with_an_odd_sites_toml(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="baygan init"):
        Archive(tmp_path)
    (tmp_path / "sites.toml").mkdir()
    with pytest.raises(FolderError, match="cannot read"):
        Archive(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    read(tmp_path, OK)
    (tmp_path / "sites.toml").chmod(0)
    with pytest.raises(FolderError, match="Permission denied"):
        Archive(tmp_path)


def test_a_proxy_s_password_is_in_no_site_s_repr(tmp_path: Path) -> None:
    site = read(tmp_path, OK + "proxy = 'http://u:secret@p.example:1'")["khabar"]
    assert site.proxy == "http://u:secret@p.example:1"
    assert "secret" not in repr(site)


def test_a_name_that_is_not_there(tmp_path: Path) -> None:
    read(tmp_path, OK)
    with pytest.raises(UnknownSite, match=r"Did you mean 'khabar'\? Sites: khabar"):
        Archive(tmp_path).site("kabar")


def test_a_new_archive_can_be_read_and_added_to(tmp_path: Path) -> None:
    archive = Archive.create(tmp_path / "deep" / "new")
    assert archive.settings.sites == {}
    archive.add("khabar", "https://khabar.example/")
    archive.add("lab", "http://127.0.0.1:8/", allow_private=True)
    assert list(Archive(archive.path).settings.sites) == ["khabar", "lab"]
    before = (archive.path / "sites.toml").read_bytes()
    for name, url in (("khabar", "https://b.example/"), ("b", "https://khabar.example/")):
        with pytest.raises(SettingsError, match="already"):
            archive.add(name, url)
    for name, url in (("logs", "https://b.example/"), ("b", "b.example")):
        with pytest.raises(SettingsError):
            archive.add(name, url)
    with pytest.raises(SettingsError, match="already"):
        Archive.create(archive.path)
    assert (archive.path / "sites.toml").read_bytes() == before
