"""Gated repos: the client's own errors and messages, and every call of those who manage a gate."""

import uuid
from functools import partial

import pytest
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError
from huggingface_hub.utils import get_session
from support import ALICE, BOB, MIB, URL, VERSION, download, noise, status_of


def send(method, path, token, **more):
    headers = {"authorization": f"Bearer {token}"}
    return get_session().request(method, URL + path, headers=headers, **more)


CARD = b"""---
extra_gated_prompt: Be kind.
extra_gated_fields:
  Company: text
---
# Gated
"""

LARGE = noise(2 * MIB, seed=71)


@pytest.fixture
def gated(api, new_repo):
    def make(kind, **more):
        repo = new_repo("gated", **more)
        for path, data in (("README.md", CARD), ("a.txt", b"secret"), ("w.bin", LARGE)):
            api.upload_file(path_or_fileobj=data, path_in_repo=path, repo_id=repo, **more)
        api.update_repo_settings(repo, gated=kind, **more)
        return repo

    return make


def ask(repo, prefix="", **fields):
    answer = send("POST", f"/{prefix}{repo}/ask-access", BOB, json={"Company": "Bob Inc", **fields})
    assert answer.status_code == 200, answer.text


def refused(call, words, status=403):
    with pytest.raises(GatedRepoError) as caught:
        call()
    assert words in str(caught.value)
    assert status_of(caught.value) == status


def pending(api, repo, **more):
    return list(api.list_pending_access_requests(repo, **more))


def accepted(api, repo, **more):
    return list(api.list_accepted_access_requests(repo, **more))


def rejected(api, repo, **more):
    return list(api.list_rejected_access_requests(repo, **more))


def test_the_info_says_how_a_repo_is_gated(api, nobody, gated):
    repo = gated("manual")
    assert nobody.model_info(repo).gated == "manual"
    api.update_repo_settings(repo, gated="auto")
    assert api.model_info(repo).gated == "auto"
    api.update_repo_settings(repo, gated=False)
    assert api.model_info(repo).gated is False
    assert download(nobody, repo, "w.bin") == LARGE


def test_nobody_is_asked_to_log_in(nobody, gated):
    repo = gated("auto")
    words = f"Access to model {repo} is restricted. You must have access to it and be authenticated"
    refused(lambda: download(nobody, repo, "w.bin"), words, status=401)
    refused(lambda: nobody.auth_check(repo), words, status=401)
    assert download(nobody, repo, "README.md") == CARD
    assert {"README.md", "a.txt", "w.bin"} <= set(nobody.list_repo_files(repo))


def test_a_download_in_every_state_of_a_request(api, bob, gated, tmp_path):
    repo = gated("manual")

    def take():
        return download(bob, repo, "w.bin")

    refused(take, f"Access to model {repo} is restricted and you are not in the authorized list")
    ask(repo)
    refused(take, f"Your request to access model {repo} is awaiting a review from the repo authors")
    refused(lambda: bob.auth_check(repo), "is awaiting a review")
    api.accept_access_request(repo, "bob")
    assert take() == LARGE
    bob.auth_check(repo)
    folder = bob.snapshot_download(repo, local_dir=tmp_path / "all")
    assert (tmp_path / "all" / "a.txt").read_bytes() == b"secret", folder
    api.reject_access_request(repo, "bob", rejection_reason="no longer")
    words = f"Your request to access model {repo} has been rejected by the repo's authors"
    for path in ("w.bin", "a.txt"):
        refused(lambda: download(bob, repo, path, cache_dir=tmp_path / "empty"), words)


def test_asking_at_an_automatic_gate_opens_it(api, bob, gated):
    repo = gated("auto")
    refused(lambda: download(bob, repo, "a.txt"), "not in the authorized list")
    ask(repo)
    ask(repo)
    assert download(bob, repo, "a.txt") == b"secret"
    [one] = accepted(api, repo)
    assert one.username == "bob"
    assert one.fullname
    assert one.status == "accepted"
    assert one.fields == {"Company": "Bob Inc"}
    assert one.timestamp.tzinfo is not None


def test_requests_go_from_any_state_into_any_other_and_no_call_works_twice(api, gated):
    repo = gated("manual")
    assert pending(api, repo) == accepted(api, repo) == rejected(api, repo) == []
    ask(repo)
    lists = {"pending": pending, "accepted": accepted, "rejected": rejected}
    calls = {
        "pending": api.cancel_access_request,
        "accepted": api.accept_access_request,
        "rejected": partial(api.reject_access_request, rejection_reason=None),
    }
    ways = ["accepted", "rejected", "accepted", "pending", "rejected", "pending"]
    for state in ways:
        calls[state](repo, "bob")
        for name, read in lists.items():
            assert [one.username for one in read(api, repo)] == (["bob"] if name == state else [])
        with pytest.raises(HfHubHTTPError) as caught:
            calls[state](repo, "bob")
        assert status_of(caught.value) == 404
        assert "No access request found matching your criteria" in str(caught.value)


def test_access_can_be_given_once_to_somebody_who_is_there(api, bob, gated, repo):
    gate = gated("manual")
    api.grant_access(gate, "bob")
    assert download(bob, gate, "a.txt") == b"secret"
    [one] = accepted(api, gate)
    assert (one.username, one.email) == ("bob", None)
    for target, user, status in ((gate, "bob", 400), (gate, "no-such-user", 404), (repo, "bob", 400)):
        with pytest.raises(HfHubHTTPError) as caught:
            api.grant_access(target, user)
        assert status_of(caught.value) == status


def test_only_managers_see_and_decide_requests(bob, gated):
    repo = gated("manual")
    ask(repo)
    calls = (
        lambda: pending(bob, repo),
        lambda: bob.accept_access_request(repo, "bob"),
        lambda: bob.grant_access(repo, "bob"),
        lambda: bob.update_repo_settings(repo, gated=False),
    )
    for call in calls:
        with pytest.raises(HfHubHTTPError) as caught:
            call()
        assert status_of(caught.value) == 403


def test_a_request_is_named_by_its_own_id_too(api, gated):
    if VERSION < (2, 4):
        return
    repo = gated("manual")
    ask(repo)
    [one] = pending(api, repo)
    api.accept_access_request(repo, request_id=one.request_id)
    api.reject_access_request(repo, request_id=one.request_id, rejection_reason="no")
    api.cancel_access_request(repo, request_id=one.request_id)
    assert [again.request_id for again in pending(api, repo)] == [one.request_id]
    with pytest.raises(HfHubHTTPError):
        api.accept_access_request(repo, request_id=uuid.uuid4().hex[:24])


def test_datasets_have_gates_too(api, bob, gated):
    repo = gated("manual", repo_type="dataset")

    def take():
        return download(bob, repo, "a.txt", repo_type="dataset")

    refused(take, f"Access to dataset {repo} is restricted and you are not in the authorized list")
    ask(repo, "datasets/")
    api.accept_access_request(repo, "bob", repo_type="dataset")
    assert take() == b"secret"


def test_the_asker_takes_a_request_back(api, gated):
    repo = gated("manual")
    path = f"/api/models/{repo}/user-access-request/cancel"
    assert send("POST", path, BOB).status_code == 404
    ask(repo)
    answer = send("POST", path, BOB)
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert pending(api, repo) == []


def test_the_report_is_a_file(api, gated):
    repo = gated("manual")
    ask(repo)
    api.grant_access(repo, "acme")
    answer = send("GET", f"/{repo}/user-access-report", ALICE)
    assert "attachment" in answer.headers["content-disposition"]
    assert sorted(one["user"]["user"] for one in answer.json()) == ["acme", "bob"]
