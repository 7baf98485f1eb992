"""The gold is what the script makes, byte for byte; only WordPress's own version may move on."""

import re
from pathlib import Path

from tests.wordpress.conftest import require_packages

from .case import GOLD
from .render import render


def files(root: Path) -> dict[str, bytes]:
    found = [path for part in ("build", "sealed") for path in (root / part).rglob("*.*")]
    return {
        str(path.relative_to(root)): re.sub(rb"\b6\.\d+(\.\d+)?\b", b"6.x", path.read_bytes())
        for path in found
    }


def test_rendering_again_gives_the_same_bytes(tmp_path: Path) -> None:
    require_packages()
    assert len(render(tmp_path)) == 60
    again, kept = files(tmp_path), files(GOLD)
    assert again.keys() == kept.keys()
    assert [name for name in kept if again[name] != kept[name]] == []
