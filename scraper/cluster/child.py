"""The process in which a task runs `baygan`. It ends in good order when its worker dies.

python -P -c "from scraper.cluster.child import main; main()" DESCRIPTOR [ARGUMENT]...
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from scraper.cluster.telling import begin

_STDIN = 0


def main() -> None:
    """Run the command line of the ARGUMENTs, telling on the pipe DESCRIPTOR how far it is.

    stdin is a pipe that the worker holds open. Whatever ends the worker, kill -9 too, closes it.
    (PR_SET_PDEATHSIG would not do: the kernel sends that signal once for each thread of a parent
    that is killed, and a second SIGTERM ends a crawl at once.)
    """
    descriptor, *arguments = sys.argv[1:]
    begin(int(descriptor))
    threading.Thread(target=_end_with_worker, daemon=True).start()

    from scraper.cli import main as run

    run(arguments)


def _end_with_worker() -> None:
    while os.read(_STDIN, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
