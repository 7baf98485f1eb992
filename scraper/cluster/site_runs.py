"""A run over a cluster: hands over a task for each site, and gives their outcomes as they end.

worker killed        Dask gives its tasks to another worker; after three times we do
scheduler gone       its tasks are lost; they are handed over again when it is back
no worker for it     after a while the site is given up
Ctrl-C, SIGTERM      workers end their children in good order
"""

from __future__ import annotations

import io
import tempfile
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from archive.folder import Archive
from scraper.cluster.board import Board
from scraper.cluster.options import ClusterPlace
from scraper.cluster.scheduler import Scheduler
from scraper.cluster.stopping import Stopping
from scraper.cluster.task import SiteOutcome, SiteTask, run_site
from scraper.console.output import end_at_once

if TYPE_CHECKING:
    from scraper.cluster.scheduler import Future

_LOOK_SECONDS = 0.1
_PLACES_SECONDS = 2.0
# A site that kills every worker it runs at must not go on for ever.
_MOST_DEATHS = 3
_MEMORY = 1 << 20
_BROKEN = (
    "the worker could not begin it ({}). Is baygan[cluster] installed there, in the same version?"
)


@dataclass(frozen=True, slots=True)
class SiteDone:
    """What a site's task came to, and all that its child printed, in the file `out`, at its
    beginning."""

    outcome: SiteOutcome
    out: BinaryIO

    @property
    def site(self) -> str:
        return self.outcome.site

    def lines(self) -> list[str]:
        """What was printed, line by line; for output that is short."""
        return self.out.read().decode().splitlines()

    def rows(self, *, header: bool) -> Iterator[str]:
        """What was printed, line by line with the line ends; without the first if that is a
        `header` which was printed before."""
        lines = io.TextIOWrapper(self.out, encoding="utf-8", newline="")
        return islice(lines, int(header), None)


class SiteRuns:
    """The tasks of one command. `done` gives what they come to; `stopped_by` is the signal that
    stopped it. It is used as a context manager, since it holds a connection.

    `label` stands before the bar on a terminal. ClusterFailed if the scheduler does not answer.
    """

    def __init__(self, place: ClusterPlace, label: str, *, quiet: bool = False) -> None:
        self.run = uuid.uuid4().hex[:8]
        self._pin = place.pin
        self._board = Board(self.run, label, quiet=quiet)
        self._scheduler = Scheduler(place.address, self._board.hear)
        self._stopping = Stopping()
        self._lanes: dict[str, deque[SiteTask]] = {}
        self._open: dict[str, SiteTask] = {}
        self._futures: dict[str, Future] = {}
        self._deaths = Counter[str]()
        self._placed_at: dict[str, float] = {}
        self._looked_at = time.monotonic()

    @property
    def stopped_by(self) -> int | None:
        return self._stopping.stopped_by

    def tasks(
        self, archive: Archive, command: str, sites: Iterable[str], *options: str, **how: Any
    ) -> list[SiteTask]:
        """A task for each of the sites; `how` are further fields of SiteTask."""
        path = str(archive.path)
        return [
            SiteTask(
                run=self.run, archive=path, command=command, site=site, arguments=options, **how
            )
            for site in sites
        ]

    def done(
        self, tasks: Sequence[SiteTask], lane: Callable[[SiteTask], str] = lambda task: task.site
    ) -> Iterator[SiteDone]:
        """Run the tasks and give what becomes of each, the first to end first. Tasks with the same
        `lane` run one after the other.

        ClusterFailed if the scheduler is gone for good. After a signal the sites that were not
        begun, or have not ended within ten seconds, have an outcome without a code.
        """
        for task in tasks:
            self._open[task.site] = task
            self._lanes.setdefault(lane(task), deque()).append(task)
        with self._stopping.listening(self._stop), self._board.shown(len(tasks)):
            while self._open and not self._stopping.is_over():
                if self._scheduler.is_connected():
                    self._hand_over()
                for ended in chain(self._ended(), self._unplaced(), self._unbegun()):
                    task = self._open.pop(ended.site)
                    self._lanes[lane(task)].remove(task)
                    self._board.ended(ended.site)
                    yield ended
                time.sleep(_LOOK_SECONDS)
        yield from map(_nothing, self._open)

    def in_order(self, tasks: Sequence[SiteTask]) -> Iterator[SiteDone]:
        """As `done`, in the order of the tasks; no bar stands where something is printed."""
        ended: dict[str, SiteDone] = {}
        wanted = deque(task.site for task in tasks)
        for one in self.done(tasks):
            ended[one.site] = one
            while wanted and wanted[0] in ended:
                with self._board.hidden():
                    yield ended.pop(wanted.popleft())

    def let(self, work: Callable[..., Any], site: str, *told: Any) -> None:
        """Let a worker that may have `site` do some small work, and wait for its end."""
        key = f"baygan-{self.run}-{site}-{work.__name__}"
        with suppress(OSError):
            pinned_to = site if self._pin else ""
            self._scheduler.result(self._scheduler.submit(key, work, *told, pinned_to=pinned_to))

    def end_if_stopped(self) -> None:
        """End the process as a signal ends it, if one came."""
        if self.stopped_by:
            end_at_once(128 + self.stopped_by)

    def __enter__(self) -> SiteRuns:
        return self

    def __exit__(self, *error: object) -> None:
        """What is still under way for us is ended by the workers, since nobody wants it."""
        self._scheduler.close()

    def _stop(self) -> None:
        self._scheduler.stop(self.run)

    def _hand_over(self) -> None:
        """Hand over what is next in each lane, and what was lost with a scheduler."""
        if self.stopped_by:
            return
        with suppress(OSError):
            for waiting in self._lanes.values():
                if waiting and waiting[0].site not in self._futures:
                    self._submit(waiting[0])

    def _submit(self, task: SiteTask) -> None:
        self._board.begun.discard(task.site)
        self._placed_at[task.site] = time.monotonic()
        key = f"baygan-{self.run}-{task.site}-{uuid.uuid4().hex[:8]}"
        pinned_to = task.site if self._pin else ""
        future = self._scheduler.submit(key, run_site, task, pinned_to=pinned_to)
        self._futures[task.site] = future

    def _ended(self) -> Iterator[SiteDone]:
        """The sites whose tasks have ended. What was lost is forgotten here and handed over
        again."""
        for site, future in list(self._futures.items()):
            if self._scheduler.is_lost(future):
                del self._futures[site]
            elif future.status != "pending":
                del self._futures[site]
                if ended := self._result(site, future):
                    yield ended

    def _result(self, site: str, future: Future) -> SiteDone | None:
        """What became of the site; None if its task is handed over again."""
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ != "KilledWorker":
                return _failed(site, _BROKEN.format(f"{type(error).__name__}: {error}"))
            self._deaths[site] += 1
            if self._deaths[site] == _MOST_DEATHS:
                return _failed(site, f"{error} What was saved is safe.")
            return None
        # If its worker dies just now there is no result any more.
        with suppress(OSError):
            outcome: SiteOutcome = self._scheduler.result(future)
            return SiteDone(outcome, self._output(outcome))
        return None

    def _output(self, outcome: SiteOutcome) -> BinaryIO:
        out = cast("BinaryIO", tempfile.SpooledTemporaryFile(_MEMORY))  # noqa: SIM115
        if outcome.part:
            self._scheduler.fetch(outcome.worker, outcome.part, outcome.size, out)
        else:
            out.write(outcome.out)
        out.seek(0)
        return out

    def _unplaced(self) -> Iterator[SiteDone]:
        """The sites that no worker takes, or takes any more, for so long that none will."""
        now = time.monotonic()
        if now - self._looked_at < _PLACES_SECONDS:
            return
        self._looked_at = now
        with suppress(OSError):
            offers = self._scheduler.offers()
            for site in list(self._futures):
                if any(site in offered or not self._pin for offered in offers):
                    self._placed_at[site] = now
                elif now - self._placed_at[site] > self._scheduler.patience:
                    self._futures.pop(site).cancel()
                    yield _failed(site, self._no_worker(site))

    def _no_worker(self, site: str) -> str:
        if self._pin:
            return (
                f"no worker says that {site} lies there. What was saved is safe. Start one on its"
                f" machine with: dask worker --resources {site}=1 and the scheduler's address."
            )
        return (
            f"the scheduler has no worker, so {site} was not done. Start one with: dask"
            " worker and the scheduler's address."
        )

    def _unbegun(self) -> Iterator[SiteDone]:
        """After a signal: the sites of which no worker has begun the task."""
        for site in list(self._open) if self.stopped_by else ():
            if site not in self._board.begun:
                if future := self._futures.pop(site, None):
                    future.cancel()
                yield _nothing(site)


def _nothing(site: str) -> SiteDone:
    return SiteDone(SiteOutcome(site=site), cast("BinaryIO", tempfile.SpooledTemporaryFile()))


def _failed(site: str, error: str) -> SiteDone:
    outcome = SiteOutcome(site=site, code=1, err=error)
    return SiteDone(outcome, cast("BinaryIO", tempfile.SpooledTemporaryFile()))
