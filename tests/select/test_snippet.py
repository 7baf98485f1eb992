"""The piece of a text that a search shows."""

from __future__ import annotations

from archive.select.query import read_query
from archive.select.snippet import snippet


def test_a_cut_at_the_end_of_a_paragraph_leaves_one_blank() -> None:
    text = "کلاغ\n\n" * 40 + "باران آمد."
    sought = [*read_query("باران").sought()]
    for length in range(20, 40):
        shown = "".join(piece.text for piece in snippet(text, sought, length))
        assert shown.startswith("… کلاغ ")
        assert "  " not in shown
