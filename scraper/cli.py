"""`baygan`: the command line. Errors become one paragraph and an exit code here."""

from __future__ import annotations

import logging
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from archive.errors import BayganError
from scraper.console.output import OutputFailed, guarded_stderr, guarded_stdout
from scraper.console.terminal import tell_error
from scraper.console.versions import print_versions
from scraper.exit_codes import exit_status

# In the order of use: the name of each command, its module, and the function in that.
COMMANDS = {
    "init": "scraper.commands.init:init",
    "add": "scraper.commands.add:add",
    "probe": "scraper.commands.probe:probe",
    "crawl": "scraper.commands.crawl:crawl",
    "status": "scraper.commands.status:status",
    "show": "scraper.commands.show:show",
    "diff": "scraper.commands.diff:diff",
    "export": "scraper.commands.export:export",
    "search": "scraper.commands.workbench.search:search",
    "count": "scraper.commands.workbench.count:count",
    "copies": "scraper.commands.workbench.copies:copies",
    "report": "scraper.commands.workbench.report:report",
    "replay": "scraper.commands.replay:replay",
    "check": "scraper.commands.check:check",
    "rebuild": "scraper.commands.rebuild:rebuild",
    "import": "scraper.commands.importing:import_",
    "clean": "scraper.commands.clean:clean",
    "push": "scraper.commands.upkeep.push:push",
    "pull": "scraper.commands.upkeep.pull:pull",
    "rename": "scraper.commands.upkeep.rename:rename",
    "remove": "scraper.commands.upkeep.remove:remove",
    "doctor": "scraper.commands.upkeep.doctor:doctor",
    "completion": "scraper.commands.upkeep.completion:completion",
}


class LazyGroup(click.Group):
    """The group of COMMANDS, each imported when it is needed."""

    def __init__(self, **settings: Any) -> None:
        # click looks here for names that are like a misspelt one.
        super().__init__(commands=[click.Command(name) for name in COMMANDS], **settings)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), function)
        command.epilog = exit_status(cmd_name)
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=exit_status(),
)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_versions,
    help="Show the versions that matter in a bug report, and exit.",
)
@click.option("-C", "--archive", "folder", metavar="DIR", hidden=True)
def baygan(folder: str | None) -> None:
    """Collect and keep the articles of WordPress news sites.

    Make an archive, name a site, and crawl it:

    \b
      baygan init persian-news && cd persian-news
      baygan add https://khabar.example/
      baygan crawl

    An archive is a folder with a sites.toml. Work inside it, or name it with -C or in
    BAYGAN_ARCHIVE.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        # nohup has switched one off.
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stop)
    with guarded_stderr():
        try:
            sys.exit(_run(arguments))
        finally:
            # All is done and told. The interpreter takes a moment to end, in which a signal would
            # end it as if the command had failed.
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    """End as by Ctrl-C, so that nothing is left of a file that is only half written. A crawl has a
    way of its own."""
    sys.exit(128 + number)


def _run(arguments: list[str] | None) -> int:
    try:
        with guarded_stdout():
            baygan.main(args=arguments, prog_name="baygan", standalone_mode=False)
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BayganError as error:
        tell_error(str(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except OutputFailed as error:
        if not error.unread:
            tell_error(str(error))
        return 1
    except Exception as error:  # noqa: BLE001  # a bug of ours
        tell_error(_bug(error))
        return 1


def _bug(error: Exception) -> str:
    """What a person is told of a bug of ours. A log, if the command began one, gets all of it."""
    logger = logging.getLogger("baygan")
    where = traceback.extract_tb(error.__traceback__)[-1]
    details = "Tell it to the developers, with the lines of: baygan --version"
    if logger.hasHandlers():
        logger.critical("%s", error, exc_info=True)
        details = "The archive's logs/ folder has the details; run it again to go on."
    return (
        f"baygan itself failed ({type(error).__name__}: {error}; {Path(where.filename).name},"
        f" line {where.lineno}). What was saved is safe. {details}"
    )
