import pytest
from huggingface_hub.errors import (
    BadRequestError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
)
from support import URL, download, status_of, takes


@pytest.mark.parametrize("repo_type", ["model", "dataset"])
def test_create(api, new_id, repo_type):
    name = new_id("created")
    url = api.create_repo(name, repo_type=repo_type)
    segment = "datasets/" if repo_type == "dataset" else ""
    assert str(url) == f"{URL}/{segment}{name}"
    assert url.repo_id == name
    assert url.repo_type == repo_type
    info = api.repo_info(name, repo_type=repo_type)
    assert info.private is False
    assert len(info.sha) == 40
    assert [commit.title for commit in api.list_repo_commits(name, repo_type=repo_type)] == [
        "initial commit"
    ]
    assert api.list_repo_files(name, repo_type=repo_type) == [".gitattributes"]


def test_create_without_an_owner_belongs_to_the_caller(api):
    assert api.create_repo("without-an-owner").repo_id == "alice/without-an-owner"


def test_create_twice(api, repo):
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_repo(repo)
    assert status_of(caught.value) == 409
    assert api.create_repo(repo, exist_ok=True).repo_id == repo


def test_create_private(api, new_repo):
    assert api.model_info(new_repo(private=True)).private is True


def test_create_in_an_organisation(api, new_id):
    assert api.create_repo(new_id(owner="acme")).repo_id.startswith("acme/")


def test_create_where_one_may_not(api, bob, new_id):
    with pytest.raises(HfHubHTTPError) as caught:
        bob.create_repo(new_id(owner="acme"))
    assert status_of(caught.value) in (403, 404)
    with pytest.raises(HfHubHTTPError):
        bob.create_repo(new_id(owner="alice"))


def test_create_needs_a_token_that_may_write(reader, nobody, new_id):
    with pytest.raises(HfHubHTTPError) as caught:
        reader.create_repo(new_id())
    assert status_of(caught.value) == 403
    with pytest.raises(HfHubHTTPError) as caught:
        nobody.create_repo(new_id())
    assert status_of(caught.value) == 401


def test_bad_names_are_refused(api):
    for name in ("alice/a--b", "alice/.hidden", "alice/x.git"):
        with pytest.raises((HFValidationError, BadRequestError)):
            api.create_repo(name)


def test_exists(api, bob, nobody, repo, new_repo):
    assert api.repo_exists(repo)
    assert not api.repo_exists(repo, repo_type="dataset")
    assert not api.repo_exists("alice/no-such-repo")
    assert not nobody.repo_exists("alice/no-such-repo")
    private = new_repo(private=True)
    assert api.repo_exists(private)
    assert not bob.repo_exists(private)
    assert not nobody.repo_exists(private)
    assert api.file_exists(repo, ".gitattributes")
    assert not api.file_exists(repo, "nothing.txt")
    assert not api.file_exists("alice/no-such-repo", "nothing.txt")
    assert api.revision_exists(repo, "main")
    assert not api.revision_exists(repo, "nowhere")


def test_ids_are_found_whatever_their_case(api, new_id):
    name = new_id("MixedCase")
    api.create_repo(name)
    assert api.model_info(name.lower()).id == name
    assert download(api, name.lower(), ".gitattributes")


def test_delete(api, repo, new_id):
    api.delete_repo(repo)
    with pytest.raises(RepositoryNotFoundError):
        api.model_info(repo)
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(repo)
    api.delete_repo(repo, missing_ok=True)
    api.delete_repo(new_id("never-was"), missing_ok=True, repo_type="dataset")


def test_delete_is_for_the_owner(api, bob, reader, repo):
    for stranger in (bob, reader):
        with pytest.raises(HfHubHTTPError) as caught:
            stranger.delete_repo(repo)
        assert status_of(caught.value) == 403
    assert api.repo_exists(repo)


def test_a_name_is_free_again_after_a_delete(api, repo):
    api.upload_file(path_or_fileobj=b"old", path_in_repo="old.txt", repo_id=repo)
    api.delete_repo(repo)
    api.create_repo(repo)
    assert api.list_repo_files(repo) == [".gitattributes"]


def test_move_leaves_a_redirect(api, repo, new_id):
    api.upload_file(path_or_fileobj=b"kept", path_in_repo="kept.txt", repo_id=repo)
    target = new_id("moved", owner="acme")
    api.move_repo(repo, target)
    assert api.model_info(target).id == target
    assert api.model_info(repo).id == target
    assert download(api, repo, "kept.txt") == b"kept"
    assert "kept.txt" in api.list_repo_files(repo)
    api.upload_file(path_or_fileobj=b"late", path_in_repo="late.txt", repo_id=repo)
    assert download(api, target, "late.txt") == b"late"


def test_move_onto_a_taken_name(api, repo, new_repo):
    with pytest.raises(HfHubHTTPError) as caught:
        api.move_repo(repo, new_repo())
    assert status_of(caught.value) in (400, 409)


def test_visibility_takes_effect_at_once(api, bob, repo):
    assert bob.model_info(repo).private is False
    if hasattr(api, "update_repo_visibility"):
        api.update_repo_visibility(repo, private=True)
    else:
        api.update_repo_settings(repo, private=True)
    assert api.model_info(repo).private is True
    with pytest.raises(RepositoryNotFoundError):
        bob.model_info(repo)
    api.update_repo_settings(repo, private=False)
    assert bob.model_info(repo).private is False
    if takes(api.update_repo_settings, "visibility"):
        api.update_repo_settings(repo, visibility="private")
        assert api.model_info(repo).private is True


def test_settings_are_for_the_owner(bob, repo):
    with pytest.raises(HfHubHTTPError) as caught:
        bob.update_repo_settings(repo, private=True)
    assert status_of(caught.value) == 403


def test_duplicate(api, repo, new_id):
    if not hasattr(api, "duplicate_repo"):
        return
    api.upload_file(path_or_fileobj=b"source", path_in_repo="a.txt", repo_id=repo)
    copy = new_id("copy", owner="acme")
    assert api.duplicate_repo(repo, copy).repo_id == copy
    assert download(api, copy, "a.txt") == b"source"
    assert api.model_info(copy).sha == api.model_info(repo).sha
    with pytest.raises(HfHubHTTPError) as caught:
        api.duplicate_repo(repo, copy)
    assert status_of(caught.value) == 409
    assert api.duplicate_repo(repo, copy, exist_ok=True).repo_id == copy
