import itertools
import random

import pytest
from machines import Machine
from support import ALICE, BOB, as_user

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def api():
    """For what has nothing to do with file content: repos, listings."""
    return as_user(ALICE)


@pytest.fixture
def new_repo(api):
    """Repos which no other test uses."""

    def make(owner=api, name="alice", **more):
        return owner.create_repo(f"{name}/xet-{next(numbers)}", **more).repo_id

    return make


@pytest.fixture
def repo(new_repo):
    return new_repo()


@pytest.fixture
def new_machine(tmp_path):
    def make():
        return Machine(tmp_path / f"machine-{next(numbers)}")

    return make


@pytest.fixture
def machine(new_machine):
    return new_machine()


@pytest.fixture
def fresh(request):
    """Random bytes which no other test has; the same ones in each run."""
    chance = random.Random(request.node.nodeid)
    return chance.randbytes


@pytest.fixture
def new_file(tmp_path, fresh):
    """A file of fresh bytes, or of the given ones."""

    def make(content):
        path = tmp_path / f"file-{next(numbers)}.bin"
        path.write_bytes(fresh(content) if isinstance(content, int) else content)
        return path

    return make


@pytest.fixture(scope="session")
def bob():
    return as_user(BOB)
