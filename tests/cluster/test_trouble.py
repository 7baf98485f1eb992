"""Workers killed with -9, a scheduler started anew: nothing is lost, and nothing fetched twice."""

from __future__ import annotations

import pytest

from tests.cluster.trouble import troubled_crawl


@pytest.mark.timeout(900)
def test_no_kept_page_is_fetched_again_whatever_dies(long: bool) -> None:
    """One worker killed twice, the second time with its children, and the scheduler in between."""
    sites, posts, troubles = (40, 20, "ksp") if long else (4, 12, "sp")
    found = troubled_crawl(sites, posts, 3, troubles)
    print(found)
    assert (found.code, found.err) == (0, "")
    assert found.verdicts == {"complete": sites}
    assert found.articles == sites * (posts + 1)
    assert found.again == []
    assert found.starts >= len(troubles)
    assert (found.check, found.checked) == (0, "")
