"""Token buckets in this process: they keep a public page cheap, they are no access control."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

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
