import pytest
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RevisionNotFoundError
from support import git_sha1, noise, sha256, status_of


@pytest.fixture
def filled(api, repo, tmp_path):
    (tmp_path / "dir" / "sub").mkdir(parents=True)
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "dir" / "b.txt").write_bytes(b"bb")
    (tmp_path / "dir" / "sub" / "w.bin").write_bytes(noise(500, 1))
    api.upload_folder(repo_id=repo, folder_path=tmp_path, commit_message="Fill")
    return repo


def test_model_info(api, filled):
    info = api.model_info(filled)
    assert info.id == filled
    assert info.author == "alice"
    assert info.private is False
    assert info.gated is False
    assert info.disabled is False
    assert info.downloads >= 0
    assert info.likes == 0
    assert info.created_at <= info.last_modified
    assert isinstance(info.tags, list)
    names = {sibling.rfilename for sibling in info.siblings}
    assert names == {".gitattributes", "a.txt", "dir/b.txt", "dir/sub/w.bin"}


def test_files_metadata(api, filled):
    info = api.model_info(filled, files_metadata=True)
    by_name = {sibling.rfilename: sibling for sibling in info.siblings}
    assert by_name["dir/b.txt"].size == 2
    assert by_name["dir/b.txt"].blob_id == git_sha1(b"bb")
    assert by_name["dir/b.txt"].lfs is None
    large = by_name["dir/sub/w.bin"]
    assert large.size == 500
    assert large.lfs.sha256 == sha256(noise(500, 1))
    assert 120 < large.lfs.pointer_size < 145


def test_expand(api, filled):
    info = api.model_info(filled, expand=["downloads", "sha", "private", "lastModified"])
    assert info.sha == api.model_info(filled).sha
    assert info.private is False
    assert info.downloads >= 0
    assert info.siblings is None
    with pytest.raises(HfHubHTTPError) as caught:
        api.model_info(filled, expand=["no-such-member"])
    assert status_of(caught.value) == 400
    assert "must be one of" in str(caught.value)


def test_info_of_a_revision(api, filled):
    first = api.list_repo_commits(filled)[-1].commit_id
    info = api.model_info(filled, revision=first)
    assert info.sha == first
    assert [sibling.rfilename for sibling in info.siblings] == [".gitattributes"]
    with pytest.raises(RevisionNotFoundError):
        api.model_info(filled, revision="nowhere")


def test_tree(api, filled):
    top = {entry.path: entry for entry in api.list_repo_tree(filled)}
    assert set(top) == {".gitattributes", "a.txt", "dir"}
    assert top["a.txt"].size == 1
    assert top["a.txt"].blob_id == git_sha1(b"a")
    assert len(top["dir"].tree_id) == 40
    deep = {entry.path for entry in api.list_repo_tree(filled, recursive=True)}
    assert deep == {".gitattributes", "a.txt", "dir", "dir/b.txt", "dir/sub", "dir/sub/w.bin"}
    inside = {entry.path for entry in api.list_repo_tree(filled, "dir", recursive=True)}
    assert inside == {"dir/b.txt", "dir/sub", "dir/sub/w.bin"}


def test_tree_with_last_commits(api, filled):
    change = api.upload_file(
        path_or_fileobj=b"changed", path_in_repo="dir/b.txt", repo_id=filled, commit_message="B"
    )
    entries = api.list_repo_tree(filled, recursive=True, expand=True)
    by_path = {entry.path: entry for entry in entries}
    assert by_path["dir/b.txt"].last_commit.oid == change.oid
    assert by_path["dir/b.txt"].last_commit.title == "B"
    assert by_path["dir"].last_commit.oid == change.oid
    assert by_path["a.txt"].last_commit.title == "Fill"
    assert by_path["dir/sub"].last_commit.title == "Fill"
    assert by_path[".gitattributes"].last_commit.title == "initial commit"


def test_tree_of_nothing(api, filled):
    for path in ("nowhere", "a.txt"):
        with pytest.raises(EntryNotFoundError):
            list(api.list_repo_tree(filled, path))
    with pytest.raises(RevisionNotFoundError):
        list(api.list_repo_tree(filled, revision="nowhere"))


def test_a_tree_of_several_pages(api, repo, tmp_path):
    for number in range(1200):
        (tmp_path / f"{number:04}.txt").write_text(str(number))
    api.upload_folder(repo_id=repo, folder_path=tmp_path, path_in_repo="flat")
    listed = [entry.path for entry in api.list_repo_tree(repo, "flat", recursive=True)]
    assert len(listed) == 1200
    assert len(set(listed)) == 1200
    assert len(api.list_repo_files(repo)) == 1201


def test_paths_info(api, filled):
    paths = ["a.txt", "dir", "dir/sub/w.bin", "missing"]
    entries = {entry.path: entry for entry in api.get_paths_info(filled, paths, expand=True)}
    assert set(entries) == {"a.txt", "dir", "dir/sub/w.bin"}
    assert entries["dir/sub/w.bin"].lfs.size == 500
    assert entries["a.txt"].last_commit.title == "Fill"
    assert api.get_paths_info(filled, "missing") == []
    (single,) = api.get_paths_info(filled, "a.txt")
    assert single.size == 1


def test_commits(api, filled):
    for number in range(5):
        api.upload_file(
            path_or_fileobj=str(number).encode(),
            path_in_repo="n.txt",
            repo_id=filled,
            commit_message=f"Number {number}",
        )
    titles = [commit.title for commit in api.list_repo_commits(filled)]
    assert titles == [f"Number {n}" for n in (4, 3, 2, 1, 0)] + ["Fill", "initial commit"]
    formatted = api.list_repo_commits(filled, formatted=True)[0]
    assert "Number 4" in formatted.formatted_title
    older = api.list_repo_commits(filled, revision=api.list_repo_commits(filled)[3].commit_id)
    assert older[0].title == "Number 1"
    with pytest.raises(RevisionNotFoundError):
        api.list_repo_commits(filled, revision="nowhere")
