"""Draw the papers of the sample orders; anyone can run it again: python -m declarations.demo.make_papers.

Without arguments the committed papers are drawn anew for `papers_dated` of orders.toml.
"""

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from declarations.demo.chinese import small_font
from declarations.demo.drawings import company_extract, draw
from declarations.demo.label import draw_label
from declarations.demo.orders import COMMITTED_PAPERS, FOLDER, Order, Paper, Sample, read_sample

IDENTITY_FILE = "company-extract.pdf"
_FOOT = "演示样本，所有名称均为虚构。"
_FONTS = FOLDER.parents[1] / "static" / "documents" / "fonts"


def make_papers(folder: Path, *, day: date, sample: Sample | None = None) -> list[Path]:
    """Draw every paper as it is when the orders are filed on `day`; return the files. Raises FontMissing."""
    sample = sample or read_sample()
    folder.mkdir(parents=True, exist_ok=True)
    pages = {IDENTITY_FILE: company_extract(sample.seller, day=day)}
    pictures = []
    for order in sample.orders:
        for paper in order.papers:
            if paper.kind == "label":
                pictures.append(_write_label(folder, order, paper, sample=sample, day=day))
            else:
                pages[paper.file] = draw(order, paper, seller=sample.seller, day=day)
    return [*_write_pages(folder, pages, day=day), *pictures]


def main() -> None:
    """Draw into the folder given, or the committed one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=COMMITTED_PAPERS)
    parser.add_argument("--day", type=date.fromisoformat, default=None, help="day of filing, YYYY-MM-DD")
    given = parser.parse_args()
    sample = read_sample()
    for file in make_papers(given.folder, day=given.day or sample.papers_dated, sample=sample):
        print(f"{file} {file.stat().st_size // 1024 + 1} kB")


class _Fonts(URLFetcher):
    """Serves the portal's own fonts and refuses every other address."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._files = files

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return a font, else stop the drawing."""
        name = url.removeprefix("asset:")
        if name not in self._files:
            raise FatalURLFetchingError(f"not a font of the papers: {url[:200]}")
        return URLFetcherResponse(url, self._files[name], {"Content-Type": "font/ttf"})


def _write_pages(folder: Path, pages: Mapping[str, str], *, day: date) -> list[Path]:
    files = {file.name: file.read_bytes() for file in _FONTS.glob("*.ttf")}
    files["chinese.otf"] = small_font("".join(pages.values()) + _FOOT)
    fetcher, fonts = _Fonts(files), FontConfiguration()
    sheet = (FOLDER / "paper.css").read_text(encoding="utf-8")
    style = CSS(string=sheet, font_config=fonts, url_fetcher=fetcher)
    made = []
    for name, html in pages.items():
        document = HTML(string=html, url_fetcher=fetcher).render(stylesheets=[style], font_config=fonts)
        document.metadata.created = document.metadata.modified = f"{day:%Y-%m-%d}"
        document.write_pdf(folder / name)
        made.append(folder / name)
    return made


def _write_label(folder: Path, order: Order, paper: Paper, *, sample: Sample, day: date) -> Path:
    goods = order.goods[(paper.line_no or 1) - 1]
    file = folder / paper.file
    file.write_bytes(draw_label(order, goods, seller=sample.seller, made_on=paper.issued_on(day)))
    return file


if __name__ == "__main__":
    main()
