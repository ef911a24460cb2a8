"""Pieces of which every sample paper is built: escaped HTML, bilingual labels, tables."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape

Cell = str | Decimal | int


def page(*, title: str, ink: str, body: Iterable[str]) -> str:
    """Return a whole page; `ink` is the issuer's colour."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>:root {{ --ink: {ink}; }}</style><body>{''.join(body)}</body></html>"
    )


def head(title: str, title_zh: str, *, issuer: str, lines: Sequence[str]) -> str:
    """Return the title on the left and the issuer on the right."""
    about = "".join(f"{escape(line)}<br>" for line in lines)
    return (
        f'<table class="head"><tr><td><h1>{escape(title)}<span>{escape(title_zh)}</span></h1></td>'
        f'<td class="issuer"><b>{escape(issuer)}</b>{about}</td></tr></table>'
    )


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Return labelled facts, two a row."""
    cells = [labelled(label, text) for label, text in pairs]
    rows = [cells[place : place + 2] for place in range(0, len(cells), 2)]
    return f'<table class="facts">{"".join("<tr>" + "".join(row) + "</tr>" for row in rows)}</table>'


def labelled(label: str, text: str, *, attributes: str = "", is_big: bool = False) -> str:
    """Return a table cell with a small label above its text; line breaks are kept."""
    size = ' class="big"' if is_big else ""
    lines = escape(text).replace("\n", "<br>")
    return f'<td{attributes}><span class="label">{escape(label)}</span><span{size}>{lines}</span></td>'


def table(columns: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of goods; a column is its label and whether it holds numbers; cells are HTML."""
    marks = [' class="n"' if is_number else "" for _, is_number in columns]
    titles = "".join(
        f"<th{mark}>{_two_lines(label)}</th>" for (label, _), mark in zip(columns, marks, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<table class="goods"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>'


def sums(rows: Sequence[tuple[str, str]]) -> str:
    """Return amounts one below the other, the last as the total."""
    last = len(rows) - 1
    body = "".join(
        f"<tr{' class=total' if place == last else ''}>"
        f'<td>{escape(label)}</td><td class="n">{escape(text)}</td></tr>'
        for place, (label, text) in enumerate(rows)
    )
    return f'<table class="sums">{body}</table>'


def both(text: str, text_zh: str) -> str:
    """Return an English text with its Chinese below."""
    below = f'<span class="zh">{escape(text_zh)}</span>' if text_zh else ""
    return escape(text) + below


def money(amount: Decimal, currency: str = "") -> str:
    """Return for example 2,383.00 CNY."""
    return f"{amount:,.2f} {currency}".strip()


def mass(kilograms: Decimal) -> str:
    """Return for example 4.410 kg."""
    return f"{kilograms:.3f} kg"


def _two_lines(label: str) -> str:
    return escape(label).replace(" / ", "<br>")
