"""The command line on the newsroom, through the real process."""

from __future__ import annotations

from tests.process import Baygan


def test_a_crawl_without_a_terminal_says_nothing(baygan: Baygan) -> None:
    done = baygan("crawl")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_crawl_on_a_terminal_shows_a_bar_and_a_summary(baygan: Baygan) -> None:
    done = baygan("crawl", terminal=True)
    print(repr(done.err))
    assert done.code == 0
    assert done.err.endswith("news  12 new, 1 refused; complete\n")
