from support import ALICE_READ, download, noise, run_cli, sha256


def test_upload_a_file(api, new_id, tmp_path):
    repo = new_id("cli")
    source = tmp_path / "w.bin"
    source.write_bytes(noise(1_000_000, 1))
    done = run_cli("upload", repo, source, "weights/w.bin", "--commit-message", "From the shell")
    assert done.returncode == 0, done.stderr
    assert sha256(download(api, repo, "weights/w.bin")) == sha256(source)
    assert api.list_repo_commits(repo)[0].title == "From the shell"


def test_upload_a_folder_to_a_private_dataset(api, new_id, tmp_path):
    repo = new_id("cli")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.csv").write_text("a\n")
    (tmp_path / "d" / "b.csv").write_text("b\n")
    done = run_cli("upload", repo, tmp_path / "d", ".", "--repo-type", "dataset", "--private")
    assert done.returncode == 0, done.stderr
    info = api.dataset_info(repo)
    assert info.private is True
    assert {"a.csv", "b.csv"} <= {sibling.rfilename for sibling in info.siblings}


def test_upload_to_a_branch_that_is_not_there_yet(api, repo, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    done = run_cli("upload", repo, tmp_path / "a.txt", "--revision", "dev")
    assert done.returncode == 0, done.stderr
    assert "a.txt" in api.list_repo_files(repo, revision="dev")
    assert "a.txt" not in api.list_repo_files(repo)


def test_download(api, repo, tmp_path):
    blob = noise(500_000, 2)
    api.upload_file(path_or_fileobj=blob, path_in_repo="w.bin", repo_id=repo)
    api.upload_file(path_or_fileobj=b"t", path_in_repo="sub/t.txt", repo_id=repo)
    done = run_cli("download", repo, "w.bin", "--local-dir", tmp_path / "one")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "one" / "w.bin").read_bytes() == blob
    done = run_cli("download", repo, "--local-dir", tmp_path / "all", token="")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "all" / "sub" / "t.txt").read_bytes() == b"t"


def test_a_refusal_is_shown(repo, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    done = run_cli("upload", repo, tmp_path / "a.txt", token=ALICE_READ)
    assert done.returncode != 0
    assert "403" in done.stderr + done.stdout


def test_a_missing_repo_is_shown(tmp_path):
    done = run_cli("download", "alice/no-such-repo", "--local-dir", tmp_path)
    assert done.returncode != 0
    assert "not found" in (done.stderr + done.stdout).lower()
