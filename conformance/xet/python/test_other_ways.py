"""One content, whichever way it came in and goes out."""

from huggingface_hub import CommitOperationCopy
from machines import until
from plain import digest, get, head, lfs_get, oracle
from recorder import recorded
from support import sha256

OLD = {"HF_HUB_DISABLE_XET": "1"}


def test_in_by_xet_and_out_by_every_other_way(machine, new_machine, repo, new_file):
    source = new_file(20_000_000)
    content = source.read_bytes()
    size = len(content)
    machine.hf("upload", repo, source, "w.bin")

    assert sha256(get(repo, "w.bin")) == sha256(content)
    for start, end in (
        (0, 0),
        (0, 99),
        (65_530, 65_545),
        (9_999_990, 14_000_000),
        (size - 1, size - 1),
    ):
        assert get(repo, "w.bin", f"{start}-{end}") == content[start : end + 1]
    assert get(repo, "w.bin", f"{size - 70_000}-") == content[-70_000:]
    assert get(repo, "w.bin", "-131073") == content[-131_073:]
    assert sha256(lfs_get(repo, sha256(content), size)) == sha256(content)

    with recorded() as seen:
        found = new_machine().act("download_file", repo=repo, path="w.bin", env=OLD)
    assert digest(found) == digest(source)
    assert seen.count("reconstruction") == 0
    with recorded() as seen:
        new_machine().hf("upload", repo, source, "by-lfs.bin", env=OLD)
    assert seen.sent() < 1_000_000, "the hub has it already, and says so to LFS too"
    assert sha256(get(repo, "by-lfs.bin")) == sha256(content)


def test_in_whole_and_out_by_xet(new_machine, repo, new_file):
    source = new_file(12_000_000)
    with recorded() as up:
        new_machine().hf("upload", repo, source, "w.bin", env=OLD)
    assert up.count("xorb") == 0
    assert up.sent() >= 12_000_000
    assert sha256(get(repo, "w.bin")) == digest(source)

    found = until(lambda: head(repo, "w.bin")["X-Xet-Hash"], 60, "chunked in the background")
    assert found == oracle(source)
    with recorded() as down:
        pulled = new_machine().act("download_file", repo=repo, path="w.bin")
    assert digest(pulled) == digest(source)
    assert down.count("reconstruction") >= 1
    assert down.count("data") >= 1
    assert sha256(get(repo, "w.bin")) == digest(source)
    assert get(repo, "w.bin", "6000000-6000099") == source.read_bytes()[6_000_000:6_000_100]

    # And its chunks count as there for those who send it by Xet.
    with recorded() as again:
        new_machine().hf("upload", repo, source, "again.bin")
    assert again.count("xorb", "POST") == 0
    assert sha256(get(repo, "again.bin")) == digest(source)


def test_ranges_through_the_file_system(machine, new_machine, repo, new_file, tmp_path):
    source = new_file(20_000_000)
    content = source.read_bytes()
    machine.hf("upload", repo, source, "w.bin")
    ranges = [(10_000_001, 10_000_101), (0, 70_000), (19_999_000, 20_000_000), (131_000, 400_000)]
    into = tmp_path / "read"
    size = new_machine().act("read", path=f"{repo}/w.bin", ranges=ranges, into=str(into))
    assert size == len(content)
    assert into.read_bytes() == b"".join(content[start:end] for start, end in ranges)


def test_a_file_in_the_middle_of_a_xorb(machine, new_machine, repo, tmp_path, fresh):
    """Several files share a xorb; each comes out as itself."""
    (tmp_path / "in").mkdir()
    for number in range(5):
        (tmp_path / "in" / f"{number}.bin").write_bytes(fresh(150_000 + number))
    machine.hf("upload", repo, tmp_path / "in", ".")
    for number in (2, 4, 0):
        source = tmp_path / "in" / f"{number}.bin"
        pulled = new_machine().act("download_file", repo=repo, path=f"{number}.bin")
        assert digest(pulled) == digest(source)
        assert get(repo, f"{number}.bin", "70000-70009") == source.read_bytes()[70_000:70_010]


def test_a_copy_within_a_repo(machine, new_machine, repo, new_file, api):
    source = new_file(3_000_000)
    machine.hf("upload", repo, source, "w.bin")
    copy = CommitOperationCopy(src_path_in_repo="w.bin", path_in_repo="copies/w.bin")
    api.create_commit(repo, [copy], commit_message="Copy")
    assert head(repo, "copies/w.bin")["X-Xet-Hash"] == oracle(source)
    with recorded() as down:
        found = new_machine().act("download_file", repo=repo, path="copies/w.bin")
    assert digest(found) == digest(source)
    assert down.count("reconstruction") >= 1
