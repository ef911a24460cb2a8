"""Real tariff data beside the checkout, which a clone of the project alone does not have."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(name: str) -> Path | None:
    """Return the file, or None (and say so) where only the project itself was cloned."""
    path = FOLDER / name
    if path.is_file():
        return path
    print(f"{name} is not beside this checkout, so nothing is checked against it here.")
    return None
