"""What the image is made of: every file known by its hash, and nothing that the project does not ask for or know."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WANTED = {
    "run": [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["traces"]],
    "build": PROJECT["build-system"]["requires"],
}
LINE = re.compile(r"^([\w.-]+)==(\S+)(?: ; ([^\\]+?))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def locked(name: str) -> dict[str, list[str]]:
    """The versions of every package by its name: more than one where systems need different ones."""
    text = (ROOT / "deploy" / "lock" / f"{name}.txt").read_text("utf-8")
    found = LINE.findall(text)
    assert len(found) == len(re.findall(r"^\S+==", text, re.MULTILINE)), "each has its hashes"
    return {name: [one[1] for one in found if one[0] == name] for name, *_ in found}


@pytest.mark.parametrize("name", WANTED)
def test_the_lock_has_what_the_project_asks_for_and_a_hash_of_every_file(name: str) -> None:
    pins = locked(name)
    for wanted in map(Requirement, WANTED[name]):
        versions = pins[canonicalize_name(wanted.name)]
        assert all(map(wanted.specifier.contains, versions)), f"{wanted}: {versions} are locked; make lock"


def test_the_lock_has_what_the_packages_themselves_ask_for() -> None:
    pins = locked("run")
    missing = [
        f"{name} asks for {wanted}"
        for name in pins
        for wanted in _asked(name)
        if canonicalize_name(wanted.name) not in pins
    ]
    assert missing == []


def _asked(name: str) -> list[Requirement]:
    try:
        found = [Requirement(one) for one in requires(name) or []]
    except PackageNotFoundError:  # one for another system
        return []
    return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def test_the_image_is_built_from_the_lock_alone() -> None:
    built = re.findall(r"pip install(.*?)\n(?!    )", (ROOT / "Dockerfile").read_text("utf-8"), re.DOTALL)
    assert "--require-hashes" in built[0]
    assert all(f"-r deploy/lock/{name}.txt" in built[0] for name in WANTED)
    assert all("--no-deps" in one and "--no-build-isolation" in one for one in built[1:])
    assert (ROOT / "deploy" / "lock" / "build.in").read_text("utf-8").split() == WANTED["build"]
