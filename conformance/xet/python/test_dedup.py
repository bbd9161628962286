"""What the hub has already is not sent again; and only what this user may read counts as there."""

from machines import finish
from plain import digest
from recorder import recorded
from support import BOB, MIB, as_user

FEW = 2_000_000


def same(machine, repo, path, source, **how):
    assert digest(machine.act("download_file", repo=repo, path=path, **how)) == digest(source)


def test_the_same_file_from_another_machine(new_machine, repo, new_file):
    source = new_file(12_000_000)
    new_machine().hf("upload", repo, source, "first.bin")
    with recorded() as again:
        new_machine().hf("upload", repo, source, "second.bin")
    assert again.count("xorb", "POST") == 0
    assert again.taken("shard", "POST") >= 1
    assert again.sent() <= FEW
    same(new_machine(), repo, "second.bin", source)


def test_the_same_file_in_the_same_place(new_machine, repo, new_file, api):
    source = new_file(3_000_000)
    new_machine().hf("upload", repo, source, "w.bin")
    before = api.model_info(repo).sha
    with recorded() as again:
        new_machine().hf("upload", repo, source, "w.bin")
    assert again.count("xorb", "POST") == 0
    assert api.model_info(repo).sha == before


def test_a_changed_range(new_machine, repo, new_file):
    content = bytearray(new_file(20_000_000).read_bytes())
    new_machine().hf("upload", repo, new_file(bytes(content)), "w.bin")
    content[10_000_000:10_001_000] = b"\x55" * 1_000
    changed = new_file(bytes(content))
    with recorded() as again:
        new_machine().hf("upload", repo, changed, "w.bin")
    assert again.count("xorb", "POST") <= 1
    assert 1_000 <= again.sent("xorb") <= 500_000
    same(new_machine(), repo, "w.bin", changed)


def test_bytes_inserted_at_the_front(new_machine, repo, new_file):
    """The first chunk, which the client asks for, is new; the answer still tells of the repo's others."""
    content = new_file(20_000_000).read_bytes()
    new_machine().hf("upload", repo, new_file(content), "w.bin")
    changed = new_file(b"a few" + content)
    with recorded() as again:
        new_machine().hf("upload", repo, changed, "w.bin")
    assert again.sent() <= 1_000_000
    same(new_machine(), repo, "w.bin", changed)


def test_another_repo_of_the_same_user(machine, new_machine, new_repo, new_file):
    """The machine remembers what it has sent, and names it in the other repo without asking."""
    source = new_file(12_000_000)
    machine.hf("upload", new_repo(), source, "w.bin")
    other = new_repo()
    with recorded() as again:
        machine.hf("upload", other, source, "w.bin")
    assert again.count("xorb", "POST") == 0
    same(new_machine(), other, "w.bin", source)


def test_another_user_of_the_same_machine(machine, new_machine, new_repo, new_file, bob):
    """What one of them keeps private must be sent by the other, whatever the machine remembers."""
    source = new_file(12_000_000)
    machine.hf("upload", new_repo(private=True), source, "w.bin")
    theirs = new_repo(owner=bob, name="bob", private=True)
    with recorded() as again:
        machine.hf("upload", theirs, source, "w.bin", token=BOB)
    assert again.sent("xorb") >= 12_000_000
    same(new_machine(), theirs, "w.bin", source, token=BOB)


def test_two_users_of_a_public_repo(machine, new_machine, new_repo, repo, new_file, bob):
    source = new_file(5 * MIB)
    machine.hf("upload", repo, source, "w.bin")
    theirs = new_repo(owner=bob, name="bob")
    machine.hf("upload", theirs, source, "w.bin", token=BOB)
    same(new_machine(), theirs, "w.bin", source, token=BOB)
    assert as_user(BOB).file_exists(theirs, "w.bin")


def test_a_repo_that_was_deleted(machine, new_machine, repo, new_file, api):
    """The machine still names what it has sent before."""
    source = new_file(5 * MIB)
    machine.hf("upload", repo, source, "w.bin")
    api.delete_repo(repo)
    api.create_repo(repo)
    machine.hf("upload", repo, source, "w.bin")
    same(new_machine(), repo, "w.bin", source)


def test_two_machines_at_once(new_machine, repo, new_file):
    source = new_file(12_000_000)
    children = [
        new_machine().start_hf("upload", repo, source, f"{name}.bin") for name in ("one", "two")
    ]
    for child in children:
        code, said = finish(child)
        assert code == 0, said
    for name in ("one", "two"):
        same(new_machine(), repo, f"{name}.bin", source)
