"""MariaDB, PHP-FPM and nginx, each run in the bed's folder and ended by pid and command line.

A pid file alone proves nothing: the number may by now belong to somebody else's
process. A daemon is ours if its command line names its configuration file in
our folder.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ("mariadbd", "mariadb-install-db", "nginx", "php-fpm8.2", "php8.2")
SEARCH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))
LIMIT = 30.0  # seconds for a daemon to come up or to go down


class BedError(Exception):
    """The bed could not be brought up; the message says why."""


def program(name: str) -> str:
    """Full path of a daemon; Debian keeps them in sbin, which PATH often lacks."""
    found = shutil.which(name, path=SEARCH)
    if found is None:
        raise BedError(f"{name} is not installed")
    return found


@dataclass
class Daemon:
    """One server: its command, the file that marks the command line as ours, its readiness."""

    name: str
    command: list[str]
    marker: Path
    ready: Callable[[], bool]
    folder: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid_file(self) -> Path:
        return self.folder / "run" / f"{self.name}.pid"

    def start(self) -> None:
        """Start detached, without waiting; `wait_ready` says when it answers."""
        log = (self.folder / "log" / f"{self.name}.out").open("ab")
        with log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{self._process.pid}\n")

    def wait_ready(self) -> None:
        deadline = time.monotonic() + LIMIT
        while not self.ready():
            if self.pid() is None:
                raise BedError(f"{self.name} ended at once; see {self.folder / 'log'}")
            if time.monotonic() > deadline:
                raise BedError(f"{self.name} is not ready after {LIMIT:.0f} s")
            time.sleep(0.02)

    def pid(self) -> int | None:
        """Pid of our running process, None if it is gone or the pid is somebody else's.

        A child of ours needs no proof, and could not give it at every moment:
        nginx and PHP-FPM write their titles over their command lines.
        """
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        try:
            pid = int(self.pid_file.read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self.marker) in command else None

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after LIMIT; nothing if it does not run."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            pid = self.pid()
            if pid is None:
                break
            os.kill(pid, how)
            deadline = time.monotonic() + LIMIT
            while self.pid() is not None and time.monotonic() < deadline:
                time.sleep(0.02)
        self.pid_file.unlink(missing_ok=True)


def answers(address: str | tuple[str, int]) -> bool:
    """Whether something accepts connections at a unix socket path or a (host, port)."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address) == 0


def greets(path: str) -> bool:
    """Whether a server at a unix socket speaks first, as MariaDB does once its loop is running.

    It accepts connections a moment earlier, and forgets a SIGTERM of that moment.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(path)
            return bool(probe.recv(1))
        except OSError:
            return False


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mariadb(folder: Path) -> Daemon:
    """The database; run as the user who starts it, which root has to say aloud."""
    settings = folder / "etc" / "my.cnf"
    command = [program("mariadbd"), f"--defaults-file={settings}", *_as_root()]
    listening = str(folder / "run" / "mariadb.sock")
    return Daemon("mariadbd", command, settings, lambda: greets(listening), folder)


def create_database(folder: Path) -> None:
    """Make MariaDB's data folder once; its root needs no password behind our own socket."""
    if (folder / "data" / "mysql").is_dir():
        return
    command = [
        program("mariadb-install-db"),
        f"--defaults-file={folder / 'etc' / 'my.cnf'}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
        *_as_root(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise BedError(f"mariadb-install-db failed: {done.stderr or done.stdout}")


def php_fpm(folder: Path) -> Daemon:
    settings = folder / "etc" / "php-fpm.conf"
    command = [program("php-fpm8.2"), "--fpm-config", str(settings)]
    if os.getuid() == 0:
        command.append("--allow-to-run-as-root")
    listening = str(folder / "run" / "php-fpm.sock")
    return Daemon("php-fpm", command, settings, lambda: answers(listening), folder)


def nginx(folder: Path, port: int) -> Daemon:
    settings = folder / "etc" / "nginx.conf"
    pid_file = folder / "run" / "nginx.own.pid"
    command = [program("nginx"), "-c", str(settings), "-g", f"pid {pid_file};"]
    command += ["-e", str(folder / "log" / "nginx.log")]
    return Daemon("nginx", command, settings, lambda: answers(("127.0.0.1", port)), folder)


def _as_root() -> list[str]:
    return ["--user=root"] if os.getuid() == 0 else []
