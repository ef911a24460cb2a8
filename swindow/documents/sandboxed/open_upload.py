"""Open an uploaded file for real and write back a clean copy; run by `start.py`, bytes in, answer out.

Answer on standard output: one line of JSON, `{"pages": n}` or `{"refused": code}`, then the clean bytes.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin

# We count the pixels ourselves: Pillow only warns until twice its limit.
Image.MAX_IMAGE_PIXELS = None

PIXEL_LIMIT = 25_000_000
PAGE_LIMIT = 1_000
OBJECT_LIMIT = 200_000
# What runs, opens, fetches or carries something: a supporting document needs none of it.
FORBIDDEN_KEYS = {
    "/JS": "pdf_script",
    "/JavaScript": "pdf_script",
    "/AA": "pdf_action",
    "/EmbeddedFile": "pdf_attachment",
    "/EmbeddedFiles": "pdf_attachment",
    "/AF": "pdf_attachment",
    "/RichMedia": "pdf_media",
    "/RichMediaContent": "pdf_media",
    "/XFA": "pdf_form",
}
FORBIDDEN_NAMES = {
    "/JavaScript": "pdf_script",
    "/Launch": "pdf_action",
    "/GoToR": "pdf_action",
    "/GoToE": "pdf_action",
    "/SubmitForm": "pdf_action",
    "/ImportData": "pdf_action",
    "/Rendition": "pdf_media",
    "/Movie": "pdf_media",
    "/Sound": "pdf_media",
    "/RichMedia": "pdf_media",
    "/3D": "pdf_media",
    "/EmbeddedFile": "pdf_attachment",
    "/FileAttachment": "pdf_attachment",
}


class Refused(Exception):
    """Carries the code of the reason."""


def prepare() -> tuple[object, ...]:
    """Load the parts that Pillow else loads when it first needs them; TIFF reads the EXIF part."""
    Image.preinit()
    return MpoImagePlugin, TiffImagePlugin


def main(_parts: object, kind: str) -> None:
    """Read standard input, answer on standard output."""
    data = sys.stdin.buffer.read()
    try:
        pages, clean = _OPENERS[kind](data)
    except Refused as refusal:
        _answer({"refused": str(refusal)}, b"")
    except MemoryError:
        _answer({"refused": "too_heavy"}, b"")
    # Whatever the parser trips over, the person needs the same answer: this file cannot be opened.
    except Exception:
        # To decrypt, the parser would need a source of random numbers, which it cannot open here.
        _answer({"refused": "pdf_encrypted" if b"/Encrypt" in data else "damaged"}, b"")
    else:
        _answer({"pages": pages}, clean)


def _open_pdf(data: bytes) -> tuple[int, bytes]:
    if not data.startswith(b"%PDF-"):
        raise Refused("damaged")
    try:
        # Recovery would drop pages of a cut file without a word.
        pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False)
    except pikepdf.PasswordError as error:
        raise Refused("pdf_encrypted") from error
    with pdf:
        if pdf.is_encrypted:
            raise Refused("pdf_encrypted")
        pages = len(pdf.pages)
        if not 1 <= pages <= PAGE_LIMIT:
            raise Refused("pdf_pages")
        _drop_harmless_open_action(pdf)
        _refuse_active_content(pdf)
        clean = io.BytesIO()
        pdf.save(clean, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return pages, clean.getvalue()


def _drop_harmless_open_action(pdf: pikepdf.Pdf) -> None:
    # Office programs write "open at page 1, fit width" here; only that may be dropped silently.
    action = pdf.Root.get("/OpenAction")
    if action is None:
        return
    is_view = not isinstance(action, pikepdf.Dictionary) or action.get("/S") == "/GoTo"
    if not is_view or (isinstance(action, pikepdf.Dictionary) and "/Next" in action):
        raise Refused("pdf_action")
    del pdf.Root["/OpenAction"]


def _refuse_active_content(pdf: pikepdf.Pdf) -> None:
    for container in _containers(pdf):
        for key, value in container.items():
            if key in FORBIDDEN_KEYS:
                raise Refused(FORBIDDEN_KEYS[key])
            if key in {"/S", "/Subtype", "/Type"} and isinstance(value, pikepdf.Name):
                code = FORBIDDEN_NAMES.get(str(value))
                if code:
                    raise Refused(code)


def _containers(pdf: pikepdf.Pdf) -> Iterator[Any]:
    pending: list[Any] = [pdf.trailer]
    seen = 0
    objects = iter(pdf.objects)
    while pending or (following := next(objects, None)) is not None:
        item = pending.pop() if pending else following
        seen += 1
        if seen > OBJECT_LIMIT:
            raise Refused("too_heavy")
        if isinstance(item, pikepdf.Stream):
            item = item.stream_dict
        if isinstance(item, pikepdf.Dictionary):
            yield item
            pending += [child for child in item.values() if _is_direct_container(child)]
        elif isinstance(item, pikepdf.Array):
            pending += [child for child in item if _is_direct_container(child)]


def _is_direct_container(item: object) -> bool:
    # Indirect objects are visited once, from the list of all objects.
    return isinstance(item, (pikepdf.Dictionary, pikepdf.Array)) and not item.is_indirect


def _open_jpeg(data: bytes) -> tuple[int, bytes]:
    picture = _picture(data, formats=["JPEG", "MPO"])
    clean = io.BytesIO()
    mode = "L" if picture.mode == "L" else "RGB"
    picture.convert(mode).save(clean, "JPEG", quality=90)
    return 1, clean.getvalue()


def _open_png(data: bytes) -> tuple[int, bytes]:
    picture = _picture(data, formats=["PNG"])
    clean = io.BytesIO()
    picture.save(clean, "PNG")
    return 1, clean.getvalue()


def _picture(data: bytes, *, formats: list[str]) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=formats) as source:
        if source.width * source.height > PIXEL_LIMIT:
            raise Refused("picture_pixels")
        if source.format == "PNG" and getattr(source, "n_frames", 1) > 1:
            raise Refused("picture_frames")
        source.load()
        picture = ImageOps.exif_transpose(source)
    # Position, camera, comments and colour profiles stay behind.
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    picture.getexif().clear()
    return picture


def _answer(head: dict[str, Any], body: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


_OPENERS = {
    "application/pdf": _open_pdf,
    "image/jpeg": _open_jpeg,
    "image/png": _open_png,
}
