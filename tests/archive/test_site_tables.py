"""sites.toml after a command took a site out of it or renamed one: all else is as it was typed."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.upkeep.site_tables import only, read_text, renamed, without, write_text

TYPED = """\
# خبرگزاری‌ها
[archive]
title = "Persian news"   # for the warcinfo

[defaults]
delay = 1.5

# The oldest one.
[sites.bamdad]
url   = 'https://bamdad.example/'  # moved in 1402
skip  = [
  "/podcast/",   # not ours
]
# ask them before we go faster

# Slow since the spring.
[sites.khabar]
url = "https://khabar.example/"
delay = 4.0

[sites.bam]
url = "https://bam.example/"
"""


def test_a_site_goes_with_its_own_comments_and_no_others() -> None:
    left = without(TYPED, "bamdad")
    begin = TYPED.index("# The oldest one.")
    end = TYPED.index("# Slow since the spring.")
    assert left == TYPED[:begin] + TYPED[end:]


def test_the_last_and_the_only_site() -> None:
    left = without(without(without(TYPED, "bam"), "bamdad"), "khabar")
    assert tomllib.loads(left).get("sites", {}) == {}
    assert left.startswith(TYPED[: TYPED.index("# The oldest one.")])
    assert only(TYPED, {"khabar"}).endswith(
        TYPED[TYPED.index("# Slow since") : TYPED.index("[sites.bam]")]
    )


def test_a_name_is_changed_where_it_stands() -> None:
    assert renamed(TYPED, "bam", "bam-e-iran") == TYPED.replace("[sites.bam]", "[sites.bam-e-iran]")


@pytest.mark.parametrize(
    "typed",
    [
        'sites.a.url = "http://a/"\nsites.b = {url = "http://b/"}\n[archive]\ntitle = "t"\n',
        '[sites]\na = {url = "http://a/"}  # a\nb = {url = "http://b/"}\n[defaults]\ndelay = 1\n',
        '[sites.a]\nurl = "http://a/"\n[archive]\ntitle = "t"\n[sites.b]\nurl = "http://b/"\n',
        '[sites."a"]\r\nurl = "http://a/"\r\n\r\n[ sites . b ]\r\nurl = "http://b/"\r\n',
        '[sites.b]\nurl = "http://b/"\nremove = ["""\n[sites.a]\n"""]\n[sites.a]\nurl = "http://a/"',
    ],
)
def test_other_ways_of_writing_a_site(typed: str) -> None:
    before = tomllib.loads(typed)
    after = tomllib.loads(without(typed, "a"))
    assert after == {**before, "sites": {"b": before["sites"]["b"]}}
    changed = tomllib.loads(renamed(typed, "a", "aftab"))
    both = {"aftab": before["sites"]["a"], "b": before["sites"]["b"]}
    assert changed == {**before, "sites": both}
    assert ("\r\n" in typed) == ("\r\n" in without(typed, "a"))


LINES = st.sampled_from(
    ["", "# یک", "# دو", 'url = "http://x/"', "delay = 2.0", "  # سه", "skip = []"]
)


@given(st.lists(LINES), st.lists(LINES), st.lists(LINES))
def test_any_comments_and_blank_lines(head: list[str], first: list[str], second: list[str]) -> None:
    def table(name: str, lines: list[str]) -> list[str]:
        keys = [line for line in lines if "=" in line]
        return [f"[sites.{name}]", *(x for x in lines if "=" not in x), *dict.fromkeys(keys)]

    comments = [line for line in head if "=" not in line]
    typed = "\n".join([*comments, *table("a", first), *table("b", second), ""])
    before = tomllib.loads(typed)
    assert tomllib.loads(without(typed, "b")).get("sites", {}) == {"a": before["sites"]["a"]}
    assert tomllib.loads(without(typed, "a"))["sites"] == {"b": before["sites"]["b"]}
    assert tomllib.loads(renamed(typed, "a", "c"))["sites"]["c"] == before["sites"]["a"]


def test_it_is_written_in_one_step_and_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "sites.toml"
    path.write_bytes(b'\xef\xbb\xbf[sites.a]\r\nurl = "http://a/"\r\n')
    path.chmod(0o600)
    write_text(path, without(read_text(path), "a"))
    assert path.read_bytes() == b""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
