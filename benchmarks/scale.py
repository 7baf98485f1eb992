"""What many articles take on the disk and of the processor: measured for some, computed for many.

python -m benchmarks.scale [--posts N] [--page-bytes N]

The archive of N newsroom articles is made and cleaned by `baygan rebuild`; its files are weighed.
The newsroom's pages are smaller than those of real sites. So the captures are also computed for
pages of `--page-bytes` as sent (16 KB is what a page of 93 KB is, compressed). The processor's time
is that of cleaning alone, of the newsroom's pages.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.rebuild import bare_cleaner, make, rebuild

SIZES = (1_000_000, 100_000_000)
_PARTS = {
    "captures": ("warc",),
    "articles": ("articles",),
    "texts": ("text",),
    "index.db": ("index.db",),
    "search.db": ("search.db",),
}
# What is around a response in its file: its record's head, and the record of the request.
_AROUND = 900
_DAY = 24 * 3600


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--posts", type=int, default=1000, metavar="N")
    parser.add_argument("--page-bytes", type=int, default=16_000, metavar="N", help="as sent")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive"
        make(folder, options.posts)
        rebuild(folder, [0])
        weights = {
            part: sum(weight(folder / "news" / name) for name in names) / options.posts
            for part, names in _PARTS.items()
        }
        seconds = bare_cleaner(folder) / options.posts
    told = ", ".join(f"{part} {size:,.0f}" for part, size in weights.items())
    print(f"measured, bytes an article: {told}; cleaning {seconds * 1000:.1f} ms of one core")
    weights["captures"] = options.page_bytes + _AROUND
    print(f"computed, with pages of {options.page_bytes:,} bytes as sent:\n")
    print(f"{'articles':>12}  {'GB in all':>10}  {'captures':>9}  {'the rest':>9}  core-days")
    for count in SIZES:
        whole, captures = sum(weights.values()) * count, weights["captures"] * count
        print(
            f"{count:12,}  {whole / 1e9:10,.0f}  {captures / 1e9:9,.0f}"
            f"  {(whole - captures) / 1e9:9,.0f}  {seconds * count / _DAY:9.2f}"
        )


def weight(path: Path) -> int:
    """How many bytes a file has, or all files in a folder."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0


if __name__ == "__main__":
    main()
