"""File both sample orders over the public API, as the demo seller, and watch them being cleared.

python -m declarations.demo.file_sample --base-url http://127.0.0.1:8000 --token-file var/demo/seller.token
"""

import argparse
import hashlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from declarations.demo.orders import COMMITTED_PAPERS, Goods, Order, Paper, Sample, read_sample
from declarations.demo.portal import Portal, PortalError
from declarations.demo.progress import Progress, charges_table, clock, sentence

# Agencies at their realistic pace take up to ten minutes; nothing new for longer means trouble.
_SILENCE_SECONDS = 900.0
# Papers of released goods take a second; the worker tries again for about a minute.
_PAPERS_SECONDS = 150.0
_HINT_SECONDS = 45.0
_LOOK_SECONDS = 0.25


@dataclass(slots=True)
class _Case:
    """One order on its way."""

    order: Order
    reference: str
    lrn: str
    mrn: str = ""
    status: str = "draft"
    seq: int = 0
    has_papers: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.has_papers or self.status in ("rejected", "invalidated")

    @property
    def is_cleared(self) -> bool:
        """Tell whether the goods are free and every paper is here."""
        return self.status == "released" and bool(self.documents)


def main(base_url: str, token_file: Path, summary: Path | None = None) -> int:
    """File both orders; 0 only when both are released and their papers are downloaded."""
    progress = Progress()
    sample = read_sample()
    folder = token_file.resolve().parent
    try:
        token = token_file.read_text(encoding="ascii").strip()
        papers, day = _papers(sample, folder=folder, progress=progress)
        with Portal(base_url, token=token) as portal:
            cases = [
                _file(portal, order, papers=papers, day=day, progress=progress) for order in sample.orders
            ]
            _watch(portal, cases, progress=progress)
            for case in cases:
                _collect(portal, case, folder=folder)
    except OSError as error:
        print(f"Cannot read or write {error.filename}: {error.strerror}.", flush=True)
        return 1
    except PortalError as error:
        print(f"\nThe sample stopped: {error}", flush=True)
        print(f"Look into the logs ({folder.parent / 'log'}) and at {base_url}", flush=True)
        return 1
    if summary is not None:
        _write_summary(summary, cases, base_url=base_url)
    return _report(cases, base_url=base_url, progress=progress)


def _papers(sample: Sample, *, folder: Path, progress: Progress) -> tuple[Path, date]:
    """Return the papers' folder and the day that they are drawn for; stale ones are drawn anew."""
    today = datetime.now(UTC).date()
    if sample.are_papers_good(today):
        return COMMITTED_PAPERS, sample.papers_dated
    fresh = folder / "papers" / f"{today}"
    if not fresh.exists():
        progress.step("the sample's papers are out of date, drawing fresh ones")
        partial = fresh.with_name(f"{today}.partial")
        # A process of its own: the drawing takes 200 MB that the filing does not need.
        command = [
            sys.executable,
            "-m",
            "declarations.demo.make_papers",
            "--folder",
            str(partial),
            "--day",
            f"{today}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PortalError(f"the papers cannot be drawn: {done.stderr.strip().splitlines()[-1]}")
        partial.rename(fresh)
    return fresh, today


def _file(portal: Portal, order: Order, *, papers: Path, day: date, progress: Progress) -> _Case:
    progress.title(f"{order.title}: order {order.order_number}")
    products = [_product(portal, goods, order=order) for goods in order.goods]
    progress.step(f"{len(products)} products in the catalogue", order=order.key)
    files = [portal.upload(papers / paper.file) for paper in order.papers]
    progress.step(f"{len(files)} papers uploaded", order=order.key)
    lrn = f"{order.order_number}/{datetime.now(UTC):%m%d%H%M%S}{secrets.token_hex(2)}"
    body = _statement(order, lrn=lrn, products=products, files=files, day=day)
    case = _Case(order, reference=portal.post("declarations", body)["reference"], lrn=lrn)
    progress.step(f"draft {case.reference}, your reference {lrn}", order=order.key)
    draft = portal.get(f"declarations/{case.reference}/assessment")
    _require_no_problems(draft["problems"])
    progress.step(
        f"assessed: {draft['result']['payable']} {draft['result']['currency']} due", order=order.key
    )
    lodged = portal.act(f"declarations/{case.reference}/lodge")
    case.mrn, case.status = lodged["mrn"], lodged["status"]
    _show_news(portal, case, progress=progress)
    if order.payment_method != "deferment":
        portal.act(f"declarations/{case.reference}/pay")
    return case


def _product(portal: Portal, goods: Goods, *, order: Order) -> str:
    known = portal.get("products", sku=goods.sku)["results"]
    if known:
        return str(known[0]["reference"])
    body = {
        "sku": goods.sku,
        "description": goods.description,
        "commodity_code": goods.commodity_code,
        "origin": goods.origin,
        "unit_price": goods.unit_price,
        "currency": order.currency,
        "net_mass_kg": goods.unit_net_mass_kg,
        "net_content_value": goods.net_content_value or None,
        "net_content_unit": goods.net_content_unit,
    }
    return str(portal.post("products", body)["reference"])


def _statement(
    order: Order, *, lrn: str, products: Sequence[str], files: Sequence[str], day: date
) -> dict[str, Any]:
    return {
        "lrn": lrn,
        "jurisdiction": order.jurisdiction,
        "parties": {
            "consignee_name": order.consignee_name,
            "consignee_address": order.consignee_address,
            "consignee_id": order.consignee_id,
            "consignee_email": order.consignee_email,
            "consignor_name": order.consignor_name,
            "consignor_address": order.consignor_address,
            "order_number": order.order_number,
            "ordered_on": f"{order.ordered_on(day)}",
            "currency": order.currency,
            "freight_amount": order.freight_amount,
            "insurance_amount": order.insurance_amount,
        },
        "transport": {
            "transport_mode": order.transport_mode,
            "document_number": order.document_number,
            "means_of_transport": order.means_of_transport,
            "ship_from": order.ship_from,
            "place_of_arrival": order.place_of_arrival,
            # The goods arrive today; no paper states the day of arrival.
            "arrival_on": f"{datetime.now(UTC):%Y-%m-%d}",
            "package_count": order.package_count,
            "gross_mass_kg": order.gross_mass_kg,
        },
        "tax": {
            "payment_method": order.payment_method,
            "registration_scheme": order.registration_scheme,
            "registration_number": order.registration_number,
            "buyer_annual_used": order.buyer_annual_used or None,
        },
        "goods_items": [
            {
                "product": product,
                "quantity": goods.quantity,
                "unit_price": goods.unit_price,
                "gross_mass_kg": goods.gross_mass_kg,
            }
            for product, goods in zip(products, order.goods, strict=True)
        ],
        "documents": [
            _document(order, paper, file=file, day=day)
            for paper, file in zip(order.papers, files, strict=True)
        ],
    }


def _document(order: Order, paper: Paper, *, file: str, day: date) -> dict[str, Any]:
    mass = order.stated_gross_mass_kg(paper)
    return {
        "file": file,
        "kind": paper.kind,
        "line_no": paper.line_no,
        "number": paper.number,
        "issuer": paper.issuer,
        "issued_on": f"{paper.issued_on(day)}",
        "stated_amount": f"{order.goods_total:.2f}" if paper.states_total else None,
        "stated_gross_mass_kg": None if mass is None else f"{mass:.3f}",
    }


def _require_no_problems(problems: Sequence[Mapping[str, str]]) -> None:
    if problems:
        lines = [f"{one['path']}: {one['message']} {one['fix']}" for one in problems]
        raise PortalError("the draft cannot be lodged: " + " / ".join(lines))


def _watch(portal: Portal, cases: Sequence[_Case], *, progress: Progress) -> None:
    """Follow both until they are over; answer what is asked. Raises PortalError after long silence."""
    progress.title("Waiting for the authorities")
    heard_at = hinted_at = time.monotonic()
    while not all(case.is_over for case in cases):
        for case in cases:
            if not case.is_over and _show_news(portal, case, progress=progress):
                heard_at = hinted_at = time.monotonic()
        now = time.monotonic()
        limit = _PAPERS_SECONDS if all(case.status == "released" for case in cases) else _SILENCE_SECONDS
        if now - heard_at > limit:
            raise PortalError(f"nothing happened for {limit / 60:.0f} minutes; {_waiting(portal, cases)}.")
        if now - hinted_at > _HINT_SECONDS:
            progress.step(_waiting(portal, cases), tone="quiet")
            hinted_at = now
        time.sleep(_LOOK_SECONDS)


def _show_news(portal: Portal, case: _Case, *, progress: Progress) -> bool:
    timeline = portal.get(f"declarations/{case.reference}/timeline", after=case.seq)
    case.status = timeline["status"]
    for event in timeline["events"]:
        case.seq = event["seq"]
        case.events.append(event)
        text, tone = sentence(event["kind"], event["facts"])
        progress.step(text, order=case.order.key, tone=tone)
        if event["kind"] == "request.asked":
            _answer(portal, case, progress=progress)
        case.has_papers = case.has_papers or event["kind"] == "documents.issued"
    return bool(timeline["events"])


def _answer(portal: Portal, case: _Case, *, progress: Progress) -> None:
    path = f"declarations/{case.reference}/questions"
    for question in portal.get(path)["results"]:
        if question["answered_at"] is None:
            progress.step(f"  “{question['question']}”", order=case.order.key, tone="asked")
            progress.step(f"  “{case.order.answer}”", order=case.order.key)
            portal.post(f"{path}/{question['number']}/answer", {"answer": case.order.answer})


def _waiting(portal: Portal, cases: Sequence[_Case]) -> str:
    parts = []
    for case in cases:
        if case.is_over:
            continue
        holds = portal.get(f"declarations/{case.reference}")["holds"]
        waited_for = [hold["authority"] for hold in holds if hold["lifted_at"] is None]
        parts.append(f"{case.reference} waits for {', '.join(dict.fromkeys(waited_for)) or 'its papers'}")
    is_customs = any("customs" in part for part in parts)
    hint = " (customs waits for an officer when its risk lane is red: sign in as one and decide)"
    return "; ".join(parts) + (hint if is_customs else "")


def _collect(portal: Portal, case: _Case, *, folder: Path) -> None:
    one = portal.get(f"declarations/{case.reference}")
    case.status, case.mrn = one["status"], one["mrn"]
    case.result = portal.get(f"declarations/{case.reference}/assessment")["result"]
    for paper in portal.get(f"declarations/{case.reference}/papers")["results"]:
        if paper["state"] != "live":
            continue
        content = portal.download(f"declarations/{case.reference}/papers/{paper['number']}")
        digest = hashlib.sha256(content).hexdigest()
        if digest != paper["sha256"]:
            raise PortalError(f"paper {paper['number']} arrived with another SHA-256 than the portal states")
        file = folder / f"{case.order.key}-{paper['kind'].replace('_', '-')}-{paper['number']}.pdf"
        file.write_bytes(content)
        case.documents.append(
            {
                "number": paper["number"],
                "kind": paper["kind"],
                "path": str(file),
                "sha256": digest,
                "verification_url": paper["verification_url"],
            }
        )


def _write_summary(file: Path, cases: Sequence[_Case], *, base_url: str) -> None:
    content = {
        "base_url": base_url,
        "finished_at": datetime.now(UTC).isoformat(),
        "is_cleared": all(case.is_cleared for case in cases),
        "declarations": [_summary(case) for case in cases],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(file)


def _summary(case: _Case) -> dict[str, Any]:
    charges = [
        {
            "line_no": line["line_no"],
            **{name: charge[name] for name in ("type", "amount", "rule", "collector")},
        }
        for line in case.result["goods_items"]
        for charge in line["charges"]
    ]
    return {
        "order": case.order.key,
        "reference": case.reference,
        "lrn": case.lrn,
        "mrn": case.mrn,
        "status": case.status,
        "timeline": [
            {"kind": event["kind"], "at": event["occurred_at"], "facts": event["facts"]}
            for event in case.events
        ],
        "currency": case.result["currency"],
        "customs_value": case.result["customs_value"],
        "charges": charges,
        "payable": case.result["payable"],
        "documents": case.documents,
    }


def _report(cases: Sequence[_Case], *, base_url: str, progress: Progress) -> int:
    for case in cases:
        progress.title(f"{case.reference}  {case.status}  MRN {case.mrn}")
        for event in case.events:
            print(f"    {clock(event['occurred_at'])}  {sentence(event['kind'], event['facts'])[0]}")
        print("\n".join(charges_table(case.result)))
        for paper in case.documents:
            print(f"    {paper['path']}")
    if all(case.is_cleared for case in cases):
        return 0
    print(f"\nNot everything was released. Open {base_url} as the seller and read why.", flush=True)
    return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--token-file", type=Path, required=True)
    parser.add_argument("--summary", type=Path, default=None)
    return parser.parse_args()


if __name__ == "__main__":
    _given = _arguments()
    sys.exit(main(_given.base_url, _given.token_file, _given.summary))
