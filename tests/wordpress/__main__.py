"""python -m tests.wordpress up FOLDER [--posts N] [--reports N] [--theme NAME] | down FOLDER"""

import argparse
import sys
from pathlib import Path

from . import BedError, Plan, WordPress


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.wordpress", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    up = verbs.add_parser("up", help="bring a bed up; seeds it if FOLDER is new")
    up.add_argument("folder", type=Path)
    up.add_argument("--posts", type=int, default=Plan.posts)
    up.add_argument("--reports", type=int, default=Plan.reports, help="posts of type gozaresh")
    up.add_argument("--theme", default=Plan.theme)
    down = verbs.add_parser("down", help="end its daemons; FOLDER stays")
    down.add_argument("folder", type=Path)
    given = parser.parse_args()
    try:
        if given.verb == "down":
            WordPress.at(given.folder).stop()
        else:
            plan = Plan(posts=given.posts, reports=given.reports, theme=given.theme)
            wordpress = WordPress.start(given.folder, plan)
            print(wordpress.url, len(wordpress.truth), "posts")
    except BedError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
