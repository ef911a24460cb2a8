#!/usr/bin/env python3
"""Make the two Inter fonts of the papers: fetch the pinned npm package, join its subsets, write TrueType.

WeasyPrint takes seconds to unpack WOFF2 at each start, and one file a weight keeps words in one font.
Run it in this folder with the project's Python; it needs npm and fontTools.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

PACKAGE = "@fontsource/inter@5.3.0"
SHA256 = "02034af8d41dcc67ac8eab88f642e129bb8a2e8922abf30229c32725f54d8fd6"
SUBSETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")
WEIGHTS = (400, 600)
HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write inter-400.ttf, inter-600.ttf and the licence."""
    with tempfile.TemporaryDirectory() as folder:
        package = _fetch(Path(folder))
        for weight in WEIGHTS:
            _join(package, weight=weight, workshop=Path(folder))
        (HERE / "inter.LICENSE").write_bytes((package / "LICENSE").read_bytes())


def _fetch(folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("*.tgz"))
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{PACKAGE} is not the package that was pinned")
    with tarfile.open(archive) as content:
        content.extractall(folder, filter="data")
    return folder / "package"


def _join(package: Path, *, weight: int, workshop: Path) -> None:
    parts = []
    for subset in SUBSETS:
        font = TTFont(package / "files" / f"inter-{subset}-{weight}-normal.woff2")
        font.flavor = None
        part = workshop / f"{subset}-{weight}.ttf"
        font.save(part)
        parts.append(str(part))
    Merger().merge(parts).save(HERE / f"inter-{weight}.ttf")


if __name__ == "__main__":
    main()
