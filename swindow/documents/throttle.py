"""Token buckets in this process: they keep public pages cheap, they are no access control."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

_REMEMBERED = 10_000


class Bucket:
    """Allows `burst` calls at once and `per_second` lasting, for each key by itself."""

    def __init__(self, *, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._burst, self._clock = per_second, burst, clock
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Take one token of the key's bucket; False when there is none."""
        now = self._clock()
        with self._lock:
            level, since = self._levels.pop(key, (float(self._burst), now))
            level = min(self._burst, level + (now - since) * self._per_second)
            allowed = level >= 1
            self._levels[key] = (level - 1 if allowed else level, now)
            if len(self._levels) > _REMEMBERED:
                self._levels.popitem(last=False)
        return allowed


def address_of(request: HttpRequest) -> str:
    """Return the address of whoever asks, as a bucket's key."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    # Only the last entry was written by our own proxy; the others are the caller's word.
    if settings.BEHIND_PROXY and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
