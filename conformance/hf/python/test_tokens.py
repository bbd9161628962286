"""Tokens of each scope: what the stock client may do with each of them, and what it raises where it may not."""

import datetime
import time
import uuid

import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils import get_session
from support import ALICE, ALICE_READ, BOB, MIB, URL, as_user, download, noise, status_of

LARGE = noise(2 * MIB, seed=97)


def send(method, path, token, **more):
    answer = get_session().request(
        method, URL + path, headers={"authorization": f"Bearer {token}"}, **more
    )
    assert answer.status_code < 300, answer.text
    return answer


def make_token(role="fineGrained", entries=(), reads_gated=False, **more):
    body = {"label": f"t{uuid.uuid4().hex[:8]}", "role": role, **more}
    if role == "fineGrained":
        body["scope"] = {"readsGated": reads_gated, "entries": list(entries)}
    return send("POST", "/weighhouse/v1/tokens", ALICE, json=body).json()["secret"]


def one(path, *permissions):
    return {"target": {"kind": "repo", "type": "model", "path": path}, "permissions": list(permissions)}


def every(name, *permissions):
    return {"target": {"kind": "account", "name": name}, "permissions": list(permissions)}


@pytest.fixture(scope="module")
def world():
    """A private repo, its neighbour, one of acme, and one of bob's behind a gate that alice has passed."""
    alice, bob, mark = as_user(ALICE), as_user(BOB), uuid.uuid4().hex[:6]
    names = {
        "mine": f"alice/mine-{mark}",
        "other": f"alice/other-{mark}",
        "theirs": f"acme/theirs-{mark}",
        "gated": f"bob/gated-{mark}",
        "open": f"bob/open-{mark}",
    }
    for key, repo in names.items():
        owner = bob if repo.startswith("bob/") else alice
        owner.create_repo(repo, private=key in ("mine", "other", "theirs"))
        for path, data in (("a.txt", b"text"), ("w.bin", LARGE)):
            owner.upload_file(path_or_fileobj=data, path_in_repo=path, repo_id=repo)
    send("PUT", f"/api/models/{names['gated']}/settings", BOB, json={"gated": "auto"})
    send("POST", f"/{names['gated']}/ask-access", ALICE, json={})
    return {**names, "mark": mark}


def read(key):
    def act(api, world):
        assert download(api, world[key], "a.txt") == b"text"
        assert download(api, world[key], "w.bin", force_download=True) == LARGE

    return act


def write(key):
    def act(api, world):
        name = f"{uuid.uuid4().hex}.bin"
        api.upload_file(path_or_fileobj=LARGE[: MIB + 7], path_in_repo=name, repo_id=world[key])

    return act


def create(owner):
    def act(api, world):
        api.create_repo(f"{owner}/new-{uuid.uuid4().hex[:8]}")

    return act


def manage(key):
    def act(api, world):
        api.update_repo_settings(world[key], private=True)

    return act


def collect(api, world):
    api.create_collection(f"c {uuid.uuid4().hex[:8]}", namespace="alice")


ACTS = {
    "read public": read("open"),
    "read gated": read("gated"),
    "read mine": read("mine"),
    "read other": read("other"),
    "read theirs": read("theirs"),
    "write mine": write("mine"),
    "write other": write("other"),
    "write theirs": write("theirs"),
    "create alice": create("alice"),
    "create acme": create("acme"),
    "manage mine": manage("mine"),
    "collect": collect,
}

ALL_READS = {"read public", "read gated", "read mine", "read other", "read theirs"}

# What each token may do, and nothing else of the acts above.
TOKENS = {
    "read": (lambda w: ALICE_READ, ALL_READS),
    "write": (lambda w: make_token("write"), set(ACTS)),
    "one repo, read": (
        lambda w: make_token(entries=[one(w["mine"], "repo.content.read")]),
        {"read public", "read mine"},
    ),
    "one repo, write": (
        lambda w: make_token(entries=[one(w["mine"], "repo.write")]),
        {"read public", "read mine", "write mine"},
    ),
    "one repo, manage": (
        lambda w: make_token(entries=[one(w["mine"], "repo.manage")]),
        {"read public", "read mine", "write mine", "manage mine"},
    ),
    "own namespace, read": (
        lambda w: make_token(entries=[every("alice", "repo.content.read")]),
        {"read public", "read mine", "read other"},
    ),
    "acme, write": (
        lambda w: make_token(entries=[every("acme", "repo.write")]),
        {"read public", "read theirs", "write theirs", "create acme"},
    ),
    "gated alone": (
        lambda w: make_token(entries=[every("acme", "org.read")], reads_gated=True),
        {"read public", "read gated"},
    ),
    "collections": (
        lambda w: make_token(entries=[every("alice", "collection.write")]),
        {"read public", "collect"},
    ),
}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_reaches_as_far_as_it_says(world, kind):
    make, allowed = TOKENS[kind]
    api = as_user(make(world))
    assert api.whoami()["name"] == "alice"
    for name, act in ACTS.items():
        if name in allowed:
            act(api, world)
            continue
        with pytest.raises(HfHubHTTPError) as caught:
            act(api, world)
        assert status_of(caught.value) in (401, 403, 404), f"{kind}: {name}"
        hidden = name.split()[0] in ("read", "write", "manage") and name.split()[-1] not in (
            "public",
            "gated",
        )
        reads = {"read mine", "read other", "read theirs"} & allowed
        seen = any(read.split()[-1] == name.split()[-1] for read in reads)
        if hidden and not seen:
            assert isinstance(caught.value, RepositoryNotFoundError), f"{kind}: {name}"


def test_whoami_tells_what_a_fine_grained_token_may(world):
    token = make_token(entries=[one(world["mine"], "repo.write")])
    access = as_user(token).whoami()["auth"]["accessToken"]
    assert access["role"] == "fineGrained"
    (entry,) = access["fineGrained"]["scoped"]
    assert entry["entity"]["name"] == world["mine"]
    assert "repo.write" in entry["permissions"]


def test_a_token_ends_and_one_from_elsewhere_is_not_taken():
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1.5)
    short = make_token("write", expiresAt=soon.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    time.sleep(2)
    elsewhere = make_token("write", ipRanges=["203.0.113.0/24"])
    for token in (short, elsewhere):
        with pytest.raises(Exception) as caught:
            as_user(token).whoami()
        assert "401" in str(caught.value) or "Invalid user token" in str(caught.value)
