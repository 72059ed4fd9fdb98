"""Opens a list with the permissions of its reader, outside the reader's own request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.web import opening
from portal.web.lists import labelled
from portal.web.views import ListView

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from portal.core.choices import Area
    from portal.members.models import Member
    from portal.web.lists import LabelledWay

# Parameters of the page and not of the list; ``find`` is a search for a person and is never exported.
PAGE_PARAMETERS = ("page", "per_page", "columns", "after", "find")


@dataclass(frozen=True)
class OpenList:
    """A list as its reader sees it: the view, its area, and the rows that the reader may export."""

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
        """Return the subtrees whose rows ``actor`` may export from this list."""
        return actor.reach(self.area, Capability.EXPORT)


def list_address(path: str) -> str:
    """Return the address of a list without the parameters that concern only the page."""
    path, _mark, query = path.partition("?")
    kept = QueryDict(query, mutable=True)
    for name in PAGE_PARAMETERS:
        kept.pop(name, None)
    return f"{path}?{kept.urlencode()}" if kept else path


def list_open(*, actor: Member, address: str, here: int | None = None) -> OpenList:
    """Open the list at ``address`` through its own view, as ``actor``, and return it.

    All permissions that the page requires are checked again: raises Http404 and PermissionDenied as the page does.
    ``here`` is the organisation that is chosen in the switch of the desk.
    """
    match, view_class = opening.find(address.partition("?")[0])
    if view_class is None or not issubclass(view_class, ListView) or not view_class.export_columns:
        raise Http404
    response = opening.enter(actor=actor, address=address, session={"here": here} if here else {})
    context = getattr(response, "context_data", None) or {}
    view = context.get("view")
    if view is None:
        raise Http404
    if not view.can_export():
        raise PermissionDenied
    filters = view.filterset
    if filters is not None and filters.is_bound and not filters.is_valid():
        raise DomainError(_("The filters of this list cannot be read. Set them again."), code="filters")
    return OpenList(view, match.view_name, view.export_area(), view.export_rows(context["table"]))


def rows_counted(rows: QuerySet[Model]) -> int:
    """Return the number of rows, counted up to one more than an export may hold."""
    return rows.order_by()[: settings.EXPORT_MOST_ROWS + 1].count()
