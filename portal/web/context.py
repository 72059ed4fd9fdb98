"""Context of the shells that frame every page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

from portal.core.discovery import declared
from portal.core.guard import sparing
from portal.web import menu
from portal.web.looks import stylesheets
from portal.web.numbers import remembered

if TYPE_CHECKING:
    from typing import Any

    from portal.members.models import Member
    from portal.organizations.models import Organization
    from portal.web.requests import PortalRequest
    from portal.web.todo import Todo

THEMES = ("auto", "light", "dark")
BAR_PLACES = 5


@dataclass
class Shell:
    """The frame around a page; everything is read when the template asks for it."""

    request: PortalRequest

    @cached_property
    def member(self) -> Member | None:
        """The signed-in person; None for a visitor."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def kind(self) -> str:
        asked: str | None = getattr(self.request, "shell", None)
        if asked:
            return asked
        if self.member is None:
            return "plain"
        return "desk" if self.member.is_desk else "member"

    @property
    def template(self) -> str:
        return f"shells/{self.kind}.html"

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """The left menu of the desk: sections of entries."""
        if self.member is None:
            return []
        sections: list[dict[str, Any]] = []
        for place in menu.as_places(menu.entries("desk", self.request), self.request):
            if not sections or sections[-1]["title"] != place["section"]:
                sections.append({"title": place["section"], "entries": []})
            sections[-1]["entries"].append(place)
        return sections

    @cached_property
    def bar(self) -> list[dict[str, Any]]:
        """The bottom bar of the member shell, with at most five entries."""
        if self.member is None:
            return []
        chosen = menu.entries("member", self.request)
        for entry in [entry for entry in reversed(chosen) if entry.spare]:
            if len(chosen) > BAR_PLACES:
                chosen.remove(entry)
        return menu.as_places(chosen[:BAR_PLACES], self.request)

    @cached_property
    def organizations(self) -> list[dict[str, Any]]:
        """The organisations of the person's duties, with the chosen one marked."""
        if self.member is None:
            return []
        here = self.here.pk if self.here else None
        rows: dict[int, dict[str, Any]] = {}
        for duty in self.member.duties:
            row = rows.setdefault(
                duty.organization_id,
                {"id": duty.organization_id, "name": duty.organization.label, "role": [], "current": False},
            )
            row["role"].append(str(duty.get_role_display()))
            row["current"] = duty.organization_id == here
        return [{**row, "role": " · ".join(row["role"])} for row in rows.values()]

    @cached_property
    def here(self) -> Organization | None:
        """The organisation chosen in the switch; it decides what is shown, never what is allowed."""
        if self.member is None or not self.member.is_desk:
            return None
        chosen = self.request.session.get("here")
        held = [duty.organization for duty in self.member.duties]
        return next((organization for organization in held if organization.pk == chosen), held[0] if held else None)

    @cached_property
    def unread(self) -> int:
        count = lambda: sum(count(self.member) for count in _declared("unread_count"))  # noqa: E731
        return remembered(self.request, "unread", count) if self.member is not None else 0

    @cached_property
    def todo(self) -> int:
        if self.member is None or not self.member.is_desk:
            return 0
        count = lambda: sum(not item.passed_to for item in todo_items(self.request))  # noqa: E731
        return remembered(self.request, "todo", count, fresh=hasattr(self.request, "_todo_items"))

    @property
    def theme(self) -> str:
        theme = self.request.COOKIES.get("theme", "auto")
        return theme if theme in THEMES else "auto"

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def person(self) -> str:
        return self.member.name if self.member is not None else ""

    @property
    def stylesheets(self) -> list[str]:
        """The style sheets of areas, in addition to the one for all pages."""
        return stylesheets()

    @property
    def leave_page_url(self) -> str:
        """The harmless page of components/leave_page.html."""
        url: str = settings.LEAVE_PAGE_URL
        return url

    @property
    def path(self) -> str:
        return self.request.get_full_path()

    @property
    def demo(self) -> bool:
        return settings.ALLOW_DEMO_PEOPLE


def _declared(name: str) -> list[Any]:
    return [getattr(module, name) for module in declared("menu") if hasattr(module, name)]


def todo_items(request: PortalRequest) -> list[Todo]:
    """Return the person's to-do items, the most urgent first; apps declare them in ``todo.py``."""
    if not hasattr(request, "_todo_items"):
        items: list[Todo] = []
        for module in declared("todo"):
            # A module that fails as a whole does not affect the others; a single row that cannot be described is left
            # out by its own module.
            with sparing(module):
                items += module.items_for(request.user)
        for module in declared("todo"):
            if hasattr(module, "arrange"):
                with sparing(module):
                    items = module.arrange(items, request.user)
        request._todo_items = sorted(items, key=lambda item: (bool(item.passed_to), item.due_at is None, item.due_at))
    return request._todo_items


def shell(request: PortalRequest) -> dict[str, Shell]:
    """Context processor that provides ``shell``."""
    return {"shell": Shell(request)}


def here_path(request: PortalRequest) -> str:
    """Return the path of the organisation chosen in the switch, '' if none is chosen."""
    chosen = Shell(request).here if request.session.get("here") else None
    return chosen.path if chosen else ""
