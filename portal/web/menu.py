"""Menu entries: declared by each floor and room in ``menu.py`` as ENTRIES, shown by the shells."""

from dataclasses import dataclass

from django.urls import reverse

from portal.core.choices import Capability
from portal.core.discovery import declared
from portal.core.guard import sparing
from portal.web.numbers import remembered


@dataclass(frozen=True)
class Entry:
    """One place in a shell. ``shell`` is desk or member; ``area`` narrows a desk entry to who may see that area.

    ``shown(actor)`` narrows it to whom it concerns, ``count(actor)`` is the number beside it. A ``spare`` one is
    reached elsewhere as well and goes where there is no room, the last first.
    """

    shell: str
    label: object
    url_name: str
    icon: str
    order: int = 100
    section: object = ""
    area: str = ""
    count: object = None
    shown: object = None
    spare: bool = False

    def visible_to(self, request):
        actor = request.user
        if self.area and not actor.reach(self.area, Capability.VIEW):
            return False
        return self.shown is None or remembered(request, f"shown {self.url_name}", lambda: bool(self.shown(actor)))

    def number(self, request):
        """Return the number beside it; 0 shows none."""
        if self.count:
            with sparing(self):
                return remembered(request, f"count {self.url_name}", lambda: self.count(request.user))
        return 0


def entries(shell, request):
    """Return the entries of ``shell`` that the person may open, in order."""
    found = [entry for module in declared("menu") for entry in getattr(module, "ENTRIES", ())]
    chosen = [entry for entry in found if entry.shell == shell and entry.visible_to(request)]
    return sorted(chosen, key=lambda entry: entry.order)


def as_places(chosen, request):
    """Return entries as dicts of label, url, icon, active, count; the longest matching address is the active one."""
    places = []
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
