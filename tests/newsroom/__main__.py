"""``python -m tests.newsroom``: the newsroom as a process, for the demo and the benchmarks.

The first line on stdout is the site's address; it runs until SIGTERM or SIGINT.
"""

import argparse
import signal

from tests.newsroom.moods import MOODS
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.newsroom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free port")
    parser.add_argument("--posts", type=int, default=30, metavar="N", help="how many articles")
    parser.add_argument("--seed", type=int, default=1, help="other stories with another seed")
    parser.add_argument("--mood", choices=sorted(MOODS), default="calm", metavar="NAME")
    parser.add_argument("--warm", action="store_true", help="render every page before starting")
    options = parser.parse_args()
    stops = {signal.SIGTERM, signal.SIGINT}
    # Blocked before the server's thread starts, so that only sigwait() below gets them.
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    room = Newsroom(Site(options.posts, options.seed), port=options.port, record=False)
    with room:
        room.be(options.mood)
        if options.warm:
            room.router.warm()
        print(room.url, flush=True)
        signal.sigwait(stops)


if __name__ == "__main__":
    main()
