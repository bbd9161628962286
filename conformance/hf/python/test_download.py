import os
from pathlib import Path

import pytest
from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
from huggingface_hub.file_download import http_get
from support import ALICE, MIB, URL, download, git_sha1, noise, sha256


@pytest.fixture
def filled(api, repo):
    api.upload_file(path_or_fileobj=b"one\n", path_in_repo="n.txt", repo_id=repo)
    api.create_tag(repo, tag="v1")
    api.upload_file(path_or_fileobj=b"two\n", path_in_repo="n.txt", repo_id=repo)
    api.create_branch(repo, branch="feat/two")
    api.upload_file(path_or_fileobj=b"three\n", path_in_repo="n.txt", repo_id=repo)
    api.upload_file(path_or_fileobj=noise(MIB, 1), path_in_repo="sub/w.bin", repo_id=repo)
    return repo


def test_revisions(api, filled):
    shas = [commit.commit_id for commit in api.list_repo_commits(filled)]
    assert download(api, filled, "n.txt") == b"three\n"
    assert download(api, filled, "n.txt", revision="v1") == b"one\n"
    assert download(api, filled, "n.txt", revision="feat/two") == b"two\n"
    assert download(api, filled, "n.txt", revision="refs/heads/feat/two") == b"two\n"
    assert download(api, filled, "n.txt", revision=shas[2]) == b"two\n"
    assert download(api, filled, "n.txt", revision=shas[3][:7]) == b"one\n"
    assert api.model_info(filled, revision=shas[3][:8]).sha == shas[3]


def test_metadata(api, filled):
    regular = get_hf_file_metadata(hf_hub_url(filled, "n.txt", endpoint=URL), token=ALICE)
    assert regular.etag == git_sha1(b"three\n")
    assert regular.size == 6
    assert regular.commit_hash == api.model_info(filled).sha
    large = get_hf_file_metadata(hf_hub_url(filled, "sub/w.bin", endpoint=URL), token=ALICE)
    assert large.etag == sha256(noise(MIB, 1))
    assert large.size == MIB
    assert large.commit_hash == regular.commit_hash


def test_the_cache_is_used_again(api, filled):
    first = Path(api.hf_hub_download(filled, "sub/w.bin"))
    stamp = first.resolve().stat().st_mtime_ns
    second = Path(api.hf_hub_download(filled, "sub/w.bin"))
    assert first == second
    assert second.resolve().stat().st_mtime_ns == stamp
    assert first.resolve().name == sha256(noise(MIB, 1))
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=filled)
    third = Path(api.hf_hub_download(filled, "sub/w.bin"))
    assert third != first
    assert third.resolve() == first.resolve()


def test_a_missing_file_is_remembered(api, filled, own_cache):
    from huggingface_hub import _CACHED_NO_EXIST, try_to_load_from_cache

    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download(filled, "missing.json")
    found = try_to_load_from_cache(filled, "missing.json", cache_dir=own_cache)
    assert found is _CACHED_NO_EXIST
    with pytest.raises(LocalEntryNotFoundError):
        api.hf_hub_download(filled, "never-asked.json", local_files_only=True)


def test_a_folder_is_not_a_file(api, filled):
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download(filled, "sub")


def test_resume(filled, tmp_path):
    """Starts from a false first half: only a ranged answer can leave it in place."""
    whole = noise(MIB, 1)
    half = MIB // 2 + 1
    target = tmp_path / "w.bin"
    target.write_bytes(b"X" * half)
    with target.open("ab") as file:
        http_get(
            hf_hub_url(filled, "sub/w.bin", endpoint=URL),
            file,
            resume_size=half,
            headers={"authorization": f"Bearer {ALICE}"},
            expected_size=MIB,
        )
    assert target.read_bytes() == b"X" * half + whole[half:]


def test_resume_of_a_partial_cache_entry(api, filled, own_cache):
    folder = Path(own_cache) / ("models--" + filled.replace("/", "--")) / "blobs"
    folder.mkdir(parents=True)
    whole = noise(MIB, 1)
    (folder / f"{sha256(whole)}.incomplete").write_bytes(whole[:70_000])
    assert download(api, filled, "sub/w.bin") == whole


def test_snapshot(api, filled):
    folder = Path(api.snapshot_download(filled))
    assert folder.name == api.model_info(filled).sha
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {".gitattributes", "n.txt", "sub/w.bin"}
    assert (folder / "sub/w.bin").read_bytes() == noise(MIB, 1)


def test_snapshot_with_patterns(api, filled):
    folder = Path(api.snapshot_download(filled, allow_patterns=["*.txt"], revision="v1"))
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"n.txt"}
    assert (folder / "n.txt").read_bytes() == b"one\n"


def test_snapshot_of_many_files_at_once(api, repo, tmp_path):
    for number in range(60):
        (tmp_path / f"{number}.bin").write_bytes(noise(20_000, number))
    api.upload_folder(repo_id=repo, folder_path=tmp_path, path_in_repo="shards")
    folder = Path(api.snapshot_download(repo, max_workers=16))
    for number in range(60):
        assert sha256(folder / "shards" / f"{number}.bin") == sha256(noise(20_000, number))


def test_local_folder(api, filled, tmp_path):
    target = tmp_path / "local"
    path = Path(api.hf_hub_download(filled, "sub/w.bin", local_dir=target))
    assert path == target / "sub" / "w.bin"
    stamp = path.stat().st_mtime_ns
    api.hf_hub_download(filled, "sub/w.bin", local_dir=target)
    assert path.stat().st_mtime_ns == stamp
    api.snapshot_download(filled, local_dir=target)
    assert (target / "n.txt").read_bytes() == b"three\n"
    assert path.stat().st_mtime_ns == stamp


def test_a_local_file_that_fits_is_not_downloaded(api, filled, tmp_path):
    os.makedirs(tmp_path / "sub")
    path = tmp_path / "sub" / "w.bin"
    path.write_bytes(noise(MIB, 1))
    stamp = path.stat().st_mtime_ns
    api.hf_hub_download(filled, "sub/w.bin", local_dir=tmp_path)
    assert path.read_bytes() == noise(MIB, 1)
    assert path.stat().st_mtime_ns >= stamp


def test_verify(api, filled, tmp_path):
    if not hasattr(api, "verify_repo_checksums"):
        return
    api.snapshot_download(filled, local_dir=tmp_path)
    result = api.verify_repo_checksums(filled, local_dir=tmp_path)
    assert result.checked_count == 3
    assert result.mismatches == []
    (tmp_path / "n.txt").write_bytes(b"spoilt")
    assert len(api.verify_repo_checksums(filled, local_dir=tmp_path).mismatches) == 1


def test_without_a_token(nobody, filled):
    assert download(nobody, filled, "n.txt") == b"three\n"
    assert download(nobody, filled, "sub/w.bin") == noise(MIB, 1)
