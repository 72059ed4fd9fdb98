"""Menu entries: declared by each floor and room in ``menu.py`` as ENTRIES, shown by the shells."""

from dataclasses import dataclass

from django.urls import reverse

from portal.core.choices import Capability
from portal.core.discovery import declared


@dataclass(frozen=True)
class Entry:
    """One place in a shell. ``shell`` is desk or member; ``area`` narrows a desk entry to who may see that area."""

    shell: str
    label: object
    url_name: str
    icon: str
    order: int = 100
    section: object = ""
    area: str = ""
    count: object = None
    shown: object = None

    def visible_to(self, actor):
        by_area = not self.area or bool(actor.reach(self.area, Capability.VIEW))
        return by_area and (self.shown is None or self.shown(actor))


def entries(shell, actor):
    """Return the entries of ``shell`` that ``actor`` may open, in order."""
    found = [entry for module in declared("menu") for entry in getattr(module, "ENTRIES", ())]
    chosen = [entry for entry in found if entry.shell == shell and entry.visible_to(actor)]
    return sorted(chosen, key=lambda entry: entry.order)


def as_places(chosen, request):
    """Return entries as dicts of label, url, icon, active, count; the longest matching address is the active one."""
    places = []
    for entry in chosen:
        url = reverse(entry.url_name)
        count = entry.count(request.user) if entry.count and request.user.is_authenticated else 0
        places.append({"label": entry.label, "url": url, "icon": entry.icon, "count": count, "section": entry.section})
    path = request.path
    urls = [place["url"] for place in places]
    best = max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default=None)
    for place in places:
        place["active"] = place["url"] == best
    return places
