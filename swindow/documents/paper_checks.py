"""Is everything on the paper? WeasyPrint leaves out what it cannot draw; nothing incomplete is sealed."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from PIL import Image

LINE_MARK = "line:"
PAGE_LIMIT = 400
_HEX_PAIR = re.compile(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be on a paper: phrases in its text, marked lines, and the code to scan."""

    phrases: Sequence[str]
    lines: int
    qr: bytes


def problems_of(pdf: bytes, *, expected: Expected) -> list[str]:
    """Return what is missing or wrong on the paper."""
    try:
        opened = pikepdf.open(io.BytesIO(pdf), attempt_recovery=False)
    except pikepdf.PdfError:
        return ["the file does not open"]
    with opened:
        text = _squeezed(text_of(opened))
        problems = [
            f"not on the paper: {phrase[:60]}" for phrase in expected.phrases if _squeezed(phrase) not in text
        ]
        lines = _marked_lines(opened)
        if lines != expected.lines:
            problems.append(f"{lines} lines instead of {expected.lines}")
        if not _shows_picture(opened, expected.qr):
            problems.append("the code to scan is missing")
        if len(opened.pages) > PAGE_LIMIT:
            problems.append(f"more than {PAGE_LIMIT} pages")
    return problems


def text_of(pdf: pikepdf.Pdf) -> str:
    """Return the text that the pages draw, read back through their fonts."""
    return "".join(_page_text(page) for page in pdf.pages)


def _page_text(page: pikepdf.Page) -> str:
    fonts = {name: _glyph_table(font) for name, font in page.resources.get("/Font", {}).items()}
    table: dict[int, str] = {}
    pieces: list[str] = []
    for step in pikepdf.parse_content_stream(page, "Tf Tj TJ Td Tm T*"):
        operands = step.operands
        match str(step.operator):
            case "Tf":
                table = fonts.get(str(operands[0]), {})
            case "Tj":
                pieces += _decoded(operands, table)
            case "TJ":
                pieces += _decoded(operands[0], table)
            case _:
                pieces.append(" ")
    return "".join(pieces)


def _decoded(parts: object, table: dict[int, str]) -> Iterator[str]:
    for part in parts:  # type: ignore[attr-defined]
        if isinstance(part, pikepdf.String):
            codes = bytes(part)
            for start in range(0, len(codes) - 1, 2):
                yield table.get(int.from_bytes(codes[start : start + 2]), "\ufffd")


def _glyph_table(font: pikepdf.Object) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    pairs = _HEX_PAIR.findall(font.ToUnicode.read_bytes().decode("ascii", "replace"))
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be", "replace") for glyph, text in pairs}


def _marked_lines(pdf: pikepdf.Pdf) -> int:
    with pdf.open_outline() as outline:
        pending = list(outline.root)
        count = 0
        while pending:
            item = pending.pop()
            count += item.title.startswith(LINE_MARK)
            pending += item.children
    return count


def _shows_picture(pdf: pikepdf.Pdf, png: bytes) -> bool:
    with Image.open(io.BytesIO(png)) as wanted:
        pixels = (wanted.size, wanted.convert("L").tobytes())
    return any(pixels == found for page in pdf.pages for found in _drawn_pictures(page))


def _drawn_pictures(page: pikepdf.Page) -> Iterator[tuple[tuple[int, int], bytes]]:
    drawn = {str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Do")}
    for name, picture in page.get_images().items():
        if name in drawn:
            image = pikepdf.PdfImage(picture).as_pil_image()
            yield image.size, image.convert("L").tobytes()


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)
