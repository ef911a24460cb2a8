#!/usr/bin/env python3
"""Make `.venv` and install the locked dependencies; runs before anything is installed.

Standard library only, and started as a file, not as a module of the package. Without network it
works as long as the lock has not changed since the last installation.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "swindow-installed.json"
LOCK = CHECKOUT / "requirements.lock"
DEV_LOCK = CHECKOUT / "requirements-dev.lock"
UV_LOCK = CHECKOUT / "requirements-uv.lock"

# uv brings its own certificates; a private registry's are only in the system's.
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# What WeasyPrint opens, and the Debian package that brings it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
CHINESE_FONTS = Path("/usr/share/fonts/opentype/noto")
# What the tests alone need.
TEST_PROGRAMS = {"chromium": "chromium", "pdftotext": "poppler-utils"}


class UnmetError(Exception):
    """A sentence to a person: what this machine lacks and the command that mends it."""


def main() -> int:
    """Install; print one sentence and return 1 when something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what linters and tests need")
    dev = parser.parse_args().dev
    try:
        _check_python()
        _check_packages(dev=dev)
        _make_venv()
        _install(dev=dev)
    except UnmetError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _check_python() -> None:
    if sys.version_info[:2] != (3, 11):
        raise UnmetError(
            f"swindow needs Python 3.11 and this is {sys.version.split()[0]}. "
            "On Debian 12: apt-get install python3.11 python3.11-venv; then, if it has another name, "
            "make run PYTHON=/path/to/python3.11"
        )


def _check_packages(*, dev: bool) -> None:
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if not any(CHINESE_FONTS.glob("NotoSansCJK*")):
        missing.append("fonts-noto-cjk")
    if dev:
        missing += [package for program, package in TEST_PROGRAMS.items() if shutil.which(program) is None]
        if missing and os.geteuid() == 0 and shutil.which("apt-get"):
            _apt_install(missing)
            return
    if missing == ["fonts-noto-cjk"]:
        print("Chinese characters on papers need a font: apt-get install fonts-noto-cjk", file=sys.stderr)
    elif missing:
        raise UnmetError(
            f"Some system packages are missing. Install them: {_sudo()}apt-get install {' '.join(missing)}"
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _sudo() -> str:
    return "" if os.geteuid() == 0 else "sudo "


def _apt_install(packages: list[str]) -> None:
    names = " ".join(packages)
    print(
        f"Outside of the checkout: installing the Debian packages {names}, which the tests need.", flush=True
    )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode != 0:
            raise UnmetError(f"The tests need these Debian packages: apt-get install {names}")


def _make_venv() -> None:
    if _works(PYTHON):
        return
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if "ensurepip" in done.stdout + done.stderr:
        raise UnmetError(
            f"Python's venv module is not complete. Install it: {_sudo()}apt-get install python3.11-venv"
        )
    raise UnmetError(f"The folder {VENV} cannot be made: {(done.stderr or done.stdout).strip()}")


def _works(python: Path) -> bool:
    """A system upgrade or a moved folder can leave a venv whose interpreter is gone."""
    if not python.exists():
        return False
    question = "import sys; sys.exit(sys.version_info[:2] != (3, 11))"
    return subprocess.run([str(python), "-c", question], capture_output=True, check=False).returncode == 0


def _install(*, dev: bool) -> None:
    wanted = {"base": _digest(LOCK), "dev": _digest(DEV_LOCK) if dev else None}
    installed = _read_stamp()
    if installed.get("base") == wanted["base"] and (not dev or installed.get("dev") == wanted["dev"]):
        return
    print("Installing the locked dependencies (once; later starts need no network) ...", flush=True)
    STAMP.unlink(missing_ok=True)
    environment = _registry_environment()
    _pip(
        "install",
        "--quiet",
        "--require-hashes",
        "--no-cache-dir",
        "-r",
        str(UV_LOCK),
        environment=environment,
    )
    _uv_sync(DEV_LOCK if dev else LOCK, environment=environment)
    STAMP.write_text(json.dumps(wanted))


def _pip(*arguments: str, environment: dict[str, str]) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    _run(command, environment=environment)


def _uv_sync(lock: Path, *, environment: dict[str, str]) -> None:
    command = [str(PYTHON), "-m", "uv", "pip", "sync", "--quiet", "--require-hashes"]
    # Without a cache of its own choice uv would fill one in the home folder.
    cache = [] if "UV_CACHE_DIR" in environment else ["--no-cache"]
    _run([*command, *cache, "--python", str(PYTHON), str(lock)], environment=environment)


def _run(command: list[str], *, environment: dict[str, str]) -> None:
    if subprocess.run(command, env=environment, cwd=CHECKOUT, check=False).returncode != 0:
        raise UnmetError(
            "The dependencies could not be installed; the lines above say why. "
            "The first installation needs a package registry that pip can reach."
        )


def _registry_environment() -> dict[str, str]:
    """Tell uv about the registry and certificates that pip is told of; uv does not read pip's files."""
    environment = dict(os.environ)
    if SYSTEM_CERTIFICATES.exists():
        environment.setdefault("UV_SYSTEM_CERTS", "true")
    options = _pip_options()
    for option, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if option in options:
            environment.setdefault(variable, options[option])
    return environment


def _pip_options() -> dict[str, str]:
    """Return what pip reads from its files, and over them what it reads from the environment."""
    command = [str(PYTHON), "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    pairs = [line.partition("=")[::2] for line in sorted(lines, key=lambda line: line.startswith(":env:"))]
    return {name.rpartition(".")[2]: value.strip("'\"") for name, value in pairs}


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _read_stamp() -> dict[str, str | None]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (FileNotFoundError, ValueError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
