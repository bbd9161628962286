import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RevisionNotFoundError
from support import download, noise, sha256, status_of


def add(path, content):
    return CommitOperationAdd(path_in_repo=path, path_or_fileobj=content)


@pytest.fixture
def filled(api, repo):
    api.create_commit(
        repo,
        [
            add("a.txt", b"a"),
            add("dir/b.txt", b"b"),
            add("dir/sub/c.txt", b"c"),
            add("other/d.txt", b"d"),
            add("w.bin", noise(3000, 1)),
        ],
        commit_message="Fill",
    )
    return repo


def files(api, repo, **more):
    return set(api.list_repo_files(repo, **more)) - {".gitattributes"}


def test_add_delete_and_delete_a_folder_in_one_commit(api, filled):
    before = api.model_info(filled).sha
    info = api.create_commit(
        filled,
        [
            add("new.txt", b"new"),
            add("a.txt", b"changed"),
            CommitOperationDelete("other/d.txt"),
            CommitOperationDelete("dir/"),
        ],
        commit_message="Change",
    )
    assert files(api, filled) == {"a.txt", "new.txt", "w.bin"}
    assert download(api, filled, "a.txt") == b"changed"
    assert files(api, filled, revision=before) >= {"dir/sub/c.txt", "other/d.txt"}
    commits = api.list_repo_commits(filled)
    assert [commit.commit_id for commit in commits][:2] == [info.oid, before]


def test_copy_a_large_and_a_regular_file(api, filled):
    source = download(api, filled, "w.bin")
    api.create_commit(
        filled,
        [
            CommitOperationCopy(src_path_in_repo="w.bin", path_in_repo="copies/w.bin"),
            CommitOperationCopy(src_path_in_repo="a.txt", path_in_repo="copies/a.txt"),
        ],
        commit_message="Copy",
    )
    assert download(api, filled, "copies/w.bin") == source
    assert download(api, filled, "copies/a.txt") == b"a"
    (entry,) = api.get_paths_info(filled, ["copies/w.bin"])
    assert entry.lfs.sha256 == sha256(source)


def test_copy_from_another_revision(api, filled):
    old = api.model_info(filled).sha
    api.delete_file("a.txt", filled)
    copy = CommitOperationCopy("a.txt", "back.txt", src_revision=old)
    api.create_commit(filled, [copy], commit_message="Bring it back")
    assert download(api, filled, "back.txt") == b"a"


def test_a_parent_that_is_not_the_head_is_a_conflict(api, filled):
    old = api.model_info(filled).sha
    api.create_commit(filled, [add("x.txt", b"1")], commit_message="First", parent_commit=old)
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_commit(filled, [add("x.txt", b"2")], commit_message="Second", parent_commit=old)
    assert status_of(caught.value) == 412
    assert download(api, filled, "x.txt") == b"1"


def test_a_short_parent_will_do(api, filled):
    parent = api.model_info(filled).sha[:7]
    api.create_commit(filled, [add("x.txt", b"1")], commit_message="Short", parent_commit=parent)
    assert "x.txt" in files(api, filled)


def test_a_file_in_place_of_a_folder(api, filled):
    api.create_commit(
        filled, [CommitOperationDelete("dir/"), add("dir", b"a file now")], commit_message="Swap"
    )
    assert "dir" in files(api, filled)
    assert download(api, filled, "dir") == b"a file now"


def test_delete_file(api, filled):
    api.delete_file("a.txt", filled)
    assert "a.txt" not in files(api, filled)
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download(filled, "a.txt")


def test_delete_folder(api, filled):
    api.delete_folder("dir", filled)
    assert files(api, filled) == {"a.txt", "other/d.txt", "w.bin"}


def test_delete_by_patterns(api, filled):
    api.delete_files(filled, ["dir/**", "*.bin"])
    assert files(api, filled) == {"a.txt", "other/d.txt"}


def test_delete_what_is_not_there(api, filled):
    with pytest.raises(EntryNotFoundError):
        api.delete_file("nothing.txt", filled)


def test_commit_to_a_branch_and_not_to_a_tag(api, filled):
    api.create_branch(filled, branch="dev")
    api.create_tag(filled, tag="v1")
    api.upload_file(path_or_fileobj=b"d", path_in_repo="d.txt", repo_id=filled, revision="dev")
    assert "d.txt" in files(api, filled, revision="dev")
    assert "d.txt" not in files(api, filled)
    for revision in ("v1", "nowhere", api.model_info(filled).sha):
        with pytest.raises(RevisionNotFoundError):
            api.upload_file(
                path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=filled, revision=revision
            )


def test_paths_that_leave_the_repo_are_refused(api, repo):
    for path in ("../up.txt", "a/../../up.txt", ".git/config"):
        with pytest.raises((HfHubHTTPError, ValueError)):
            api.upload_file(path_or_fileobj=b"x", path_in_repo=path, repo_id=repo)
    assert files(api, repo) == set()


def test_large_object_of_nobody_is_refused(api, repo):
    operation = add("never.bin", noise(100, 2))
    operation._is_uploaded = True
    operation._upload_mode = "lfs"
    with pytest.raises(HfHubHTTPError) as caught:
        api.create_commit(repo, [operation], commit_message="Not uploaded")
    assert status_of(caught.value) == 400


def test_another_repo_cannot_claim_an_object_by_its_hash(api, bob, new_repo):
    secret = noise(4000, 77)
    hidden = new_repo(private=True)
    api.upload_file(path_or_fileobj=secret, path_in_repo="w.bin", repo_id=hidden)
    target = bob.create_repo("bob/claims", exist_ok=True).repo_id
    operation = add("w.bin", secret)
    operation._is_uploaded = True
    operation._upload_mode = "lfs"
    with pytest.raises(HfHubHTTPError) as caught:
        bob.create_commit(target, [operation], commit_message="Guess")
    assert status_of(caught.value) == 400
