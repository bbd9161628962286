import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from support import ALICE_READ, as_user, status_of, takes


def test_whoami_names_the_user_and_the_organisations(api):
    me = api.whoami()
    assert me["type"] == "user"
    assert me["name"] == "alice"
    assert "acme" in [org["name"] for org in me["orgs"]]
    assert me["auth"]["accessToken"]["role"] == "write"


def test_whoami_tells_the_role_of_a_read_token():
    assert as_user(ALICE_READ).whoami()["auth"]["accessToken"]["role"] == "read"


def test_a_bad_token_is_401():
    with pytest.raises(Exception) as caught:
        as_user("hf_" + "x" * 34).whoami()
    assert "Invalid user token" in str(caught.value) or "401" in str(caught.value)


def test_a_bad_token_is_refused_on_a_public_repo_too(repo):
    with pytest.raises(HfHubHTTPError) as caught:
        as_user("hf_" + "x" * 34).model_info(repo)
    assert status_of(caught.value) == 401
    assert not isinstance(caught.value, RepositoryNotFoundError)
    assert "Invalid credentials in Authorization header" in str(caught.value)


def test_errors_carry_a_request_id(api):
    with pytest.raises(RepositoryNotFoundError) as caught:
        api.model_info("alice/there-is-no-such-repo")
    assert caught.value.request_id
    assert caught.value.request_id in str(caught.value)


def test_auth_check(api, bob, nobody, new_repo):
    private = new_repo("private", private=True)
    api.auth_check(private)
    for stranger in (bob, nobody):
        with pytest.raises(RepositoryNotFoundError):
            stranger.auth_check(private)


def test_auth_check_for_writing(api, bob, reader, repo):
    if not takes(api.auth_check, "write"):
        return
    api.auth_check(repo, write=True)
    for stranger in (bob, reader):
        with pytest.raises(HfHubHTTPError) as caught:
            stranger.auth_check(repo, write=True)
        assert status_of(caught.value) == 403
