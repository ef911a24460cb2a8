"""A platform's machine that files over HTTP without end and notes every answer."""

import itertools
import threading
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.faults.orders import order

_PAUSE_SECONDS = 0.2


class Platform:
    """Runs in a thread while the body of `with` does harm; repeats what was not answered."""

    def __init__(self, address: str, *, token: str, file: str) -> None:
        self._client = httpx.Client(
            base_url=f"{address}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )
        self._file = file
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._file_orders)
        self._answered_at: list[float] = []
        self.acknowledged: list[str] = []
        self.problems: list[str] = []
        self.outages = 0

    def __enter__(self) -> "Platform":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._client.close()

    def longest_gap(self) -> float:
        """Return the longest time between two acknowledged declarations, in seconds."""
        return max(later - earlier for earlier, later in itertools.pairwise(self._answered_at))

    def _file_orders(self) -> None:
        for number in itertools.count(1):
            if self._stop.wait(_PAUSE_SECONDS):
                return
            lrn = f"{time.time_ns()}-{number}"
            draft = self._post(
                "/declarations", lrn, order(lrn=lrn, file=self._file, on=datetime.now(UTC).date())
            )
            while draft is not None and not self._stop.is_set():
                # The same key, so that a repeat of an order whose answer was lost changes nothing.
                lodged = self._post(f"/declarations/{draft['reference']}/lodge", lrn, {})
                if lodged is not None:
                    self.acknowledged.append(lodged["reference"])
                    self._answered_at.append(time.monotonic())
                    break

    def _post(self, path: str, key: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return the answer's body, None for an honest 503; anything else is a problem."""
        try:
            answer = self._client.post(path, json=body, headers={"Idempotency-Key": key})
        except httpx.HTTPError as error:
            self.problems.append(f"{path}: {error!r}")
            return None
        if answer.status_code in (200, 201):
            return dict(answer.json())
        if answer.status_code == 503 and "Retry-After" in answer.headers:
            self.outages += 1
            time.sleep(_PAUSE_SECONDS)
        else:
            self.problems.append(f"{path}: {answer.status_code} {answer.text[:1000]}")
        return None
