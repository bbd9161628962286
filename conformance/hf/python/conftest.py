import itertools

import pytest
from support import ALICE, ALICE_READ, BOB, as_user

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def api():
    return as_user(ALICE)


@pytest.fixture(scope="session")
def reader():
    """Alice again, with a token that may only read."""
    return as_user(ALICE_READ)


@pytest.fixture(scope="session")
def bob():
    return as_user(BOB)


@pytest.fixture(scope="session")
def nobody():
    return as_user(False)


@pytest.fixture
def new_id():
    """Ids which no other test uses."""

    def make(prefix="repo", owner="alice"):
        return f"{owner}/{prefix}-{next(numbers)}"

    return make


@pytest.fixture
def new_repo(api, new_id):
    def make(prefix="repo", owner="alice", **more):
        return api.create_repo(new_id(prefix, owner), **more).repo_id

    return make


@pytest.fixture
def repo(new_repo):
    return new_repo()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Each test has a download cache of its own."""
    import huggingface_hub.constants as constants

    cache = str(tmp_path / "cache")
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if hasattr(constants, name):
            monkeypatch.setattr(constants, name, cache)
    monkeypatch.setenv("HF_HUB_CACHE", cache)
    return cache
