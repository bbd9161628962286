import pytest
from huggingface_hub.errors import BadRequestError, HfHubHTTPError, RevisionNotFoundError
from support import status_of


def names(refs):
    return {ref.name for ref in refs}


def test_refs_of_a_new_repo(api, repo):
    refs = api.list_repo_refs(repo)
    (main,) = refs.branches
    assert (main.name, main.ref) == ("main", "refs/heads/main")
    assert main.target_commit == api.model_info(repo).sha
    assert refs.tags == []
    assert refs.converts == []
    assert api.list_repo_refs(repo, include_pull_requests=True).pull_requests == []


def test_branches(api, repo):
    first = api.model_info(repo).sha
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=repo)
    api.create_branch(repo, branch="from-head")
    api.create_branch(repo, branch="from/sha", revision=first)
    assert names(api.list_repo_refs(repo).branches) == {"main", "from-head", "from/sha"}
    assert api.model_info(repo, revision="from/sha").sha == first
    assert api.model_info(repo, revision="from-head").sha == api.model_info(repo).sha
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_branch(repo, branch="from-head")
    assert status_of(caught.value) == 409
    api.create_branch(repo, branch="from-head", exist_ok=True)
    with pytest.raises(RevisionNotFoundError):
        api.create_branch(repo, branch="lost", revision="nowhere")
    api.delete_branch(repo, branch="from/sha")
    assert names(api.list_repo_refs(repo).branches) == {"main", "from-head"}
    with pytest.raises(RevisionNotFoundError):
        api.delete_branch(repo, branch="from/sha")


def test_main_cannot_be_deleted(api, repo):
    with pytest.raises(HfHubHTTPError) as caught:
        api.delete_branch(repo, branch="main")
    assert status_of(caught.value) in (400, 403)
    assert "main" in str(caught.value)


def test_bad_branch_names(api, repo):
    for name in ("refs/pr/5", "a..b", "-x"):
        with pytest.raises(BadRequestError):
            api.create_branch(repo, branch=name)


def test_tags(api, repo):
    head = api.model_info(repo).sha
    api.create_tag(repo, tag="v1")
    api.create_tag(repo, tag="v1.1", tag_message="With words", revision=head)
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=repo)
    refs = {ref.name: ref for ref in api.list_repo_refs(repo).tags}
    assert set(refs) == {"v1", "v1.1"}
    assert refs["v1"].ref == "refs/tags/v1"
    assert refs["v1.1"].target_commit == head
    assert api.model_info(repo, revision="v1.1").sha == head
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_tag(repo, tag="v1")
    assert status_of(caught.value) == 409
    api.create_tag(repo, tag="v1", exist_ok=True)
    with pytest.raises(RevisionNotFoundError):
        api.create_tag(repo, tag="v2", revision="nowhere")
    api.delete_tag(repo, tag="v1")
    with pytest.raises(RevisionNotFoundError):
        api.delete_tag(repo, tag="v1")
    assert names(api.list_repo_refs(repo).tags) == {"v1.1"}


def test_refs_are_for_those_who_may_write(bob, reader, repo):
    for stranger in (bob, reader):
        for act in (
            lambda who=stranger: who.create_branch(repo, branch="mine"),
            lambda who=stranger: who.create_tag(repo, tag="mine"),
            lambda who=stranger: who.super_squash_history(repo),
        ):
            with pytest.raises(HfHubHTTPError) as caught:
                act()
            assert status_of(caught.value) == 403


def test_squash(api, repo):
    for number in range(3):
        api.upload_file(path_or_fileobj=b"%d" % number, path_in_repo="n.txt", repo_id=repo)
    api.create_branch(repo, branch="kept")
    api.super_squash_history(repo, commit_message="All in one")
    assert [commit.title for commit in api.list_repo_commits(repo)] == ["All in one"]
    assert len(api.list_repo_commits(repo, revision="kept")) == 4
    assert set(api.list_repo_files(repo)) == {".gitattributes", "n.txt"}
    api.upload_file(path_or_fileobj=b"more", path_in_repo="more.txt", repo_id=repo)
    assert len(api.list_repo_commits(repo)) == 2
    with pytest.raises(RevisionNotFoundError):
        api.super_squash_history(repo, branch="nowhere")
