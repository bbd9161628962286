import pytest
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from support import as_user, noise, status_of


def test_missing_repo(api, nobody):
    for client, status in ((api, 404), (nobody, 401)):
        with pytest.raises(RepositoryNotFoundError) as caught:
            client.hf_hub_download("alice/no-such-repo", "config.json")
        assert status_of(caught.value) == status
        with pytest.raises(RepositoryNotFoundError):
            client.model_info("alice/no-such-repo")
        with pytest.raises(RepositoryNotFoundError):
            client.list_repo_files("nobody-at-all/x")
        with pytest.raises(RepositoryNotFoundError):
            client.snapshot_download("alice/no-such-repo")
    with pytest.raises(RepositoryNotFoundError) as caught:
        api.model_info("alice/no-such-repo")
    assert "Repository not found" in caught.value.server_message


def test_wrong_type(api, repo):
    with pytest.raises(RepositoryNotFoundError):
        api.dataset_info(repo)
    with pytest.raises(RepositoryNotFoundError):
        api.hf_hub_download(repo, ".gitattributes", repo_type="dataset")


def test_missing_revision(api, repo):
    with pytest.raises(RevisionNotFoundError) as caught:
        api.hf_hub_download(repo, ".gitattributes", revision="nowhere")
    assert "Invalid rev id: nowhere" in str(caught.value)
    with pytest.raises(RevisionNotFoundError):
        api.snapshot_download(repo, revision="0" * 40)


def test_missing_entry(api, repo):
    with pytest.raises(EntryNotFoundError) as caught:
        api.hf_hub_download(repo, "config.json")
    assert "entry not found" in str(caught.value).lower()
    assert caught.value.response.headers["X-Repo-Commit"] == api.model_info(repo).sha


def test_a_read_token_gets_the_reason(reader, repo):
    with pytest.raises(HfHubHTTPError) as caught:
        reader.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=repo)
    assert status_of(caught.value) == 403
    assert caught.value.server_message
    assert caught.value.server_message in str(caught.value)


def test_private_is_hidden(api, bob, nobody, new_repo):
    private = new_repo("private", private=True)
    api.upload_file(path_or_fileobj=b"s", path_in_repo="s.txt", repo_id=private)
    api.upload_file(path_or_fileobj=noise(99), path_in_repo="w.bin", repo_id=private)
    for stranger in (bob, nobody):
        for act in (
            lambda who: who.model_info(private),
            lambda who: who.list_repo_files(private),
            lambda who: list(who.list_repo_tree(private)),
            lambda who: who.get_paths_info(private, ["s.txt"]),
            lambda who: who.list_repo_commits(private),
            lambda who: who.list_repo_refs(private),
            lambda who: who.hf_hub_download(private, "s.txt"),
            lambda who: who.hf_hub_download(private, "w.bin"),
            lambda who: who.snapshot_download(private),
        ):
            with pytest.raises(RepositoryNotFoundError):
                act(stranger)
        with pytest.raises(HfHubHTTPError) as caught:
            stranger.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=private)
        assert status_of(caught.value) in (401, 404)
        with pytest.raises(RepositoryNotFoundError):
            stranger.delete_repo(private)


def test_hidden_and_missing_answer_alike(bob, new_repo):
    private = new_repo("private", private=True)

    def answer(name):
        with pytest.raises(RepositoryNotFoundError) as caught:
            bob.model_info(name)
        return status_of(caught.value), caught.value.server_message

    assert answer(private) == answer("alice/no-such-repo")


def test_a_member_sees_what_the_organisation_hides(api, bob, new_repo):
    private = new_repo("private", owner="acme", private=True)
    assert api.model_info(private).private is True
    with pytest.raises(RepositoryNotFoundError):
        bob.model_info(private)


def test_a_token_that_is_none(repo):
    with pytest.raises(HfHubHTTPError) as caught:
        as_user("hf_" + "0" * 34).list_repo_files(repo)
    assert status_of(caught.value) == 401
