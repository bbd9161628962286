"""Who may read and write what: a hash, or a token for something else, opens nothing."""

import json

import pytest
from machines import Refused
from plain import call, digest, head, oracle, read_route, token_route
from recorder import recorded
from support import ALICE, ALICE_READ, BOB

MILLION = 1_000_000


@pytest.fixture
def private(machine, new_repo, new_file):
    """A private repo of Alice and the file in it."""
    repo = new_repo(private=True)
    source = new_file(3 * MILLION)
    machine.hf("upload", repo, source, "w.bin")
    return repo, source


def test_a_stranger_gets_no_token(new_machine, private):
    repo, _ = private
    for token, status in ((BOB, 404), ("", 401)):
        for kind in ("read", "write"):
            with pytest.raises(Refused) as caught:
                new_machine().act("token", url=token_route(repo, kind), token=token)
            assert "RepositoryNotFoundError" in caught.value.kinds
            assert caught.value.status == status


def test_a_hidden_repo_and_one_that_is_not_answer_alike(private):
    repo, _ = private
    hidden = call("GET", token_route(repo), BOB)
    missing = call("GET", token_route("alice/no-such-repo"), BOB)
    assert hidden[0] == missing[0] == 404
    assert hidden[2] == missing[2]
    assert hidden[1]["X-Error-Code"] == missing[1]["X-Error-Code"] == "RepoNotFound"


def test_a_hash_and_a_token_for_something_else(
    new_machine, new_repo, new_file, private, bob, tmp_path
):
    repo, source = private
    theirs = new_repo(owner=bob, name="bob")
    new_machine().hf("upload", theirs, new_file(MILLION), "mine.bin", token=BOB)
    route = read_route(theirs, "mine.bin")
    wanted = {"hash": oracle(source), "size": source.stat().st_size}
    into = tmp_path / "stolen"
    with recorded() as seen, pytest.raises(Refused):
        new_machine().act("fetch_by_hash", **wanted, route=route, into=str(into), token=BOB)
    assert {one["status"] for one in seen.of("reconstruction")} == {404}
    assert seen.count("data") == 0
    assert not into.exists() or digest(into) != digest(source)

    # Nor at the address that Alice's token belongs to.
    mine = new_machine().act("token", url=read_route(repo, "w.bin"))
    bobs = new_machine().act("token", url=route, token=BOB)
    for version in ("v1", "v2"):
        for cas in (mine["cas"], bobs["cas"]):
            url = f"{cas}/{version}/reconstructions/{oracle(source)}"
            assert call("GET", url, bobs["token"])[0] in (401, 403, 404)
            assert call("GET", url, BOB)[0] in (401, 403, 404)
            assert call("GET", url, None)[0] == 401
        assert (
            call("GET", f"{mine['cas']}/{version}/reconstructions/{oracle(source)}", mine["token"])[
                0
            ]
            == 200
        )


def test_a_token_for_reading_does_not_write(new_machine, repo):
    machine = new_machine()
    assert machine.act("token", url=token_route(repo), token=ALICE_READ)["token"]
    with pytest.raises(Refused) as caught:
        machine.act("token", url=token_route(repo, "write"), token=ALICE_READ)
    assert caught.value.status == 403
    read = machine.act("token", url=token_route(repo))
    status, _, _ = call(
        "POST", f"{read['cas']}/v1/xorbs/default/{'0' * 64}", read["token"], body={}
    )
    assert status == 403
    status, _, _ = call("POST", f"{read['cas']}/v2/shards", read["token"], body={})
    assert status == 403


def test_everybody_reads_what_is_public(machine, new_machine, repo, new_file, tmp_path):
    source = new_file(3 * MILLION)
    machine.hf("upload", repo, source, "w.bin")
    for number, token in enumerate(("", BOB, ALICE_READ)):
        with recorded() as seen:
            new_machine().hf("download", repo, "--local-dir", tmp_path / str(number), token=token)
        assert seen.count("reconstruction") >= 1
        assert digest(tmp_path / str(number) / "w.bin") == digest(source)
    for token in ("", BOB):
        with pytest.raises(Refused) as caught:
            new_machine().act("token", url=token_route(repo, "write"), token=token)
        assert caught.value.status == (401 if token == "" else 403)


def test_a_repo_that_was_public(machine, new_machine, repo, new_file, api):
    source = new_file(MILLION)
    machine.hf("upload", repo, source, "w.bin")
    token = new_machine().act("token", url=read_route(repo, "w.bin"), token=BOB)
    url = f"{token['cas']}/v2/reconstructions/{head(repo, 'w.bin')['X-Xet-Hash']}"
    assert call("GET", url, token["token"])[0] == 200
    api.update_repo_settings(repo, private=True)
    assert call("GET", url, token["token"])[0] in (401, 403, 404)
    assert digest(
        new_machine().act("download_file", repo=repo, path="w.bin", token=ALICE)
    ) == digest(source)


def test_the_transfer_address_is_for_what_it_names(machine, private):
    """Another range, a changed signature and no range are refused; no bearer token is needed."""
    repo, source = private
    token = machine.act("token", url=read_route(repo, "w.bin"))
    url = f"{token['cas']}/v2/reconstructions/{oracle(source)}"
    status, _, body = call("GET", url, token["token"], headers={"range": "bytes=1500000-1500010"})
    assert status == 200
    answer = json.loads(body)
    (fetches,) = answer["xorbs"].values()
    (span,) = (one["bytes"] for one in fetches[0]["ranges"])
    assert span["end"] - span["start"] < 2 * 131_072 + 64
    address = fetches[0]["url"]

    def fetch(where, start, end):
        status, _, body = call("GET", where, None, headers={"range": f"bytes={start}-{end}"})
        return status, len(body)

    assert fetch(address, span["start"], span["end"]) == (206, span["end"] - span["start"] + 1)
    assert fetch(address, 0, span["end"])[0] == 404
    assert fetch(address, span["start"], span["end"] + 1)[0] == 404
    assert call("GET", address, None)[0] in (400, 404)
    # Not the last character: some of its bits may mean nothing.
    other = "A" if address[-9] != "A" else "B"
    assert fetch(address[:-9] + other + address[-8:], span["start"], span["end"])[0] == 404
    listed = f"{span['start']}-{span['end']}"
    assert listed in address
    assert fetch(address.replace(listed, f"0-{span['end']}"), 0, span["end"])[0] == 404
