"""Menu entries: declared by each app in ``menu.py`` as ENTRIES, shown by the shells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from portal.core.choices import Capability
from portal.core.discovery import declared
from portal.core.guard import sparing
from portal.web.numbers import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from django.http import HttpRequest
    from django.utils.functional import Promise

    from portal.core.choices import Area
    from portal.members.models import Member


@dataclass(frozen=True)
class Entry:
    """An entry of a menu; ``shell`` is desk or member.

    ``area`` limits a desk entry to people who may view that area, ``shown(actor)`` to people whom it concerns;
    ``count(actor)`` is the number beside it. A ``spare`` entry can be reached elsewhere as well and is dropped when the
    bar is full, the last one first.
    """

    shell: str
    label: str | Promise
    url_name: str
    icon: str
    order: int = 100
    section: str | Promise = ""
    area: Area | None = None
    count: Callable[[Member], int] | None = None
    shown: Callable[[Member], object] | None = None
    spare: bool = False

    def visible_to(self, request: HttpRequest) -> bool:
        actor, shown = request.user, self.shown
        if not actor.is_authenticated or (self.area and not actor.reach(self.area, Capability.VIEW)):
            return False
        return shown is None or bool(remembered(request, f"shown {self.url_name}", lambda: bool(shown(actor))))

    def number(self, request: HttpRequest) -> int:
        """Return the number beside the entry; 0 is not shown."""
        actor, count = request.user, self.count
        if count and actor.is_authenticated:
            with sparing(self):
                return remembered(request, f"count {self.url_name}", lambda: count(actor))
        return 0


def entries(shell: str, request: HttpRequest) -> list[Entry]:
    """Return the entries of ``shell`` that the person may open, in order."""
    found = [entry for module in declared("menu") for entry in getattr(module, "ENTRIES", ())]
    chosen = [entry for entry in found if entry.shell == shell and entry.visible_to(request)]
    return sorted(chosen, key=lambda entry: entry.order)


def as_places(chosen: Iterable[Entry], request: HttpRequest) -> list[dict[str, Any]]:
    """Return entries as dicts of label, url, icon, count, section and active.

    The entry with the longest matching address is the active one.
    """
    places: list[dict[str, Any]] = []
    for entry in chosen:
        url = reverse(entry.url_name)
        count = entry.number(request)
        places.append({"label": entry.label, "url": url, "icon": entry.icon, "count": count, "section": entry.section})
    path = request.path
    urls = [place["url"] for place in places]
    best = max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default=None)
    for place in places:
        place["active"] = place["url"] == best
    return places
