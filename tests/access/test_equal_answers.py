"""S6: another's object cannot be told from one that does not exist, by status, body or time."""

import statistics
import time
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.access.world import World, build

pytestmark = pytest.mark.django_db
_SAMPLES = 200
_MOST_SECONDS = 0.005


@pytest.mark.parametrize("route", ["declarations:detail", "api:declaration", "declarations:product_edit"])
def test_a_foreign_object_takes_as_long_as_an_unknown_one(route: str) -> None:
    world = build()
    key = "product" if "product" in route else "held"
    foreign = reverse(route, args=[world.own[key]])
    unknown = reverse(route, args=[world.unknown[key]])
    ask = _asking(world, route)
    seconds: dict[str, list[float]] = {foreign: [], unknown: []}
    for _turn in range(_SAMPLES):
        # One after the other, so that a busy machine is busy for both.
        for address, taken in seconds.items():
            began = time.perf_counter()
            assert ask(address).status_code == 404
            taken.append(time.perf_counter() - began)
    difference = abs(statistics.median(seconds[foreign]) - statistics.median(seconds[unknown]))
    print(f"{route}: medians differ by {difference * 1000:.2f} ms over {_SAMPLES} samples")
    assert difference <= _MOST_SECONDS


def _asking(world: World, route: str) -> Callable[[str], HttpResponse]:
    client = world.client("anonymous" if route.startswith("api:") else "rival")
    headers = {"Authorization": f"Bearer {world.tokens['rival']}"} if route.startswith("api:") else {}
    return lambda address: client.get(address, headers=headers)
