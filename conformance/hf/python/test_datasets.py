from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from huggingface_hub.errors import EntryNotFoundError
from support import MIB, download, noise, sha256

TYPE = {"repo_type": "dataset"}


@pytest.fixture
def data(new_repo):
    return new_repo("data", **TYPE)


def test_upload_and_download(api, data):
    blob = noise(2 * MIB, 1)
    api.upload_file(path_or_fileobj=b"a,b\n1,2\n", path_in_repo="t.csv", repo_id=data, **TYPE)
    api.upload_file(path_or_fileobj=blob, path_in_repo="d/x.parquet", repo_id=data, **TYPE)
    assert download(api, data, "t.csv", **TYPE) == b"a,b\n1,2\n"
    assert sha256(download(api, data, "d/x.parquet", **TYPE)) == sha256(blob)
    info = api.dataset_info(data, files_metadata=True)
    by_name = {sibling.rfilename: sibling for sibling in info.siblings}
    assert by_name["d/x.parquet"].lfs.size == 2 * MIB
    assert by_name["t.csv"].lfs is None


def test_media_files_of_datasets_are_large(api, data):
    api.upload_file(path_or_fileobj=noise(64), path_in_repo="i.png", repo_id=data, **TYPE)
    (entry,) = api.get_paths_info(data, "i.png", **TYPE)
    assert entry.lfs is not None


def test_snapshot(api, data, tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.json").write_text(f'{{"n": {number}}}\n')
    api.upload_folder(repo_id=data, folder_path=tmp_path, path_in_repo="rows", **TYPE)
    folder = Path(api.snapshot_download(data, allow_patterns="rows/*", **TYPE))
    assert sorted(path.name for path in (folder / "rows").iterdir()) == [
        f"{number}.json" for number in range(5)
    ]


def test_commits_refs_and_moves(api, data, new_id):
    api.create_commit(data, [CommitOperationAdd("x.txt", b"x")], commit_message="Add", **TYPE)
    api.create_tag(data, tag="v1", **TYPE)
    api.create_commit(data, [CommitOperationDelete("x.txt")], commit_message="Drop", **TYPE)
    assert [commit.title for commit in api.list_repo_commits(data, **TYPE)][:2] == ["Drop", "Add"]
    assert download(api, data, "x.txt", revision="v1", **TYPE) == b"x"
    with pytest.raises(EntryNotFoundError):
        api.hf_hub_download(data, "x.txt", **TYPE)
    target = new_id("moved")
    api.move_repo(data, target, **TYPE)
    assert api.dataset_info(data).id == target
    api.delete_repo(target, **TYPE)
    assert not api.repo_exists(target, **TYPE)


def test_a_model_and_a_dataset_may_share_a_name(api, data):
    api.create_repo(data)
    api.upload_file(path_or_fileobj=b"m", path_in_repo="m.txt", repo_id=data)
    assert "m.txt" not in api.list_repo_files(data, **TYPE)
    assert "m.txt" in api.list_repo_files(data)


def test_an_absent_data_folder_is_not_found(api, data):
    with pytest.raises(EntryNotFoundError):
        list(api.list_repo_tree(data, "data", **TYPE))
