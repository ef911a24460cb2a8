"""The payment service behind an interface, and the signature of its notices.

Notices carry the headers of the Standard Webhooks convention: webhook-id, webhook-timestamp and
webhook-signature, an HMAC-SHA256 over id, timestamp and body.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Protocol

import httpx
from django.conf import settings

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """What the service is asked to collect; the reference is the idempotency key."""

    reference: str
    amount: Decimal
    currency: str
    method: str


class PaymentService(Protocol):
    """Collects money and answers later with a signed notice."""

    def collect(self, charges: Sequence[ChargeRequest]) -> None:
        """Ask for the charges; asking twice collects once. Raises httpx.HTTPError when unreachable."""


class SimulatedPaymentService:
    """Stands in for a bank: takes every charge and sends its signed notice to the portal over HTTP."""

    def collect(self, charges: Sequence[ChargeRequest]) -> None:
        """Send one notice for the batch."""
        body = json.dumps({"notices": [_paid(charge) for charge in charges]}).encode()
        digest = hashlib.sha256(body).hexdigest()[:24]
        headers = signed_headers(f"msg_{digest}", body, at=datetime.now(UTC))
        address = settings.PAYMENT_CALLBACK_URL
        answer = httpx.post(address, content=body, headers=headers, timeout=10, trust_env=False)
        answer.raise_for_status()


def signed_headers(message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers that prove a notice to come from the payment service."""
    timestamp = str(int(at.timestamp()))
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_signature(message_id, timestamp, body)}",
    }


def is_genuine(headers: Mapping[str, str], body: bytes, *, at: datetime) -> bool:
    """Tell whether a notice is signed with our secret and not older than five minutes."""
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(at.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    expected = f"v1,{_signature(headers.get('webhook-id', ''), timestamp, body)}"
    given = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


def _signature(message_id: str, timestamp: str, body: bytes) -> str:
    if not settings.PAYMENT_CALLBACK_SECRET:
        raise RuntimeError("SWINDOW_PAYMENT_SECRET is not set: no notice can be trusted")
    text = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(settings.PAYMENT_CALLBACK_SECRET.encode(), text, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _paid(charge: ChargeRequest) -> dict[str, str]:
    return {
        "payment": charge.reference,
        "provider_reference": f"SIM-{charge.reference}",
        "status": "paid",
        "amount": str(charge.amount),
        "currency": charge.currency,
    }
