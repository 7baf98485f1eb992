"""The exit codes: what each means, and which of them a command can end with.

A script may rely on them: they are the same for all commands, and each command's help has its own.
"""

from __future__ import annotations

from archive.errors import ArchiveBusy, BayganError, Damaged, UsageError

FAILED = BayganError.exit_code
WRONG_USE = UsageError.exit_code
IN_PART = 3
DAMAGE = Damaged.exit_code
BUSY = ArchiveBusy.exit_code
STOPPED = 130

_EVERY = {
    0: "done, even if nothing was new; a limit you set was reached",
    FAILED: "failed: nothing could be done",
    WRONG_USE: "wrong use, or a mistake in sites.toml",
    IN_PART: "done in part, or something new is wrong; what was saved is safe",
    DAMAGE: "damage found",
    BUSY: "another run holds it",
    STOPPED: "stopped by Ctrl-C (SIGTERM 143, hang-up 129): run it again",
}
_USE = "wrong use, no archive here, or a mistake in sites.toml"
_READING = {
    0: "done, also if there was nothing to print",
    FAILED: "the output cannot be written, or the archive cannot be read",
    WRONG_USE: _USE,
    DAMAGE: "something that was asked for is damaged; run: baygan check",
}
_LOOKING = {
    FAILED: "it does not answer, or is not made with WordPress; nothing was written",
    WRONG_USE: _USE,
    IN_PART: "something blocks us, or the certificate is not valid",
}
_CHANGING = {
    FAILED: "it could not be done; all is as it was",
    WRONG_USE: "wrong use, no such site, or a name that cannot be",
    BUSY: "a run holds the site; nothing was changed",
}
_ARTICLE = {**_READING, WRONG_USE: "wrong use, or there is no such article"}
OF_COMMANDS: dict[str, dict[int, str]] = {
    "init": {
        0: "the archive is made",
        FAILED: "the folder cannot be written",
        WRONG_USE: "wrong use, or there is an archive already",
    },
    "add": {
        0: "added; of a list, all are in sites.toml now",
        **_LOOKING,
        IN_PART: "blocked, or no valid certificate; of a list, only some were added",
    },
    "probe": {0: "it was looked at", **_LOOKING},
    "crawl": {
        0: "all is well, even if nothing was new; a limit you set was reached",
        FAILED: "no site could be crawled, or the disk refuses",
        WRONG_USE: _USE,
        IN_PART: "something new is wrong with a site; what was saved is safe",
        DAMAGE: "what is stored is damaged; run: baygan check",
        BUSY: "another run holds the site",
        STOPPED: "stopped by Ctrl-C (SIGTERM 143, hang-up 129): the next run goes on",
    },
    "status": {**_READING, IN_PART: "a site has problems that stand"},
    "show": _ARTICLE,
    "diff": _ARTICLE,
    "export": _READING,
    "search": _READING,
    "count": _READING,
    "copies": _READING,
    "report": _READING,
    "replay": {
        FAILED: "pywb is not there, or ended by itself",
        WRONG_USE: _USE,
        STOPPED: "ended by Ctrl-C (SIGTERM 143)",
    },
    "check": {
        0: "everything is as it was written",
        FAILED: "the archive cannot be read",
        WRONG_USE: _USE,
        DAMAGE: "damage found: each has a line on stdout",
    },
    "rebuild": {
        0: "done",
        FAILED: "it could not be done; all is as it was",
        WRONG_USE: _USE,
        IN_PART: "some of the sites could not be rebuilt; they are as they were",
        DAMAGE: "a WARC file is broken; that site is as it was",
        BUSY: "a run holds the site",
    },
    "import": {
        0: "all articles of the site in the files are here",
        FAILED: "nothing could be taken",
        WRONG_USE: "wrong use, no WARC file, or no page of the site in it",
        IN_PART: "an article may be missing: a file is damaged, or a page could not be read",
        BUSY: "a run holds the site",
    },
    "clean": {
        0: "every page gave an article",
        FAILED: "no page gave one",
        WRONG_USE: "wrong use, or no such file",
        IN_PART: "some of several pages gave none",
    },
    "push": {
        0: "all that is finished is in the store",
        FAILED: "the store does not answer, or refuses; what was sent is safe",
        WRONG_USE: _USE,
        IN_PART: "another object is in a file's place; it was left",
        DAMAGE: "a file here is not as it was written; it was not sent",
        STOPPED: "stopped by Ctrl-C (SIGTERM 143): run it again",
    },
    "pull": {
        0: "all that the store has is here",
        FAILED: "the store or the disk refuses; what was fetched is safe",
        WRONG_USE: "wrong use, no archive there, or the folder has other files",
        IN_PART: "a site here is not the one in the store; it was left as it is",
        DAMAGE: "a file in the store is not as it was written; it was not taken",
        BUSY: "a run holds a site; that one was left as it is",
        STOPPED: "stopped by Ctrl-C (SIGTERM 143): run it again",
    },
    "rename": {0: "the site has the new name", **_CHANGING},
    "remove": {0: "the site is in quarantine/", **_CHANGING},
    "doctor": {
        0: "nothing is bad",
        FAILED: "something is bad: crawls fail by it",
        WRONG_USE: "wrong use, or a mistake in sites.toml",
    },
    "completion": {0: "printed", WRONG_USE: "no such shell"},
}


def exit_status(command: str | None = None) -> str:
    """The codes of `command`, or those of the whole program, as a help page shows them at its
    end."""
    codes = OF_COMMANDS[command] if command else _EVERY
    width = max(len(str(code)) for code in codes)
    lines = [f"  {code:<{width}}  {meaning}" for code, meaning in sorted(codes.items())]
    return "\n".join(["\b", "Exit status:", *lines])
