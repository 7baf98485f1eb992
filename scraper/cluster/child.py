"""The process in which a task runs `baygan`. It ends in good order when its worker dies.

python -P -c "from scraper.cluster.child import main; main()" DESCRIPTOR PARENT [ARGUMENT]...
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from scraper.cluster.telling import begin

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Run the command line of the ARGUMENTs, telling on the pipe DESCRIPTOR how far it is. If
    PARENT, the worker, dies even by kill -9, this process gets SIGTERM."""
    descriptor, parent, *arguments = sys.argv[1:]
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        # It died before it could be watched.
        sys.exit(128 + signal.SIGTERM)
    begin(int(descriptor))

    from scraper.cli import main as run

    run(arguments)
