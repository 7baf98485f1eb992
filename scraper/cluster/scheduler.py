"""The head's connection to a scheduler of Dask: it hands over tasks and hears how they go."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.errors import ClusterFailed, UsageError
from scraper.cluster.task import TOPIC, read_part, remove_part, stop

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Future

WAIT = "BAYGAN_CLUSTER_WAIT"
"""Environment variable: so many seconds a scheduler or a worker that is gone is waited for."""
WAIT_SECONDS = 60.0
_CONNECT_SECONDS = 10.0
# Signals are not taken meanwhile.
_AGAIN_SECONDS = 2.0
_PIECE = 1 << 22
_LOGGERS = ("distributed", "distributed.client", "distributed.core", "tornado", "asyncio")


class Scheduler:
    """The scheduler at `address`; ClusterFailed if it does not answer, UsageError if that is no
    address, or `distributed` is not installed.

    `heard` is called with each event of a task, in another thread.
    """

    def __init__(self, address: str, heard: Callable[[dict[str, Any]], None]) -> None:
        self._address = address
        self._heard = heard
        self.patience = float(os.environ.get(WAIT) or WAIT_SECONDS)
        self._lost_at: float | None = None
        _need_distributed()
        try:
            self._client = self._connect(min(_CONNECT_SECONDS, self.patience))
        except ValueError as error:
            raise UsageError(
                f"'{address}' is no address of a scheduler: {error}. Write tcp://HOST:8786."
            ) from None
        except OSError:
            raise ClusterFailed(
                f"no scheduler answers at {address}. Nothing was begun. Start one with:"
                " dask scheduler --no-dashboard (it prints its address)."
            ) from None

    def is_connected(self) -> bool:
        """Whether tasks can be handed over now; if not, it tries to come back.

        ClusterFailed if the scheduler is gone for good. The futures of tasks that were handed over
        before the connection broke are `cancelled`, or pending for ever: see `is_lost`.
        """
        client = self._client
        if client.status == "running":
            if self._lost_at is not None:
                self._lost_at = None
                client.subscribe_topic(TOPIC, self._event)
            return True
        self._lost_at = self._lost_at or time.monotonic()
        if time.monotonic() - self._lost_at > self.patience:
            raise ClusterFailed(
                f"the scheduler at {self._address} is gone, and did not come back within"
                f" {self.patience:.0f} s. What was saved is safe. Start it again, and run the same"
                " command once more."
            )
        if client.status == "closed":
            with suppress(OSError):
                self._client = self._connect(_AGAIN_SECONDS)
        return False

    def submit(
        self, key: str, work: Callable[..., Any], *told: object, pinned_to: str = ""
    ) -> Future:
        """Hand over `work(*told)`; with `pinned_to`, to a worker that offers this resource. OSError
        if the scheduler is gone."""
        from distributed.client import ClosedClientError

        resources = {pinned_to: 1} if pinned_to else None
        try:
            return self._client.submit(
                work, *told, key=key, pure=False, retries=1, resources=resources
            )
        except ClosedClientError as error:
            raise OSError(str(error)) from None

    def result(self, future: Future) -> Any:
        """What a task gave. OSError if it is lost, since its worker or the scheduler died."""
        try:
            return future.result(timeout=self.patience)
        except (CancelledError, TimeoutError) as error:
            raise OSError(str(error)) from None

    def is_lost(self, future: Future) -> bool:
        """Whether nothing can come of a task any more: its scheduler is gone."""
        return future.client is not self._client or future.status in ("cancelled", "lost")

    def offers(self) -> list[set[str]]:
        """For each worker the resources that it offers. OSError if the scheduler is gone."""
        self._check()
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return [set(told.get("resources") or ()) for told in workers.values()]

    def stop(self, run: str) -> None:
        """Tell all workers to end what they do for this run, without waiting for them."""

        def tell() -> None:
            with suppress(OSError):
                self._check()
                self._client.run(stop, run, on_error="ignore")

        threading.Thread(target=tell, daemon=True).start()

    def fetch(self, worker: str, path: str, size: int, into: BinaryIO) -> None:
        """Copy a file of so many bytes from a worker; there it is removed. OSError if the worker is
        gone."""
        offset = 0
        while offset < size:
            [piece] = self._run(read_part, path, offset, _PIECE, workers=[worker])
            if not piece:
                raise OSError(f"{worker} has no such file: {path}")
            into.write(piece)
            offset += len(piece)
        self._run(remove_part, path, workers=[worker])

    def close(self) -> None:
        """Let go: the scheduler forgets what it still has for us."""
        with suppress(OSError, TimeoutError):
            self._client.close(timeout=2)

    def _run(self, work: Callable[..., Any], *arguments: object, workers: list[str]) -> list[Any]:
        self._check()
        try:
            found = self._client.run(work, *arguments, workers=workers)
        except ValueError as error:  # there is no such worker any more
            raise OSError(str(error)) from None
        return list(found.values())

    def _check(self) -> None:
        if self._client.status != "running":
            raise OSError("the scheduler is gone")

    def _connect(self, seconds: float) -> Client:
        from distributed import Client

        client = Client(self._address, timeout=seconds, set_as_default=False)
        client.subscribe_topic(TOPIC, self._event)
        return client

    def _event(self, event: tuple[float, dict[str, Any]]) -> None:
        self._heard(event[1])


def _need_distributed() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise UsageError(
            "--cluster works with Dask's distributed, which is not installed here. Nothing was"
            " begun. Install it into baygan's environment, here and on all workers, with: pip"
            " install 'baygan[cluster]' (with pipx: pipx inject baygan distributed)."
        ) from None
    # It brings handlers that write to stderr; our log gets its lines.
    logging.captureWarnings(True)
    for name in (*_LOGGERS, "py.warnings"):
        logging.getLogger(name).handlers = [logging.NullHandler()]
        logging.getLogger(name).propagate = True
