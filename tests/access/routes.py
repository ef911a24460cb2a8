"""Every route of the portal, walked from the root of the URL configuration."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """A route by its full name, with the pattern of its address and the names of its arguments."""

    name: str
    pattern: str
    arguments: tuple[str, ...]

    @property
    def is_of_admin(self) -> bool:
        """Tell whether Django's admin made it; all of those stand behind one guard."""
        return self.name.startswith("admin:")


def all_routes() -> list[Route]:
    """Return every route that a request can reach."""
    return list(_walk(get_resolver(), namespace="", prefix="", outer=()))


def _walk(resolver: URLResolver, *, namespace: str, prefix: str, outer: tuple[str, ...]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = f"{prefix}{one.pattern}"
        arguments = (*outer, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one, namespace=inner, prefix=pattern, outer=arguments)
        elif isinstance(one, URLPattern):
            yield Route(f"{namespace}{one.name or pattern}", pattern, arguments)
