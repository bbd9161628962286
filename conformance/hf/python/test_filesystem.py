import pytest
from huggingface_hub import HfFileSystem
from support import ALICE, URL, noise


@pytest.fixture
def fs():
    return HfFileSystem(endpoint=URL, token=ALICE, skip_instance_cache=True)


@pytest.fixture
def root(api, new_repo):
    repo = new_repo("fs", repo_type="dataset")
    for name, content in {
        "a.txt": b"alpha\nbeta\n",
        "data/one.bin": noise(300_000, 1),
        "data/sub/two.csv": b"x,y\n1,2\n",
    }.items():
        api.upload_file(
            path_or_fileobj=content, path_in_repo=name, repo_id=repo, repo_type="dataset"
        )
    return f"datasets/{repo}"


def test_ls_and_glob(fs, root):
    names = {path.removeprefix(f"{root}/") for path in fs.ls(root, detail=False)}
    assert names == {".gitattributes", "a.txt", "data"}
    assert fs.glob(f"{root}/**/*.csv") == [f"{root}/data/sub/two.csv"]
    assert set(fs.find(f"{root}/data")) == {f"{root}/data/one.bin", f"{root}/data/sub/two.csv"}
    detailed = {entry["name"]: entry for entry in fs.ls(root, detail=True)}
    assert detailed[f"{root}/a.txt"]["size"] == 11
    assert detailed[f"{root}/data"]["type"] == "directory"


def test_info_and_exists(fs, root):
    info = fs.info(f"{root}/data/one.bin")
    assert info["type"] == "file"
    assert info["size"] == 300_000
    assert fs.info(f"{root}/data")["type"] == "directory"
    assert fs.isfile(f"{root}/a.txt")
    assert fs.isdir(f"{root}/data")
    assert not fs.exists(f"{root}/nothing")
    with pytest.raises(FileNotFoundError):
        fs.info(f"{root}/nothing")


def test_read_and_seek(fs, root):
    whole = noise(300_000, 1)
    with fs.open(f"{root}/data/one.bin", "rb", block_size=65_536) as file:
        assert file.read(10) == whole[:10]
        file.seek(200_000)
        assert file.read(50_000) == whole[200_000:250_000]
        file.seek(-7, 2)
        assert file.read() == whole[-7:]
    with fs.open(f"{root}/a.txt", "r") as file:
        assert file.readlines() == ["alpha\n", "beta\n"]
    assert fs.cat_file(f"{root}/data/one.bin", start=5, end=25) == whole[5:25]
    assert fs.read_text(f"{root}/a.txt") == "alpha\nbeta\n"


def test_write_copy_and_remove(fs, root, api):
    with fs.open(f"{root}/new/file.txt", "w") as file:
        file.write("written")
    assert fs.read_text(f"{root}/new/file.txt") == "written"
    fs.cp_file(f"{root}/data/one.bin", f"{root}/new/one.bin")
    assert fs.cat_file(f"{root}/new/one.bin") == noise(300_000, 1)
    fs.rm(f"{root}/new/file.txt")
    assert not fs.exists(f"{root}/new/file.txt")
    fs.rm(f"{root}/new", recursive=True)
    assert not fs.exists(f"{root}/new")


def test_revision_in_the_path(fs, root, api):
    repo = root.removeprefix("datasets/")
    api.create_branch(repo, branch="feat/x", repo_type="dataset")
    fs.rm(f"{root}/a.txt")
    assert not fs.exists(f"{root}/a.txt")
    assert fs.read_text(f"{root}@feat%2Fx/a.txt") == "alpha\nbeta\n"


def test_get_and_put(fs, root, tmp_path):
    fs.get(f"{root}/data", str(tmp_path / "data"), recursive=True)
    assert (tmp_path / "data" / "one.bin").read_bytes() == noise(300_000, 1)
    (tmp_path / "up.txt").write_text("up")
    fs.put_file(str(tmp_path / "up.txt"), f"{root}/up.txt")
    assert fs.read_text(f"{root}/up.txt") == "up"
