"""What helps around an archive: doctor, and the completion of a real shell."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from pathlib import Path

from scraper.doctor.diagnosis import Health
from tests.process import COMMAND, Baygan, environment


def test_doctor_says_how_each_thing_is(baygan: Baygan) -> None:
    found = {one["what"]: one for one in baygan("doctor", "--json").lines}
    fine = {"python", "libraries", "html parser", "brotli", "time zones", "folder", "clock"}
    assert {found[name]["health"] for name in fine} == {Health.FINE}
    assert {"room", "names", "open files", "network", "cron", "locale"} <= found.keys()
    for one in found.values():
        assert bool(one["advice"]) is (one["health"] != Health.FINE), one
    assert not list(baygan.folder.glob(".*"))


def test_doctor_tells_what_to_do(baygan: Baygan) -> None:
    toml = baygan.folder / "sites.toml"
    more = '[notify]\non_end = ["/nowhere/tell"]\n[archive]\nmin_free = "100 %"\n'
    toml.write_text(more + toml.read_text().replace("127.0.0.1", "khabar.invalid"))
    done = baygan("doctor", BAYGAN_MIN_FREE="100 %")
    assert done.code == 1
    lines = done.out.splitlines()
    assert any(line.startswith("bad   room") for line in lines)
    assert any(line.startswith("look  names") and "khabar.invalid" in line for line in lines)
    assert any(line.startswith("look  notify") for line in lines)
    assert any("Make room, or set min_free" in line for line in lines)


def test_doctor_sees_a_clock_that_is_behind(baygan: Baygan) -> None:
    assert baygan("crawl").code == 0
    # The articles of a machine whose clock was ahead.
    lines = next((baygan.folder / "news" / "articles").iterdir())
    told = [json.loads(line) for line in lines.read_text().splitlines()]
    told[-1]["fetched"] = "2099-01-01T00:00:00Z"
    lines.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told))
    (baygan.folder / "news" / "index.db").unlink()
    before = {one["what"]: one for one in baygan("doctor", "--json").lines}
    assert before["clock"]["health"] == Health.FINE
    # The run makes the index anew from the lines.
    assert baygan("crawl").code == 0
    found = {one["what"]: one for one in baygan("doctor", "--json").lines}
    assert found["clock"]["health"] == Health.BAD
    assert "2099-01-01" in found["clock"]["found"]


def test_doctor_counts_the_open_files_that_all_sites_need(baygan: Baygan) -> None:
    toml = baygan.folder / "sites.toml"
    names = (f'[sites.s{n}]\nurl = "http://127.0.0.{n}/"\nallow_private = true' for n in range(20))
    toml.write_text("\n".join([toml.read_text(), *names]))
    done = subprocess.run(
        [*COMMAND, "doctor", "--json"],
        cwd=baygan.folder,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 256)),
    )
    found = {one["what"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert found["open files"]["health"] == Health.LOOK
    assert "LimitNOFILE=268" in found["open files"]["advice"]


def test_doctor_works_without_an_archive(tmp_path: Path) -> None:
    done = Baygan(tmp_path)("doctor", "--json")
    assert done.code == 0
    assert {"python", "libraries"} <= {one["what"] for one in done.lines}


def completed(baygan: Baygan, words: str) -> list[str]:
    """What bash offers for the last of `words`, by the script that baygan prints."""
    folder = baygan.folder / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / "baygan"
    program.write_text("#!/bin/sh\nexec " + " ".join(f"'{part}'" for part in COMMAND) + ' "$@"\n')
    program.chmod(0o755)
    script = baygan("completion", "bash").out
    last = f"""
        COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        compopt() {{ :; }}
        _baygan_completion baygan; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    path = f"{folder}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script + last],
        cwd=baygan.folder,
        env=environment(PATH=path),
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_bash_completes_commands_options_sites_and_articles(baygan: Baygan) -> None:
    assert baygan("crawl").code == 0
    ids = {line["id"] for line in baygan("export").lines}
    assert completed(baygan, "baygan cr") == ["crawl"]
    assert "--dry-run" in completed(baygan, "baygan crawl --d")
    assert completed(baygan, "baygan crawl n") == ["news"]
    assert completed(baygan, "baygan crawl news n") == []
    assert {*completed(baygan, "baygan show news/")} == ids
    (baygan.folder / "sites.toml").unlink()
    assert completed(baygan, "baygan crawl n") == []


def test_every_shell_gets_a_script(baygan: Baygan) -> None:
    for shell in ("bash", "zsh", "fish"):
        done = baygan("completion", shell)
        assert (done.code, done.err) == (0, "")
        assert "_BAYGAN_COMPLETE" in done.out
    assert baygan("completion", "csh").code == 2
