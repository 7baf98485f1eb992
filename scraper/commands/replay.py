"""baygan replay: show the archive in a browser."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from archive.errors import BayganError
from scraper.console.completions import site_names
from scraper.console.options import archive_option
from scraper.console.terminal import tell


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE]...", shell_complete=site_names)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    metavar="N",
    help="Listen at port N of 127.0.0.1 (default 8080); 0 is any free port.",
)
@archive_option
def replay(sites: tuple[str, ...], port: int, folder: Path) -> None:
    """Show the captures of each SITE in a browser, as the site was.

    Prints an address for each site and runs until Ctrl-C. Only this machine can reach it, and
    nothing is written to the archive. It needs pywb, in an environment of its own:

    \b
      python3 -m venv ~/replay
      ~/replay/bin/pip install 'baygan[replay]'
      ~/replay/bin/baygan replay
    """
    from archive.folder import Archive
    from scraper.replay import Replay

    # Ctrl-C raises an exception; now SIGTERM does, too, so that pywb ends with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = Archive(folder).sites(sites)
    show = Replay(chosen, port)
    tell("indexing the captures ...")
    with show.running() as process:
        for site in chosen:
            click.echo(show.address(site))
        tell("stop with Ctrl-C")
        process.wait()
    raise BayganError("pywb ended by itself. The archive is as it was; start it again.")
