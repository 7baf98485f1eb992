"""What is installed and released: the floors, the extras, the wheel, the image, the release."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.process import REPOSITORY
from tests.wheel import needed, wrong, wrong_source

INSTALL = (REPOSITORY / "docs" / "install.md").read_text()
# They are for people who work on baygan, or cannot stand beside a crawl.
APART = {"test", "docs", "bench", "replay"}
BUILDERS = ("podman", "buildah", "docker")


def requirements(lines: str) -> list[Requirement]:
    """The requirements in a value of setup.cfg."""
    return [Requirement(line) for line in lines.splitlines() if line and line[0] != "#"]


@pytest.fixture(scope="module")
def setup_cfg() -> ConfigParser:
    parser = ConfigParser()
    parser.read(REPOSITORY / "setup.cfg")
    return parser


@pytest.fixture(scope="module")
def extras(setup_cfg: ConfigParser) -> dict[str, list[Requirement]]:
    return {
        name: requirements(lines) for name, lines in setup_cfg["options.extras_require"].items()
    }


def test_no_version_with_a_known_hole_is_accepted(
    setup_cfg: ConfigParser, extras: dict[str, list[Requirement]]
) -> None:
    """A floor that is raised is raised in docs/install.md, too."""
    wanted = requirements(setup_cfg["options"]["install_requires"])
    floors: dict[str, set[str]] = {}
    for one in [*wanted, *(one for extra in extras.values() for one in extra)]:
        lowest = [part.version for part in one.specifier if part.operator == ">="]
        floors.setdefault(one.name.lower(), set()).update(lowest or ["0"])
    section = INSTALL.partition("\n## Versions with known holes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w-]+)` \| ([\d.]+) \| (.+?) \|", section, re.MULTILINE)
    assert len(rows) == section.count("\n| `") >= 9
    for name, version, holes in rows:
        assert floors.get(name), f"setup.cfg does not name {name}"
        for floor in floors[name]:
            assert Version(floor) == Version(version), f"{name}: setup.cfg accepts {floor}"
        assert all(re.fullmatch(r"CVE-\d{4}-\d{4,}", hole) for hole in holes.split()), holes


def test_all_has_every_extra_that_may_stand_beside_a_crawl(
    extras: dict[str, list[Requirement]],
) -> None:
    optional = {str(one) for name in extras.keys() - APART for one in extras[name]}
    assert {str(one) for one in extras["all"]} == optional
    assert {str(one) for one in extras["replay"]}.isdisjoint(optional)


def test_install_md_names_every_extra(extras: dict[str, list[Requirement]]) -> None:
    assert set(re.findall(r"^\| `baygan\[(\w+)\]`", INSTALL, re.MULTILINE)) == set(extras)


def in_a_wheel(names: set[str]) -> list[str]:
    """These files of the repository as a wheel has them."""
    man, data = "docs/man/", "baygan-0.1.0.data/data/share/man/man1/"
    return [name.replace(man, data) for name in names] + ["baygan-0.1.0.dist-info/METADATA"]


def test_a_wheel_is_refused_that_lacks_a_file_or_has_one_of_the_tests() -> None:
    whole = needed()
    kinds = {"archive/py.typed", "archive/line.schema.json", "scraper/blockpages.toml"}
    assert kinds | {"docs/man/baygan.1", "scraper/cli.py"} <= whole
    assert wrong(in_a_wheel(whole)) == []
    for lost in kinds | {"docs/man/baygan.1"}:
        assert wrong(in_a_wheel(whole - {lost})) == [f"{lost} is missing"]
    for strange in ("tests/process.py", "benchmarks/nights.py", "docs/conf.py"):
        assert wrong([*in_a_wheel(whole), strange]) == [f"{strange} is too much"]


def test_a_source_distribution_is_refused_that_lacks_a_file_or_has_half_of_the_tests() -> None:
    whole = [f"baygan-0.1.0/{name}" for name in needed()]
    assert wrong_source(whole) == []
    assert wrong_source(whole[1:]) == [f"{whole[0].partition('/')[2]} is missing"]
    half = [*whole, "baygan-0.1.0/tests/test_cli.py"]
    assert wrong_source(half) == ["tests/test_cli.py is too much"]


def test_an_image_is_built_from_all_that_the_wheel_needs() -> None:
    kept = (REPOSITORY / ".containerignore").read_text()
    assert (REPOSITORY / ".dockerignore").read_text() == kept
    passed = {line[1:] for line in kept.splitlines() if line[:1] == "!"}
    assert {"setup.cfg", "pyproject.toml", "README.md", "LICENSE"} <= passed
    for name in needed():
        assert any(name.startswith(f"{folder}/") for folder in passed), name
    assert not {"tests", ".git", "docs"} & passed


def builder() -> str | None:
    """A program that can build an image here and now."""
    for name in BUILDERS:
        path = shutil.which(name)
        if path and subprocess.run([path, "info"], capture_output=True).returncode == 0:
            return path
    return None


@pytest.mark.timeout(1200)
def test_the_image_is_built_and_runs_without_rights() -> None:
    program = builder()
    if program is None:
        pytest.skip("no podman, buildah or docker that answers")
    text = (REPOSITORY / "Containerfile").read_text()
    [base] = re.findall("^ARG PYTHON=(.+)$", text, re.MULTILINE)
    if subprocess.run([program, "pull", base], capture_output=True).returncode:
        pytest.skip(f"{base} cannot be had")
    build = [program, "build", "-q", "-t", "baygan-test", "-f", "Containerfile", "."]
    subprocess.run(build, cwd=REPOSITORY, check=True)
    run = [program, "run", "--rm", "--entrypoint", "sh", "baygan-test", "-c"]
    told = subprocess.run([*run, "id -u && baygan --help"], capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("1000\nUsage: baygan")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with what the release reads, and checks that only leave their mark."""
    if shutil.which("git") is None:
        pytest.skip("no git")
    for folder in ("archive", "scripts", "dist", "tests/upgrade/archives"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tests/upgrade/archives/1.2.0.tar.gz").touch()
    shutil.copy(REPOSITORY / "scripts" / "release", tmp_path / "scripts")
    for name in ("docs", "package", "test"):
        script = tmp_path / "scripts" / name
        script.write_text(f"#!/bin/sh\necho ran {name}\n")
        script.chmod(0o755)
    (tmp_path / ".gitignore").write_text("/dist/\n")
    (tmp_path / "archive" / "version.py").write_text('__version__ = "1.2.0"\n')
    changes = "# Changes\n\n## 1.2.0 (2026-12-24)\n\n* New.\n\n## 1.1.0 (2026-11-01)\n\n* Old.\n"
    (tmp_path / "CHANGELOG.md").write_text(changes)
    (tmp_path / "dist" / "baygan-1.2.0.tar.gz").touch()
    (tmp_path / "dist" / "baygan-1.2.0-py3-none-any.whl").touch()
    git(tmp_path, "init", "-q")
    commit(tmp_path)
    git(tmp_path, "tag", "v1.2.0")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "A state")


def release(folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(["scripts/release"], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_a_release_is_checked_and_not_uploaded(checkout: Path) -> None:
    code, out, err = release(checkout)
    assert (code, err) == (0, "")
    assert out.startswith("ran docs\nran package\nran test\n")
    assert "* New." in out and "* Old." not in out
    assert "nothing is uploaded" in out


def test_no_release_of_a_changed_tree(checkout: Path) -> None:
    (checkout / "left.txt").touch()
    assert release(checkout)[::2] == (
        1,
        "No release: the tree is not clean. Commit or put away: git status\n",
    )


def test_no_release_of_another_commit_than_the_tagged_one(checkout: Path) -> None:
    (checkout / "more.txt").touch()
    commit(checkout)
    code, out, err = release(checkout)
    assert (code, out) == (1, "")
    assert "this commit has no tag v1.2.0" in err


@pytest.mark.parametrize(
    "head", ["1.2.0 (not released yet)", "1.2.0", "1.1.9 (2026-12-24)", "1x2.0 (2026-12-24)"]
)
def test_no_release_that_the_changes_do_not_date(checkout: Path, head: str) -> None:
    changes = checkout / "CHANGELOG.md"
    changes.write_text(changes.read_text().replace("1.2.0 (2026-12-24)", head))
    commit(checkout)
    git(checkout, "tag", "-f", "v1.2.0")
    code, out, err = release(checkout)
    assert (code, out) == (1, "")
    assert f"'## {head}', not '## 1.2.0 (YYYY-MM-DD)'" in err


def test_no_release_without_notes(checkout: Path) -> None:
    changes = checkout / "CHANGELOG.md"
    changes.write_text(changes.read_text().replace("* New.\n", ""))
    commit(checkout)
    git(checkout, "tag", "-f", "v1.2.0")
    assert "CHANGELOG.md says nothing of 1.2.0" in release(checkout)[2]


def test_no_release_without_an_archive_that_later_versions_must_read(checkout: Path) -> None:
    (checkout / "tests/upgrade/archives/1.2.0.tar.gz").unlink()
    commit(checkout)
    git(checkout, "tag", "-f", "v1.2.0")
    code, out, err = release(checkout)
    assert (code, out) == (1, "")
    assert "python -m tests.upgrade.record 1.2.0" in err


def test_no_release_of_a_wheel_of_another_version(checkout: Path) -> None:
    (checkout / "dist" / "baygan-1.1.0-py3-none-any.whl").touch()
    code, _, err = release(checkout)
    assert (code, err) == (
        1,
        "No release: dist/baygan-1.1.0-py3-none-any.whl is not of version 1.2.0.\n",
    )


def test_no_release_if_a_check_fails(checkout: Path) -> None:
    (checkout / "scripts" / "test").write_text("#!/bin/sh\nexit 7\n")
    commit(checkout)
    git(checkout, "tag", "-f", "v1.2.0")
    code, out, _ = release(checkout)
    assert (code, "nothing is uploaded" in out) == (7, False)
