"""A first crawl of many sites over a Dask cluster in trouble: what is lost, what is fetched twice.

python -m benchmarks.cluster [--sites N] [--posts N] [--workers N] [--troubles LETTERS]

Each letter is a trouble, at even distances: `k` kills worker 1 with -9, `p` kills it with all its
children as if its machine lost its power, `s` kills the scheduler. All are started anew at once.
The bars: all sites complete, no kept page fetched again, `check` finds nothing.
"""

from __future__ import annotations

import argparse

from tests.cluster.trouble import troubled_crawl


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster")
    parser.add_argument("--sites", type=int, default=40, metavar="N")
    parser.add_argument("--posts", type=int, default=20, metavar="N")
    parser.add_argument("--workers", type=int, default=3, metavar="N")
    parser.add_argument("--troubles", default="ksp", metavar="LETTERS")
    given = parser.parse_args()
    print(troubled_crawl(given.sites, given.posts, given.workers, given.troubles))


if __name__ == "__main__":
    main()
