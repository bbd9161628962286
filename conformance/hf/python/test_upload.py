import io

import huggingface_hub._commit_api as commit_api
import pytest
from huggingface_hub import CommitOperationAdd
from huggingface_hub.errors import BadRequestError, HfHubHTTPError
from support import MIB, download, git_sha1, noise, sha256, status_of

ODD_NAMES = [
    "with space.txt",
    "deep/er/and deeper/ünïcödé-重さ.txt",
    "what?.txt",
    "100%.txt",
    "50%25.txt",
    "a#b.txt",
    "plus+and&amp;=.txt",
    "comma,semi;colon:.txt",
    "[brackets](and){braces}.txt",
    "quote'and\"double.txt",
    "~tilde@at!.txt",
]


@pytest.fixture
def uploads(monkeypatch):
    """The sizes of what really went through LFS."""
    seen = []
    real = commit_api.lfs_upload

    def spy(*args, **kwargs):
        seen.append(kwargs["operation"].upload_info.size)
        return real(*args, **kwargs)

    monkeypatch.setattr(commit_api, "lfs_upload", spy)
    return seen


def test_small_text(api, repo, uploads):
    info = api.upload_file(
        path_or_fileobj=b"one kilogram\n",
        path_in_repo="notes/weight.txt",
        repo_id=repo,
        commit_message="Weigh it",
        commit_description="Twice, to be sure.",
    )
    assert len(info.oid) == 40
    assert info.oid == api.model_info(repo).sha
    assert download(api, repo, "notes/weight.txt") == b"one kilogram\n"
    assert uploads == []
    newest = api.list_repo_commits(repo)[0]
    assert newest.commit_id == info.oid
    assert newest.title == "Weigh it"
    assert "Twice, to be sure." in newest.message
    assert newest.authors == ["alice"]


def test_small_binary_by_name_and_by_content(api, repo, uploads):
    weights = noise(70, 1)
    blob = noise(3 * MIB, 2)
    api.upload_file(path_or_fileobj=weights, path_in_repo="model.safetensors", repo_id=repo)
    api.upload_file(path_or_fileobj=blob, path_in_repo="no-extension", repo_id=repo)
    assert uploads == [70, 3 * MIB]
    by_path = {entry.path: entry for entry in api.list_repo_tree(repo)}
    assert by_path["model.safetensors"].lfs.sha256 == sha256(weights)
    assert by_path["no-extension"].lfs.size == 3 * MIB
    assert download(api, repo, "model.safetensors") == weights
    assert download(api, repo, "no-extension") == blob


def test_more_than_ten_mebibytes_in_one_part(api, repo, uploads, tmp_path):
    source = tmp_path / "big.bin"
    source.write_bytes(noise(12 * MIB + 7, 3))
    api.upload_file(path_or_fileobj=str(source), path_in_repo="big.bin", repo_id=repo)
    assert uploads == [12 * MIB + 7]
    assert sha256(download(api, repo, "big.bin")) == sha256(source)


def test_large_text_is_lfs_and_nine_megabytes_of_text_are_not(api, repo):
    line = b"a line of text, nothing else\n"
    api.upload_file(path_or_fileobj=line * 320_000, path_in_repo="9mb.txt", repo_id=repo)
    api.upload_file(path_or_fileobj=line * 380_000, path_in_repo="11mb.txt", repo_id=repo)
    by_path = {entry.path: entry for entry in api.list_repo_tree(repo)}
    assert by_path["9mb.txt"].lfs is None
    assert by_path["11mb.txt"].lfs is not None
    assert len(download(api, repo, "9mb.txt")) == len(line) * 320_000


def test_several_parts(api, repo, tmp_path, monkeypatch):
    import huggingface_hub.lfs as lfs

    parts = []
    real = lfs._upload_multi_part
    monkeypatch.setattr(lfs, "_upload_multi_part", lambda *a, **k: (parts.append(1), real(*a, **k)))
    source = tmp_path / "huge.safetensors"
    source.write_bytes(noise(40 * MIB + 11, 4))
    api.upload_file(path_or_fileobj=source, path_in_repo="huge.safetensors", repo_id=repo)
    assert parts == [1]
    assert sha256(download(api, repo, "huge.safetensors")) == sha256(source)


def test_the_same_bytes_are_not_sent_again(api, repo, uploads):
    blob = noise(2 * MIB, 5)
    first = api.upload_file(path_or_fileobj=blob, path_in_repo="a.bin", repo_id=repo)
    api.upload_file(path_or_fileobj=blob, path_in_repo="b.bin", repo_id=repo)
    assert uploads == [2 * MIB]
    again = api.upload_file(path_or_fileobj=blob, path_in_repo="b.bin", repo_id=repo)
    assert uploads == [2 * MIB]
    assert again.oid != first.oid
    assert download(api, repo, "b.bin") == blob


def test_an_unchanged_file_makes_no_commit(api, repo):
    for content in (b"text", noise(1000, 6)):
        name = f"{len(content)}.bin" if len(content) > 4 else "four.txt"
        first = api.upload_file(path_or_fileobj=content, path_in_repo=name, repo_id=repo)
        again = api.upload_file(path_or_fileobj=content, path_in_repo=name, repo_id=repo)
        assert again.oid == first.oid


def test_empty_files(api, repo):
    for name in ("empty.txt", "empty.bin", "dir/.gitkeep"):
        api.upload_file(path_or_fileobj=b"", path_in_repo=name, repo_id=repo)
        assert download(api, repo, name) == b""
    (entry,) = api.get_paths_info(repo, ["empty.txt"])
    assert entry.size == 0
    assert entry.blob_id == git_sha1(b"")


def test_odd_names(api, repo):
    operations = [
        CommitOperationAdd(path_in_repo=name, path_or_fileobj=name.encode()) for name in ODD_NAMES
    ]
    api.create_commit(repo, operations, commit_message="Odd names, ünïcödé too")
    assert set(ODD_NAMES) <= set(api.list_repo_files(repo))
    for name in ODD_NAMES:
        assert api.file_exists(repo, name)
        assert download(api, repo, name) == name.encode()
    assert {entry.path for entry in api.get_paths_info(repo, ODD_NAMES)} == set(ODD_NAMES)
    assert api.list_repo_commits(repo)[0].title == "Odd names, ünïcödé too"
    inside = [entry.path for entry in api.list_repo_tree(repo, "deep/er/and deeper")]
    assert inside == ["deep/er/and deeper/ünïcödé-重さ.txt"]


def test_odd_names_of_large_files(api, repo):
    for name in ("w eights?.bin", "ünïcödé/100%.bin"):
        blob = noise(5000, len(name))
        api.upload_file(path_or_fileobj=blob, path_in_repo=name, repo_id=repo)
        assert download(api, repo, name) == blob


def test_a_file_object(api, repo):
    blob = noise(MIB, 8)
    api.upload_file(path_or_fileobj=io.BytesIO(blob), path_in_repo="stream.bin", repo_id=repo)
    assert download(api, repo, "stream.bin") == blob


def test_folder(api, repo, tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    contents = {"a.txt": b"a", "sub/b.json": b"{}", "sub/w.bin": noise(4096, 9), "skip.log": b"x"}
    for name, content in contents.items():
        (tmp_path / "in" / name).write_bytes(content)
    api.upload_folder(repo_id=repo, folder_path=tmp_path / "in", ignore_patterns="*.log")
    assert set(api.list_repo_files(repo)) == {".gitattributes", "a.txt", "sub/b.json", "sub/w.bin"}
    assert download(api, repo, "sub/w.bin") == contents["sub/w.bin"]
    (tmp_path / "in" / "a.txt").unlink()
    (tmp_path / "in" / "c.txt").write_bytes(b"c")
    api.upload_folder(
        repo_id=repo, folder_path=tmp_path / "in", allow_patterns="*.txt", delete_patterns="*.txt"
    )
    assert set(api.list_repo_files(repo)) == {".gitattributes", "c.txt", "sub/b.json", "sub/w.bin"}
    api.upload_folder(repo_id=repo, folder_path=tmp_path / "in", path_in_repo="x/y")
    assert "x/y/sub/w.bin" in api.list_repo_files(repo)


def test_folder_of_many_files(api, repo, tmp_path):
    for number in range(300):
        (tmp_path / f"{number:03}.txt").write_text(f"file {number}\n")
    api.upload_folder(repo_id=repo, folder_path=tmp_path, path_in_repo="many")
    files = [name for name in api.list_repo_files(repo) if name.startswith("many/")]
    assert len(files) == 300
    assert download(api, repo, "many/123.txt") == b"file 123\n"


def test_a_gitignore_is_obeyed(api, repo, tmp_path):
    (tmp_path / ".gitignore").write_text("*.tmp\nbuild/\n")
    (tmp_path / "build").mkdir()
    for name in ("keep.txt", "drop.tmp", "build/out.txt"):
        (tmp_path / name).write_text("x")
    api.upload_folder(repo_id=repo, folder_path=tmp_path)
    assert set(api.list_repo_files(repo)) == {".gitattributes", ".gitignore", "keep.txt"}


def test_gitattributes_decide(api, repo):
    api.upload_file(
        path_or_fileobj=b"*.weird filter=lfs diff=lfs merge=lfs -text\n",
        path_in_repo=".gitattributes",
        repo_id=repo,
    )
    api.upload_file(path_or_fileobj=b"plain text", path_in_repo="a.weird", repo_id=repo)
    (entry,) = api.get_paths_info(repo, ["a.weird"])
    assert entry.lfs.sha256 == sha256(b"plain text")


def test_uploads_are_for_those_who_may_write(bob, nobody, reader, repo):
    for stranger, status in ((bob, 403), (reader, 403), (nobody, 401)):
        with pytest.raises(HfHubHTTPError) as caught:
            stranger.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=repo)
        assert status_of(caught.value) == status


def test_invalid_card_metadata(api, repo):
    with pytest.raises((ValueError, BadRequestError)) as caught:
        api.upload_file(
            path_or_fileobj=b"---\nlicense: [mit\n---\n# Broken\n",
            path_in_repo="README.md",
            repo_id=repo,
        )
    assert isinstance(caught.value, ValueError)
    assert "Invalid metadata in README.md" in str(caught.value)
    assert "README.md" not in api.list_repo_files(repo)


def test_card_without_metadata_is_taken(api, repo):
    api.upload_file(path_or_fileobj=b"# Just text\n", path_in_repo="README.md", repo_id=repo)
    assert download(api, repo, "README.md") == b"# Just text\n"
