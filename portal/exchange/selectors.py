"""A list opened as its reader, outside the request in which she asked for it."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.web import doors
from portal.web.lists import labelled
from portal.web.views import ListView

# Parameters that belong to the page and not to the list; ``find`` is a look-up of a person and never taken out.
PAGE_PARAMETERS = ("page", "per_page", "columns", "after", "find")


@dataclass(frozen=True)
class OpenList:
    """A list as its reader has it: its view, the rows she may take out, and where her right comes from."""

    view: object
    name: str
    rows: object

    @property
    def title(self):
        return str(self.view.export_title())

    @property
    def columns(self):
        return labelled(self.view.model, self.view.export_columns)

    @property
    def area(self):
        return self.view.export_area()

    def paths(self, actor):
        """Return the subtrees over which ``actor`` may take rows of this list out."""
        return actor.reach(self.area, Capability.EXPORT)


def list_address(path):
    """Return a list's address without what belongs to its page alone."""
    path, _mark, query = path.partition("?")
    kept = QueryDict(query, mutable=True)
    for name in PAGE_PARAMETERS:
        kept.pop(name, None)
    return f"{path}?{kept.urlencode()}" if kept else path


def list_open(*, actor, address, here=None):
    """Open the list at ``address`` through its own door, as ``actor``, and return it.

    Whatever the page asks of its reader is asked here again: raises Http404 and PermissionDenied as the page does.
    ``here`` is the organisation that the desk's switch narrows to.
    """
    match, view_class = doors.find(address.partition("?")[0])
    if view_class is None or not issubclass(view_class, ListView) or not view_class.export_columns:
        raise Http404
    response = doors.enter(actor=actor, address=address, session={"here": here} if here else {})
    view = (getattr(response, "context_data", None) or {}).get("view")
    if view is None:
        raise Http404
    if not view.can_export():
        raise PermissionDenied
    filters = view.filterset
    if filters is not None and filters.is_bound and not filters.is_valid():
        raise DomainError(_("The filters of this list cannot be read. Set them anew."), code="filters")
    return OpenList(view=view, name=match.view_name, rows=view.export_rows(response.context_data["table"]))


def rows_counted(rows):
    """Return how many rows there are, counted to one more than may be taken out at all."""
    return rows.order_by()[: settings.EXPORT_MOST_ROWS + 1].count()
