"""The bars: one style in all commands that take long, on a terminal only, and gone at the end."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import COMMAND, Baygan, on_terminal

BAR = "━"
COLOUR = re.compile(r"\x1b\[[\d;]*m")
COMMANDS = {
    ("crawl", "--again"): r"khabar ━.*\d+/\d+ \d+/min",
    ("check",): r"checking khabar ━.*\d\.\d/\d\.\d MB",
    ("rebuild",): r"rebuilding khabar ━.*\d+/\d+",
    ("export", "--wacz", "news.wacz"): r"packing ━.*\d\.\d/\d\.\d MB",
    ("export", "--sqlite", "news.db"): r"exporting ━.*\d+",
}


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(8)) as room:
        yield room


@pytest.fixture(scope="module")
def baygan(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Baygan:
    folder = tmp_path_factory.mktemp("news")
    (folder / "sites.toml").write_text(
        f'[sites.khabar]\nurl = "{room.url}"\nallow_private = true\ndelay = 0.02\n'
    )
    baygan = Baygan(folder)
    assert baygan("crawl").code == 0
    return baygan


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_bar_grows_and_vanishes(baygan: Baygan, command: tuple[str, ...]) -> None:
    done = baygan(*command, terminal=True)
    assert done.code == 0
    seen = COLOUR.sub("", done.err)
    assert re.search(COMMANDS[command], seen), seen
    # The cursor is shown again, the line erased, and nothing of a bar stands behind that.
    *_, last = seen.split("\x1b[2K")
    assert BAR not in last
    assert "\x1b[?25h" in seen


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_bar_without_a_terminal_or_with_quiet(baygan: Baygan, command: tuple[str, ...]) -> None:
    piped = baygan(*command)
    assert (piped.code, piped.err) == (0, "")
    quiet = baygan(*command, "--quiet", terminal=True)
    assert (quiet.code, quiet.err) == (0, "")


def test_the_bar_of_a_new_site_grows_though_its_pages_wait(room: Newsroom, tmp_path: Path) -> None:
    """They are cleaned when the last one is there."""
    (tmp_path / "sites.toml").write_text(
        f'[sites.khabar]\nurl = "{room.url}"\nallow_private = true\ndelay = 1\n'
    )
    seen = COLOUR.sub("", Baygan(tmp_path)("crawl", terminal=True).err)
    assert len({int(done) for done in re.findall(r" (\d+)/\d+ \d+/min", seen)}) >= 4


def test_export_has_one_only_if_its_lines_go_to_a_file(baygan: Baygan) -> None:
    """On a screen it would stand between the lines, and whoever reads a pipe may write there."""
    program = shlex.join(COMMAND)
    for target, shown in ((" > lines", True), (" | cat > lines", False), ("", False)):
        done = on_terminal(["sh", "-c", f"{program} export{target}"], baygan.folder, {}, both=True)
        assert ("exporting" in done.err) == shown
        if target:
            assert len((baygan.folder / "lines").read_text().splitlines()) > 8


def test_no_colour_where_none_is_wanted(baygan: Baygan) -> None:
    assert COLOUR.search(baygan("check", terminal=True).err)
    assert not COLOUR.search(baygan("check", terminal=True, NO_COLOR="1").err)


def test_a_dumb_terminal_gets_no_escape_sequences(baygan: Baygan) -> None:
    for command in COMMANDS:
        assert "\x1b" not in baygan(*command, terminal=True, TERM="dumb").err


def test_an_import_has_one_too(baygan: Baygan, tmp_path: Path) -> None:
    site = baygan.folder / "khabar"
    [warc] = list(site.glob("warc/*/*.warc.gz"))[:1]
    copy = tmp_path / "theirs.warc.gz"
    copy.write_bytes(warc.read_bytes())
    done = baygan("import", "--dry-run", str(copy), "--site", "khabar", terminal=True)
    assert re.search(r"importing khabar ━.*\d+", COLOUR.sub("", done.err))
