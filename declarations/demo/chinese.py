"""A font for the sample's Chinese: found on the machine, cut down to the characters that are needed."""

import io
import subprocess
from dataclasses import dataclass

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont


class FontMissing(Exception):
    """No font on this machine can write Chinese."""

    def __init__(self) -> None:
        super().__init__("No font for Chinese on this machine: install the package fonts-noto-cjk.")


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font in a file; collections hold several, told apart by the index."""

    path: str
    index: int


def find_font() -> FontFile:
    """Return the machine's simplified Chinese font; raises FontMissing."""
    command = ["fc-match", "--format=%{file}\n%{index}\n%{lang}", "Noto Sans CJK SC:lang=zh-cn"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise FontMissing from error
    path, index, languages = found.split("\n", 2)
    if "zh-cn" not in languages.split("|"):
        raise FontMissing
    return FontFile(path, int(index))


def small_font(text: str) -> bytes:
    """Return the font with the characters of `text` alone: whole ones make papers of 240 kB."""
    file = find_font()
    options = Options(layout_features=[], name_IDs=[1, 2], hinting=False, desubroutinize=True)
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "GPOS", "GSUB"]
    subsetter = Subsetter(options)
    subsetter.populate(text=text)
    target = io.BytesIO()
    with TTFont(file.path, fontNumber=file.index, lazy=True) as font:
        subsetter.subset(font)
        font.save(target)
    return target.getvalue()
