"""Menu entries: declared by each floor and room in ``menu.py`` as ENTRIES, shown by the shells."""

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
    """One place in a shell. ``shell`` is desk or member; ``area`` narrows a desk entry to who may see that area.

    ``shown(actor)`` narrows it to whom it concerns, ``count(actor)`` is the number beside it. A ``spare`` one is
    reached elsewhere as well and goes where there is no room, the last first.
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
        """Return the number beside it; 0 shows none."""
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
    """Return entries as dicts of label, url, icon, active, count; the longest matching address is the active one."""
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
