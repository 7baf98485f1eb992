"""A real WordPress in Persian, in a folder of its own, for as long as a test needs it."""

import getpass
import grp
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from . import daemons, seeding
from .accesslog import AccessLog, Request
from .clock import Clock
from .daemons import BedError, Daemon
from .desk import PHP, Answer, Command, perform
from .seeding import Plan
from .truth import Hidden, Post, Truth

SHARE = Path("/usr/share/wordpress")  # where Debian's package keeps WordPress
ETC = Path(__file__).parent / "etc"
PACKAGES = Path(__file__).parent / "packages.txt"
LANGUAGE = SHARE / "wp-content" / "languages" / "fa_IR.mo"


class WordPress:
    """WordPress, MariaDB, PHP-FPM and nginx at work in one folder, on 127.0.0.1 only.

        with WordPress.start(folder) as wordpress:
            wordpress.mark()
            crawl(wordpress.url)
            assert len(wordpress.requests()) == …

    The daemons run as whoever starts them. The folder holds everything; a
    second start in it finds the posts, the address and the truth again.
    `clock` is the server's own; put it forward, and the next night has come.
    """

    def __init__(self, folder: Path, path: str = "") -> None:
        self.folder = folder.resolve()
        if len(str(self.folder)) > 80:
            raise BedError(f"{self.folder} is too long: a unix socket's path ends at 108 bytes")
        self.port, self.path = self._address(path)
        self.url = f"http://127.0.0.1:{self.port}{self.path}/"
        self.clock = Clock(self.folder / "clock")
        self._log = AccessLog(self.folder / "log" / "access.jsonl", self.port)
        self._truth = Truth([], [])
        self._daemons: list[Daemon] = [
            daemons.mariadb(self.folder),
            daemons.php_fpm(self.folder),
            daemons.nginx(self.folder, self.port),
        ]

    @classmethod
    def start(cls, folder: Path, plan: Plan | None = None) -> Self:
        """Bring it up, seeding it first if the folder is new (4 s for 320 posts).

        `plan` counts only in a new folder. Raises BedError.
        """
        absent = missing()
        if absent:
            raise BedError(absent)
        plan = plan or Plan()
        wordpress = cls(folder, plan.path)
        if daemons.answers(("127.0.0.1", wordpress.port)):
            raise BedError(f"port {wordpress.port} is taken: is this bed up already?")
        try:
            wordpress._bring_up(plan)
        except BaseException:
            wordpress.stop()
            raise
        return wordpress

    @classmethod
    def at(cls, folder: Path) -> Self:
        """The bed that another process has brought up in a folder. Raises BedError."""
        if not (folder / "truth.json").exists():
            raise BedError(f"no bed in {folder}")
        wordpress = cls(folder)
        wordpress._truth = Truth.load(wordpress._truth_file)
        return wordpress

    def stop(self) -> None:
        """End the daemons, the last started first; the folder stays."""
        for daemon in reversed(self._daemons):
            daemon.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def truth(self) -> list[Post]:
        """Every published post (and gozaresh), protected ones included, by ID."""
        return sorted(self._truth.posts, key=lambda post: post.id)

    @property
    def hidden(self) -> list[Hidden]:
        """What is no article for the public, each with its secret word."""
        return self._truth.hidden

    @property
    def seed(self) -> Post:
        """The post with the build of the page everything began with."""
        return next(post for post in self._truth.posts if post.shape == "seed")

    def mark(self) -> None:
        """From here on `requests()` counts."""
        self._log.mark()

    def requests(self) -> list[Request]:
        """Every request the web server has answered since the last mark."""
        return self._log.requests()

    def close_rest(self, closed: bool = True) -> None:
        """Let every REST route answer 401; the home page's Link header stays."""
        self.switch(rest_closed=closed)

    def switch(self, **switches: object) -> None:
        """Set switches of php/mu-plugins/switches.php: `switch(feed_closed=True, page_cap=10)`."""
        self.apply(
            {"do": "option", "name": f"bed_{name}", "value": int(value) if value is True else value}
            for name, value in switches.items()
        )

    def switch_calendar(self, jalali: bool = True) -> None:
        """Change every address to the other calendar's, in the truth too."""
        self.switch(jalali=jalali)
        self.look_again()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is done to the bed inside, its clock put forward too, is undone at the end."""
        truth = Truth(list(self._truth.posts), list(self._truth.hidden))
        ahead = self.clock.ahead
        perform(self.folder, [{"do": "keep"}])
        try:
            yield
        finally:
            perform(self.folder, [{"do": "restore"}])
            self.clock.set(ahead)
            self._truth = truth
            self._truth.save(self._truth_file)

    def use_theme(self, name: str) -> None:
        """twentytwentyone (classic), twentytwentytwo or twentytwentythree (block themes)."""
        self.apply([{"do": "theme", "name": name}])

    def use_permalinks(self, structure: str = "") -> None:
        """Change every address, in the truth too; "" is WordPress's plain ?p=ID."""
        self.apply([{"do": "permalinks", "structure": structure}])
        self.look_again()

    def look_again(self) -> None:
        """Correct the truth of every post, after something that touched them all."""
        self._refresh({post.id: None for post in self._truth.posts})

    def apply(self, changes: Iterable[Command]) -> list[Answer]:
        """Have the newsdesk do things (php/verbs.php), and correct the truth.

        A change with `paragraphs` says what its post reads from then on:

            wordpress.apply([
                {"do": "edit", "id": 17, "content": "<p>نو</p>", "paragraphs": ["نو"]},
                {"do": "trash", "id": 18},
            ])
        """
        changes = list(changes)
        answers = perform(self.folder, changes)
        touched = {
            answer["id"]: change.get("paragraphs")
            for change, answer in zip(changes, answers, strict=True)
            if "id" in answer
            and change["do"] in {"post", "edit", "set", "publish", "trash", "erase"}
        }
        self._refresh(touched)
        return answers

    def _refresh(self, touched: dict[int, list[str] | None]) -> None:
        if not touched:
            return
        texts = [{"paragraphs": words} if words else {} for words in touched.values()]
        known = {post.id: post for post in self._truth.posts}
        for row in seeding.describe(self.folder, list(touched), texts):
            post = known.pop(row["id"], None)
            if row["status"] == "publish" and row["type"] in {"post", "gozaresh"}:
                known[row["id"]] = _corrected(post, row)
        self._truth.posts = list(known.values())
        self._truth.save(self._truth_file)

    @property
    def _truth_file(self) -> Path:
        return self.folder / "truth.json"

    def _address(self, path: str) -> tuple[int, str]:
        """The folder's port and path for good: they are in the database and in the truth."""
        kept = self.folder / "address"
        if not kept.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            kept.write_text(f"{daemons.free_port()}{path}\n")
        port, slash, rest = kept.read_text().strip().partition("/")
        return int(port), slash + rest

    def _bring_up(self, plan: Plan) -> None:
        _lay_out(self.folder, self.port, self.path)
        database, *servers = self._daemons
        if not self._truth_file.exists():  # new, or killed while seeding
            shutil.rmtree(self.folder / "data", ignore_errors=True)
        daemons.create_database(self.folder)
        database.start()
        for server in servers:
            server.start()
        database.wait_ready()
        if self._truth_file.exists():
            self._truth = Truth.load(self._truth_file)
        else:
            self._truth = seeding.seed(self.folder, plan)
            self._truth.save(self._truth_file)
        for server in servers:
            server.wait_ready()


def missing() -> str | None:
    """One line that names the apt-get line, if something of the bed is not installed."""
    try:
        for name in daemons.PROGRAMS:
            daemons.program(name)
    except BedError:
        pass
    else:
        if LANGUAGE.exists():
            return None
    lines = PACKAGES.read_text("utf-8").splitlines()
    packages = " ".join(line for line in lines if line and not line.startswith("#"))
    return f"no WordPress here; apt-get install --no-install-recommends {packages}"


def _lay_out(folder: Path, port: int, at: str) -> None:
    """Folders, the daemons' settings, and a docroot that shares Debian's files by link."""
    content = folder / "site" / "wp-content"
    temporary = (folder / "tmp" / name for name in ("body", "fastcgi", "proxy", "scgi", "uwsgi"))
    for path in (folder / "etc", folder / "run", folder / "log", content / "uploads", *temporary):
        path.mkdir(parents=True, exist_ok=True)
    values = {
        "folder": str(folder),
        "port": str(port),
        "path": at,
        # At the root of its host, an install below a path is somebody else's site.
        "elsewhere": "location / { return 404; }" if at else "",
        "user": getpass.getuser(),
        "group": grp.getgrgid(os.getgid()).gr_name,
    }
    for template in ETC.iterdir():
        text = template.read_text("utf-8")
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        in_site = template.name == "wp-config.php"
        (folder / ("site" if in_site else "etc") / template.name).write_text(text, "utf-8")
    _link_wordpress(folder / "site", content)
    root = folder / "root"
    if not root.exists():
        below = root / at.lstrip("/")
        below.parent.mkdir(parents=True, exist_ok=True)
        below.symlink_to(folder / "site")


def _link_wordpress(site: Path, content: Path) -> None:
    """Link all but the top files: PHP follows a linked index.php to Debian's own wp-config."""
    for file in SHARE.glob("*.php"):
        if file.name != "wp-config.php":
            shutil.copyfile(file, site / file.name)
    links = {site / name: SHARE / name for name in ("wp-admin", "wp-includes")}
    links |= {content / name: SHARE / "wp-content" / name for name in ("themes", "languages")}
    links[content / "mu-plugins"] = PHP / "mu-plugins"
    for link, target in links.items():
        if not link.is_symlink():
            link.symlink_to(target)


def _corrected(post: Post | None, row: Answer) -> Post:
    """The truth of a post after a change; what WordPress does not know stays as it was."""
    words = row["texts"].get("paragraphs")
    if post is None:
        return Post(
            **seeding.public(row),
            lead=words[0] if words else "",
            paragraphs=words or [],
            extras=[],
            junk=row["junk"],
            end_marker=None,
            source=None,
            shape="classic",
            spelling="plain",
            lead_in_excerpt=False,
            on_first_page=len(words or []),
        )
    fresh = replace(post, **seeding.public(row), junk=post.junk)
    if not words:
        return fresh
    fresh = replace(fresh, paragraphs=words, lead=words[0], on_first_page=len(words))
    return replace(fresh, extras=[], end_marker=None, source=None, lead_in_excerpt=False)
