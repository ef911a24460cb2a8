"""Passwords that a person can read aloud, and the two private files that keep what a demo prints."""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Four of 128 words and two digits: 34 bits, enough behind the sign-in throttle of a demo.
_WORDS = [
    "amber",
    "anchor",
    "apple",
    "arrow",
    "autumn",
    "bamboo",
    "barley",
    "basket",
    "beacon",
    "birch",
    "bridge",
    "bronze",
    "butter",
    "cabin",
    "candle",
    "canvas",
    "cedar",
    "cherry",
    "cinder",
    "clover",
    "cobalt",
    "copper",
    "coral",
    "cotton",
    "crane",
    "cricket",
    "crimson",
    "crystal",
    "dahlia",
    "delta",
    "desert",
    "dolphin",
    "ember",
    "falcon",
    "feather",
    "fennel",
    "fern",
    "flint",
    "forest",
    "fossil",
    "galaxy",
    "garden",
    "ginger",
    "glacier",
    "granite",
    "harbor",
    "hazel",
    "heron",
    "honey",
    "indigo",
    "island",
    "ivory",
    "jasmine",
    "juniper",
    "kettle",
    "lagoon",
    "lantern",
    "laurel",
    "lemon",
    "linen",
    "lotus",
    "magnet",
    "maple",
    "marble",
    "meadow",
    "mellow",
    "mineral",
    "mirror",
    "mosaic",
    "mustard",
    "nectar",
    "nickel",
    "nutmeg",
    "oasis",
    "ocean",
    "olive",
    "onyx",
    "orchid",
    "otter",
    "oyster",
    "paper",
    "pebble",
    "pepper",
    "piano",
    "pillar",
    "pine",
    "planet",
    "plum",
    "pocket",
    "pollen",
    "poppy",
    "quartz",
    "quiver",
    "raven",
    "reef",
    "ribbon",
    "river",
    "rocket",
    "saffron",
    "sailor",
    "salmon",
    "sandal",
    "shadow",
    "silver",
    "sparrow",
    "spruce",
    "summer",
    "tangle",
    "teapot",
    "thistle",
    "timber",
    "tulip",
    "tundra",
    "turtle",
    "velvet",
    "violet",
    "walnut",
    "willow",
    "winter",
    "yarrow",
    "zephyr",
    "zigzag",
]


@dataclass(frozen=True, slots=True)
class Login:
    """Who can sign in, and how."""

    role: str
    email: str
    password: str
    # What an authenticator app is given; sign-in pages of the demo show its code.
    app_secret: str = ""


def new_password() -> str:
    """Return for example lantern-otter-quartz-river-47."""
    words = [secrets.choice(_WORDS) for _ in range(4)]
    return "-".join([*words, f"{secrets.randbelow(90) + 10}"])


def read_logins(file: Path) -> dict[str, str]:
    """Return the passwords by e-mail address; empty without a readable file."""
    try:
        return {row["email"]: row["password"] for row in json.loads(file.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_logins(file: Path, logins: Sequence[Login]) -> None:
    """Keep the logins for the person who started the demo alone."""
    write_private(file, json.dumps([asdict(login) for login in logins], indent=1, ensure_ascii=False) + "\n")


def write_private(file: Path, text: str) -> None:
    """Write a file that nobody else can read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as target:
        target.write(text)
    partial.replace(file)
