"""What is asked for first, and what a bad night has left behind."""

from __future__ import annotations

from pathlib import Path

from archive.index.index import Index, ListedPost
from archive.outcomes import PageState
from tests.archive.material import HOME


def found(number: int) -> ListedPost:
    return ListedPost(url=f"{HOME}{number}", post_type="post", post_id=number)


def turns(index: Index, count: int) -> list[int | None]:
    """The posts that are due in their order, `count` at a time."""
    order: list[int | None] = []
    turn = 0
    while batch := index.due(turn, count):
        order += [page.post_id for _, page in batch]
        turn = batch[-1][0]
    return order


def test_what_this_run_has_found_goes_before_what_earlier_ones_left(tmp_path: Path) -> None:
    first = Index(tmp_path / "index.db", write=True)
    first.add(map(found, range(1, 8)))
    first.close()
    second = Index(tmp_path / "index.db", write=True)
    second.add(map(found, range(20, 25)))
    for count in (1, 3, 5, 100):
        assert turns(second, count) == [*range(20, 25), *range(1, 8)]
    second.close()


def test_only_what_was_never_seen_is_forgotten(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.db", write=True)
    index.add(map(found, range(1, 7)))
    index.settle(f"{HOME}1", PageState.KEPT)
    index.settle(f"{HOME}2", PageState.FAILED, "http-404")
    index.settle(f"{HOME}3", PageState.FAILED, "timeout")
    assert index.unseen("post") == 4
    assert index.forget_unlisted("post", {5}) == 3
    assert index.live("post") == {1, 3, 5}
    index.add([ListedPost(url=f"{HOME}a"), ListedPost(url=f"{HOME}b")])
    unseen = {key: place for part in index.unseen_addresses() for key, place in part.items()}
    assert len(unseen) == 2 and index.forget(list(unseen.values())) == 2
    index.close()


def test_a_number_of_more_than_64_bits_is_none(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.db", write=True)
    assert not index.knows(found(2**63))
    index.add([found(2**63), found(2**63 - 1)])
    assert index.live("post") == {2**63 - 1}
    index.close()
