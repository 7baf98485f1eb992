"""The commands, in the order of use. Each parses, calls one thing and prints.

They are imported for `baygan --help`, so whatever is heavy is imported inside them.
"""

from scraper.commands.add import add
from scraper.commands.check import check
from scraper.commands.clean import clean
from scraper.commands.crawl import crawl
from scraper.commands.diff import diff
from scraper.commands.export import export
from scraper.commands.importing import import_
from scraper.commands.init import init
from scraper.commands.probe import probe
from scraper.commands.rebuild import rebuild
from scraper.commands.replay import replay
from scraper.commands.show import show
from scraper.commands.status import status

COMMANDS = (
    *(init, add, probe, crawl, status),
    *(show, diff, export, replay),
    *(check, rebuild, import_, clean),
)

__all__ = ["COMMANDS"]
