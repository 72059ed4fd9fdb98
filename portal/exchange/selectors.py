"""A list opened as its reader, outside the request in which she asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.web import doors
from portal.web.lists import labelled
from portal.web.views import ListView

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from portal.core.choices import Area
    from portal.members.models import Member
    from portal.web.lists import LabelledWay

# Parameters that belong to the page and not to the list; ``find`` is a look-up of a person and never taken out.
PAGE_PARAMETERS = ("page", "per_page", "columns", "after", "find")


@dataclass(frozen=True)
class OpenList:
    """A list as its reader has it: its view, the rows she may take out, and where her right comes from."""

    view: ListView
    name: str
    area: Area
    rows: QuerySet[Model]

    @property
    def title(self) -> str:
        return str(self.view.export_title())

    @property
    def columns(self) -> list[LabelledWay]:
        return labelled(self.view.model, self.view.export_columns)

    def paths(self, actor: Member) -> list[str]:
        """Return the subtrees over which ``actor`` may take rows of this list out."""
        return actor.reach(self.area, Capability.EXPORT)


def list_address(path: str) -> str:
    """Return a list's address without what belongs to its page alone."""
    path, _mark, query = path.partition("?")
    kept = QueryDict(query, mutable=True)
    for name in PAGE_PARAMETERS:
        kept.pop(name, None)
    return f"{path}?{kept.urlencode()}" if kept else path


def list_open(*, actor: Member, address: str, here: int | None = None) -> OpenList:
    """Open the list at ``address`` through its own door, as ``actor``, and return it.

    Whatever the page asks of its reader is asked here again: raises Http404 and PermissionDenied as the page does.
    ``here`` is the organisation that the desk's switch narrows to.
    """
    match, view_class = doors.find(address.partition("?")[0])
    if view_class is None or not issubclass(view_class, ListView) or not view_class.export_columns:
        raise Http404
    response = doors.enter(actor=actor, address=address, session={"here": here} if here else {})
    context = getattr(response, "context_data", None) or {}
    view = context.get("view")
    if view is None:
        raise Http404
    if not view.can_export():
        raise PermissionDenied
    filters = view.filterset
    if filters is not None and filters.is_bound and not filters.is_valid():
        raise DomainError(_("The filters of this list cannot be read. Set them anew."), code="filters")
    return OpenList(view, match.view_name, view.export_area(), view.export_rows(context["table"]))


def rows_counted(rows: QuerySet[Model]) -> int:
    """Return how many rows there are, counted to one more than may be taken out at all."""
    return rows.order_by()[: settings.EXPORT_MOST_ROWS + 1].count()
