"""The same bytes through several libraries: each pulls what another has pushed."""

import itertools
import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from machines import Machine, until
from plain import digest, digests, head, oracle
from recorder import recorded
from support import ALICE, BOB, MIB, as_user

OLD = os.environ["CROSS_OLD_PYTHON"]
WITHOUT_XET = {"HF_HUB_DISABLE_XET": "1"}
# The last is longer than a xorb may be.
SIZES = {"one.bin": 1, "small.bin": 1_000, "large.bin": 11_000_000, "longer.bin": 70 * MIB}
# What is smaller stays whole when it comes in whole.
CUT = [name for name, size in SIZES.items() if size >= 64 * 1024]

numbers = itertools.count(1)


class Js:
    """The JavaScript client, with the token of one user."""

    def __init__(self, token=ALICE):
        self.token = token

    def __call__(self, script, argument):
        command = [os.environ["CROSS_NODE"], script, argument]
        env = {**os.environ, "HF_TOKEN": self.token}
        folder = os.environ["CROSS_JS"]
        said = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=120
        )
        assert said.returncode == 0, said.stderr
        return said.stdout

    def push(self, repo, folder):
        where = {"type": "model", "name": repo}
        self("push.mjs", json.dumps({"repo": where, "folder": str(folder), "names": names(folder)}))

    def pull(self, repo, folder, xet=True):
        """What it finds of the files that are in the folder."""
        where = {"type": "model", "name": repo}
        return json.loads(
            self("pull.mjs", json.dumps({"repo": where, "names": names(folder), "xet": xet}))
        )


def names(folder):
    return list(digests(folder))


@pytest.fixture
def folder(tmp_path, request):
    chance = random.Random(request.node.name)
    made = tmp_path / "in"
    made.mkdir()
    for name, size in SIZES.items():
        (made / name).write_bytes(chance.randbytes(size))
    return made


@pytest.fixture
def pull(tmp_path):
    """By a machine on which nothing is cached: digests of what it gets, and how it got it."""

    def by(repo, python=None, env=None):
        home = tmp_path / f"machine-{next(numbers)}"
        machine = Machine(home) if python is None else Machine(home, python)
        with recorded() as seen:
            machine.hf("download", repo, "--local-dir", home / "out", env=env)
        return digests(home / "out"), seen

    return by


@pytest.fixture
def push(tmp_path):
    def by(repo, folder, python=None, env=None):
        as_user(ALICE).create_repo(repo)
        home = tmp_path / f"machine-{next(numbers)}"
        machine = Machine(home) if python is None else Machine(home, python)
        machine.hf("upload", repo, folder, ".", env=env)

    return by


def test_javascript_to_python(folder, pull):
    with recorded() as up:
        Js().push("alice/from-js", folder)
    assert up.taken("xorb", "POST") >= 2
    for python in (None, OLD):
        found, seen = pull("alice/from-js", python)
        assert found == digests(folder)
        assert seen.count("reconstruction") >= len(SIZES)


def test_python_to_javascript(folder, push):
    push("alice/from-py", folder)
    with recorded() as down:
        assert Js().pull("alice/from-py", folder) == digests(folder)
    assert down.count("reconstruction") >= len(SIZES)
    assert Js().pull("alice/from-py", folder, xet=False) == digests(folder)


def test_an_old_python_to_a_new_one_and_to_javascript(folder, push, pull):
    push("alice/from-old", folder, OLD)
    found, seen = pull("alice/from-old")
    assert found == digests(folder)
    assert seen.count("reconstruction") >= len(SIZES)
    assert Js().pull("alice/from-old", folder) == digests(folder)


def test_whole_to_xet(folder, push, pull):
    with recorded() as up:
        push("alice/from-lfs", folder, env=WITHOUT_XET)
    assert up.count("xorb") == 0
    for name in CUT:
        until(lambda: head("alice/from-lfs", name)["X-Xet-Hash"], 60, f"{name} in chunks")
        assert head("alice/from-lfs", name)["X-Xet-Hash"] == oracle(folder / name)
    found, seen = pull("alice/from-lfs")
    assert found == digests(folder)
    assert seen.count("reconstruction") >= len(CUT)
    assert Js().pull("alice/from-lfs", folder) == digests(folder)


def test_xet_to_whole(folder, push, pull):
    push("alice/to-lfs", folder)
    for python in (None, OLD):
        found, seen = pull("alice/to-lfs", python, WITHOUT_XET)
        assert found == digests(folder)
        assert seen.count("reconstruction") == 0


def test_one_content_with_two_xet_hashes(folder, push, pull):
    """The clients cut differently. Each sent it to a private repo, so each sent all of it."""
    for name in ("one.bin", "small.bin", "longer.bin"):
        os.remove(folder / name)
    source = Path(folder) / "large.bin"
    hashes = {oracle(source), Js()("hash.mjs", str(source)).strip()}
    assert len(hashes) == 2

    with recorded() as first:
        push("alice/two-hashes", folder)
    as_user(ALICE).update_repo_settings("alice/two-hashes", private=True)
    with recorded() as second:
        Js(BOB).push("bob/two-hashes", folder)
    assert first.sent("xorb") >= source.stat().st_size
    assert head("alice/two-hashes", "large.bin")["X-Xet-Hash"] in hashes
    assert head("bob/two-hashes", "large.bin")["X-Xet-Hash"] in hashes
    assert second.taken("shard", "POST") >= 1
    for repo in ("alice/two-hashes", "bob/two-hashes"):
        token = ALICE if repo.startswith("alice/") else BOB
        assert Js(token).pull(repo, folder) == digests(folder)
    assert pull("alice/two-hashes")[0] == digests(folder)
    assert pull("bob/two-hashes")[0] == digests(folder)
    assert digest(source) in digests(folder).values()
