"""Whose files are used, what is replaced and what is not, and what a killed writer leaves."""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsspot.errors import ConfigError, StateError
from rsspot.files.atomic import remove_abandoned
from rsspot.files.ownership import check_owner, create_text, make_folder, replace_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")
SECRET = "a secret"


@pytest.fixture
def other_user(monkeypatch: pytest.MonkeyPatch) -> int:
    """Files that this process makes are another user's: it runs as the user that is returned."""
    mine = os.geteuid() + 1000
    monkeypatch.setattr("os.geteuid", lambda: mine)
    return mine


@pytest.mark.parametrize("error", [ConfigError, StateError])
def test_a_file_of_another_owner_is_refused_with_the_fix(
    tmp_path: Path, other_user: int, error: type[ConfigError | StateError]
) -> None:
    path = tmp_path / "a file"
    path.touch()
    with pytest.raises(error) as caught:
        check_owner(path, "The file", error)
    assert str(caught.value) == (
        f"The file {path} belongs to user {path.stat().st_uid}, and this process runs as user "
        f"{other_user}. Use a file of your own, or `chown -h {other_user} '{path}'` if it is "
        "yours; if it is shared on purpose, set RSSPOT_ALLOW_FOREIGN_OWNER=true or pass "
        "allow_foreign_owner=True"
    )
    assert vars(caught.value)["path"] == str(path)
    check_owner(path, "The file", error, allow_foreign_owner=True)


def test_files_of_ones_own_and_missing_ones_pass(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nothing")
    for name in ("file", "link", "dangling", "missing", "file/below", "n" * 300):
        check_owner(tmp_path / name, "It", StateError)
        check_owner(str(tmp_path / name), "It", StateError)


def test_a_link_to_a_file_of_another_owner_is_refused(tmp_path: Path, other_user: int) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(StateError, match="belongs to user"):
        check_owner(tmp_path / "link", "It", StateError)


@as_root
def test_root_is_refused_what_is_another_users_link_or_file_too(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to("file")
    os.lchown(link, 1234, -1)
    with pytest.raises(ConfigError, match="belongs to user 1234"):
        check_owner(link, "It", ConfigError)
    check_owner(file, "It", ConfigError)
    os.chown(file, 1234, -1)
    with pytest.raises(ConfigError, match="belongs to user 1234"):
        check_owner(file, "It", ConfigError)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=["without a name", "with a name"])
def writes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to write a file: with O_TMPFILE, and where there is no such thing."""
    if request.param == "with a name":
        monkeypatch.setattr("rsspot.files.atomic.UNNAMED", 0)
    return str(request.param)


@pytest.fixture
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.parametrize("umask", [0, 0o022, 0o277, 0o777], indirect=True)
def test_files_are_0600_and_folders_0700_whatever_the_umask(
    tmp_path: Path, writes: str, umask: int
) -> None:
    path = tmp_path / "a" / "b" / "file"
    replace_text(path, "one")
    replace_text(path, "two")
    assert path.read_text() == "two"
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == mode_of(path.parent.parent) == 0o700
    assert [item.name for item in path.parent.iterdir()] == ["file"]


def test_a_folder_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_folder(tmp_path)
    replace_text(tmp_path / "file", "text")
    assert mode_of(tmp_path) == 0o755


def test_a_file_in_the_place_of_a_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("file", "dangling"):
        with pytest.raises(OSError, match=r"folder|directory") as caught:
            make_folder(tmp_path / name / "below")
        assert caught.value.filename == str(tmp_path / name)


def device(path: Path) -> None:
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # as /dev/null


def block_device(path: Path) -> None:
    os.mknod(path, stat.S_IFBLK | 0o600, os.makedev(7, 200))


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        before = Path.cwd()
        os.chdir(path.parent)  # the names of sockets are short
        try:
            server.bind(path.name)
        finally:
            os.chdir(before)


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def into_nowhere(path: Path) -> None:
    path.symlink_to("unmounted/volume/file")


def write_protected(path: Path) -> None:
    path.write_text("precious")
    path.chmod(0o440)


def full_folder(path: Path) -> None:
    path.mkdir()
    (path / "file").write_text("precious")


def empty_folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


KINDS = [
    pytest.param(device, "it is a device, which is not replaced", marks=as_root),
    pytest.param(block_device, "it is a device, which is not replaced", marks=as_root),
    (pipe, "it is a pipe, which is not replaced"),
    (listening, "it is a socket, which is not replaced"),
    (full_folder, "it is a folder, which is not replaced"),
    (empty_folder, "it is a folder, which is not replaced"),
    (circle, "its links form a loop"),
    (into_nowhere, "it is a link into .*/unmounted/volume, which is missing"),
    (write_protected, "it is write-protected; `chmod u.w` allows writing"),
]


@pytest.mark.parametrize("through", ["itself", "a link", "two links"])
@pytest.mark.parametrize(("make", "message"), KINDS)
def test_what_is_no_writable_file_is_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], message: str, through: str
) -> None:
    path = tmp_path / "there"
    make(path)
    before = path.lstat()
    (tmp_path / "a link").symlink_to(path)
    (tmp_path / "two links").symlink_to("a link")
    names = {item.name for item in tmp_path.iterdir()}
    with pytest.raises(OSError, match=message) as caught:
        replace_text(path if through == "itself" else tmp_path / through, SECRET)
    assert caught.value.filename
    assert SECRET not in str(caught.value)
    after = path.lstat()
    assert (after.st_mode, after.st_ino, after.st_size) == (
        before.st_mode,
        before.st_ino,
        before.st_size,
    )
    assert {item.name for item in tmp_path.iterdir()} == names


@pytest.mark.parametrize("name", ["/dev/null", "/dev/zero", "/dev/full", "/dev/tty"])
def test_devices_of_the_system_are_refused(name: str) -> None:
    if not Path(name).exists():
        pytest.skip(f"there is no {name}")
    with pytest.raises(OSError, match="not replaced"):
        replace_text(name, SECRET)
    assert Path(name).is_char_device()


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there are no such paths here")
def test_a_path_to_an_open_file_does_not_replace_that_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("earlier\n")
    names = {item.name for item in tmp_path.iterdir()}
    with log.open("a") as opened:
        number = opened.fileno()
        (tmp_path / "link").symlink_to(f"/dev/fd/{number}")
        for path in (f"/dev/fd/{number}", f"/proc/self/fd/{number}", tmp_path / "link"):
            with pytest.raises(OSError, match="open file of a process"):
                replace_text(path, SECRET)
    for path in ("/dev/stdout", "/dev/stderr", "/dev/stdin", "/proc/self/fd/1"):
        with pytest.raises(OSError, match=r"open file of a process|not replaced"):
            replace_text(path, SECRET)
    assert log.read_text() == "earlier\n"
    assert names | {"link"} == {item.name for item in tmp_path.iterdir()}


@pytest.mark.parametrize("name", ["", ".", "..", "sub/", "sub/..", "new/", "nul\0", "x" * 256])
def test_a_path_that_names_no_file_is_an_oserror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=r"it is|null|too long"):
        replace_text(name, SECRET)
    assert [item.name for item in tmp_path.iterdir()] == ["sub"]


def test_the_longest_name_that_a_file_may_have_is_written(tmp_path: Path, writes: str) -> None:
    path = tmp_path / ("x" * 255)
    for text in ("one", "two"):
        replace_text(path, text)
        assert path.read_text() == text


def test_links_are_followed_and_stay(tmp_path: Path, writes: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "first").symlink_to("second")
    (tmp_path / "second").symlink_to(tmp_path / "folder" / "real")
    (tmp_path / "through").symlink_to("folder")
    replace_text(tmp_path / "first", "made")
    assert (tmp_path / "folder" / "real").read_text() == "made"
    replace_text(tmp_path / "first", "replaced")
    replace_text(tmp_path / "through" / ".." / "first", "again")
    assert (tmp_path / "folder" / "real").read_text() == "again"
    assert (tmp_path / "first").is_symlink()
    assert (tmp_path / "second").is_symlink()


@as_root
def test_a_file_or_link_of_another_owner_is_written_to_only_on_request(
    tmp_path: Path, writes: str
) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("precious")
    link.symlink_to("file")
    os.lchown(link, 1234, 1234)
    with pytest.raises(PermissionError, match="belongs to user 1234") as caught:
        replace_text(link, SECRET)
    assert caught.value.filename == str(link)
    os.lchown(link, 0, 0)
    os.chown(file, 1234, 5678)
    for path in (file, link):
        with pytest.raises(PermissionError, match="belongs to user 1234") as caught:
            replace_text(path, SECRET)
        assert caught.value.filename == str(file)
    assert file.read_text() == "precious"
    replace_text(link, "shared", allow_foreign_owner=True)
    assert file.read_text() == "shared"
    assert (file.stat().st_uid, file.stat().st_gid, mode_of(file)) == (1234, 5678, 0o600)


def test_a_file_that_cannot_be_renamed_over_is_an_error_with_the_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: str
) -> None:
    path = tmp_path / "mounted"
    path.write_text("precious")

    def busy(_self: Path, _target: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(OSError, match="mount its folder instead, or give another path") as caught:
        replace_text(path, SECRET)
    assert caught.value.filename == str(path)
    assert path.read_text() == "precious"
    assert [item.name for item in tmp_path.iterdir()] == ["mounted"]


@as_root
def test_a_mounted_file_stays(tmp_path: Path) -> None:
    path, other = tmp_path / "mounted", tmp_path / "other"
    path.write_text("below")
    other.write_text("precious")
    script = (
        "import sys; from rsspot.files.ownership import replace_text;"
        "replace_text(sys.argv[1], 'new')"
    )
    shell = 'mount --bind "$1" "$2" || exit 99; shift; exec "$2" -c "$3" "$1"'
    names = [str(other), str(path), sys.executable, script]
    command = ["unshare", "-m", "sh", "-c", shell, "sh", *names]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip("mounting is not allowed here")
    assert "mount its folder instead, or give another path" in done.stderr
    assert (path.read_text(), other.read_text()) == ("below", "precious")


@as_root
def test_a_folder_that_nothing_can_be_written_to_is_an_error_that_names_it(writes: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "file"
        path.write_text("precious")
        os.chown(path, 1234, -1)
        folder.chmod(0o555)
        os.seteuid(1234)
        try:
            with pytest.raises(PermissionError, match="no file can be created there") as caught:
                replace_text(path, SECRET)
        finally:
            os.seteuid(0)
        assert caught.value.filename == str(folder.resolve())
        assert path.read_text() == "precious"


@pytest.mark.usefixtures("writes")
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_is_an_error_that_names_the_folder_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a file"
    replace_text(path, "before")
    monkeypatch.setattr(os, call, failing(errno.ENOSPC))
    with pytest.raises(OSError, match=r"no file can be written there \(No space left") as caught:
        replace_text(path, "after")
    assert caught.value.filename == str(tmp_path)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a file", "before")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
@pytest.mark.usefixtures("writes")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr("fcntl.flock", failing(code))
    for text in ("first", "second"):
        replace_text(tmp_path / "a file", text)
        assert [each.read_text() for each in tmp_path.iterdir()] == [text]


def failing(code: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_what_exists_is_not_created_and_nothing_is_left(tmp_path: Path, writes: str) -> None:
    path = tmp_path / "sub" / "file"
    create_text(path, "first")
    with pytest.raises(FileExistsError):
        create_text(path, SECRET)
    assert path.read_text() == "first"
    assert [item.name for item in path.parent.iterdir()] == ["file"]


def test_text_that_is_not_utf_8_is_an_oserror_and_nothing_is_made(tmp_path: Path) -> None:
    for path in (tmp_path / "new", tmp_path / "old"):
        (tmp_path / "old").write_text("precious")
        with pytest.raises(OSError, match="UTF-8"):
            replace_text(path, "\ud800")
    assert [item.name for item in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text() == "precious"


KILLED = """
import os, signal, sys
import rsspot.files.atomic as new_files
from rsspot.files.ownership import replace_text
if sys.argv[2] == "with a name":
    new_files.UNNAMED = 0
at, real = sys.argv[3], None
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if at == "write":
    os.write = die
elif at == "fsync":
    os.fsync = die
else:
    new_files.Path.replace = die
replace_text(sys.argv[1], "a secret")
"""


@pytest.mark.parametrize("at", ["write", "fsync", "rename"])
def test_a_killed_writer_leaves_nothing_that_the_next_one_does_not_remove(
    tmp_path: Path, writes: str, at: str
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    (tmp_path / ".rsspot-notes.tmp").write_text("somebody's own")
    done = subprocess.run([sys.executable, "-c", KILLED, path, writes, at], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "old"
    left = {item.name for item in tmp_path.iterdir()} - {"file", ".rsspot-notes.tmp"}
    assert len(left) == (0 if writes == "without a name" and at != "rename" else 1)
    replace_text(path, "new")
    assert {item.name for item in tmp_path.iterdir()} == {"file", ".rsspot-notes.tmp"}


def test_a_file_that_is_being_written_is_not_taken_for_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: str
) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        remove_abandoned(tmp_path)  # as another writer does at this moment
        assert self.exists()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    replace_text(path, "new")
    assert path.read_text() == "new"


@as_root
def test_what_another_user_left_is_not_removed_nor_followed(tmp_path: Path) -> None:
    theirs, link, pipe = (tmp_path / f".rsspot-{digit * 16}.tmp" for digit in "012")
    theirs.touch()
    os.chown(theirs, 1234, -1)
    (tmp_path / "precious").touch()
    link.symlink_to("precious")
    os.mkfifo(pipe)
    remove_abandoned(tmp_path)
    assert {theirs.name, link.name, "precious"} <= {item.name for item in tmp_path.iterdir()}
