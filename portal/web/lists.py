"""Features of lists: columns, page size, keyset pages, export, actions on many rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tables2.data import TableQuerysetData

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.core.text import whole_number
from portal.web.paging import CappedPaginator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from django.db.models import Model, QuerySet
    from django.http import HttpResponse
    from django.utils.functional import Promise
    from django.utils.safestring import SafeString
    from django.views.generic import ListView

    from portal.core.choices import Area
    from portal.web.requests import MemberRequest

    # How to get a value from a row, and this with its label.
    Way = str | Callable[[Any], object]
    LabelledWay = tuple[str | Promise, Way]

    class Page(tables.SingleTableMixin, ListView[Model]):
        """What these mixins expect of a view, for type checking."""

        request: MemberRequest
        model: Any

        def get_title(self) -> str | Promise: ...
else:
    Page = object

MOST_AT_ONCE = 500


def in_full_order(rows: QuerySet[Model]) -> QuerySet[Model]:
    """Return a queryset with a complete order: its own order, then the newest row first.

    PostgreSQL returns rows that are equal in the sort columns in any order, so that later pages would show some rows
    twice and some never. Grouped rows (``values``) are returned unchanged.
    """
    query = rows.query
    if query.values_select or query.is_sliced or query.combinator:
        return rows
    names = query.order_by or (query.get_meta().ordering if query.default_ordering else ()) or ()
    own = {"pk", query.get_meta().pk.name}
    if any(isinstance(name, str) and name.lstrip("-") in own for name in names):
        return rows
    return rows.order_by(*names, "-pk")


class OrderedRows(TableQuerysetData):
    """The rows of a table, in complete order for every sorting."""

    data: QuerySet[Model]

    def __init__(self, rows: QuerySet[Model]) -> None:
        super().__init__(in_full_order(rows))

    def order_by(self, aliases: Any) -> None:
        super().order_by(aliases)
        self.data = in_full_order(self.data)


def labelled(model: type[Model], columns: Iterable[str | LabelledWay]) -> list[LabelledWay]:
    """Return ``columns`` as pairs of a label and a way to the value.

    The way is a path of names, or a function of the row. A bare name takes the label of the model's field; a choice is
    shown by its label.
    """
    found = []
    for column in columns:
        if isinstance(column, str):
            field = model._meta.get_field(column)
            assert isinstance(field, Field)  # a reverse relation has no label
            column = (field.verbose_name, f"get_{column}_display" if getattr(field, "choices", None) else column)
        found.append(column)
    return found


def value_of(row: object, way: Way) -> object:
    """Return the value of ``row`` by a way of ``labelled``, yes or no in words; '' if the path ends early."""
    if callable(way):
        return way(row)
    value = row
    for part in way.split("__"):
        value = getattr(value, part, None)
        if value is None:
            return ""
    value = value() if callable(value) else value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value


class ColumnsMixin(Page):
    """Columns and page size, chosen in the address: ``?columns=sex&per_page=50``.

    The first column is always shown.
    """

    def get_table(self, **kwargs: Any) -> tables.Table:
        table = super().get_table(**kwargs)
        names = list(self.table_class.base_columns)
        asked = set(self.request.GET.getlist("columns")) & set(names)
        self.column_choices = [
            {"name": name, "label": table.columns[name].header, "shown": not asked or name in asked}
            for name in names[1:]
        ]
        for choice in self.column_choices:
            if not choice["shown"]:
                table.columns.hide(choice["name"])
        return table

    def get_table_pagination(self, table: tables.Table) -> dict[str, Any]:
        size = whole_number(self.request.GET.get("per_page", ""))
        sizes = CappedPaginator.sizes
        return {"per_page": size if size in sizes else sizes[0], "paginator_class": CappedPaginator}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["table"].page
        shown = page.paginator.per_page
        sizes = [{"size": size, "current": size == shown} for size in CappedPaginator.sizes]
        context["column_choices"] = self.column_choices if len(self.column_choices) > 1 else []
        context["page_sizes"] = sizes if page.paginator.count > CappedPaginator.sizes[0] else []
        return context


class KeyPagesMixin(Page):
    """Pages beyond the counted rows: ``?after=203`` continues after row 203 in the list's own order.

    ``page_key`` names the columns of that order, which has an index and ends in ``pk``; the address holds the id of the
    row and never its values. With any other sorting the list ends at the cap.
    """

    page_key: tuple[str, ...] = ()

    def beyond(self, rows: QuerySet[Model]) -> QuerySet[Model]:
        """Return ``rows``, or those after the row that ``after`` names."""
        self.is_continued = False
        pk = whole_number(self.request.GET.get("after", ""))
        if not self.page_key or pk is None or self.request.GET.get("sort"):
            return rows
        start = rows.filter(pk=pk).order_by().values(*self.page_key).first()
        if start is None:
            return rows
        self.is_continued = True
        return rows.filter(_behind([(name, start[name]) for name in self.page_key]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page = context["table"].page
        sorted_otherwise = bool(self.request.GET.get("sort"))
        context["is_continued"] = self.is_continued
        context["after_pk"] = None
        if self.page_key and not sorted_otherwise and page.paginator.capped and not page.has_next():
            last = list(page.object_list)[-1]
            context["after_pk"] = last.record.pk
        return context


def _behind(start: Sequence[tuple[str, object]]) -> Q:
    (name, value), *rest = start
    if not rest:
        return Q(**{f"{name}__gt": value})
    # The redundant outer bound lets PostgreSQL start in the index.
    return Q(**{f"{name}__gte": value}) & (Q(**{f"{name}__gt": value}) | _behind(rest))


class ExportMixin(Page):
    """A list that may be exported as a file; ``export_columns`` are as ``labelled`` takes them."""

    export_columns: tuple[str | LabelledWay, ...] = ()

    def export_area(self) -> Area | None:
        """Return the area in which ``export`` is required."""
        return getattr(self.model._default_manager.all(), "area", None)

    def export_title(self) -> str | Promise:
        return self.get_title()

    def can_export(self) -> bool:
        area = self.export_area()
        return bool(self.export_columns and area and self.request.user.reach(area, Capability.EXPORT))

    def export_rows(self, table: tables.Table) -> QuerySet[Model]:
        """Return the rows of ``table``, in its order, that the reader may export and not only see."""
        reached = self.model._default_manager.reached_by(self.request.user, Capability.EXPORT)
        rows: QuerySet[Model] = table.data.data
        return rows.filter(pk__in=reached.order_by().values("pk"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # A search for a person is stored only in the session: such a list is not exported.
        offered = self.can_export() and not self.request.GET.get("find")
        address = urlencode({"list": self.request.get_full_path()})
        context["export_url"] = f"{reverse('exchange:export-run-start')}?{address}" if offered else ""
        return context


@dataclass(frozen=True)
class Bulk:
    """An action on the ticked rows.

    ``perform`` names the view's method that takes the rows and returns how many it processed.
    """

    code: str
    label: str | Promise
    icon: str
    perform: str


class SelectColumn(tables.Column):
    """A checkbox of the form below the table."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(verbose_name=gettext_lazy("Tick"), accessor="pk", orderable=False, **kwargs)

    def render(self, value: object) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" form="bulk" name="pk" value="{}" aria-label="{}">',
            value,
            _("Tick row %(number)s") % {"number": value},
        )


class BulkMixin(Page):
    """Actions on many rows: checkboxes and a form below the table.

    Every row is checked again against the list's own scope. A button in a row, ``<button form="bulk" name="one"
    value="203">``, performs the first action on that row alone.
    """

    bulk_actions: tuple[Bulk, ...] = ()

    def can_bulk(self) -> bool:
        """Return whether the reader may perform the actions of this list."""
        return True

    def get_table_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_table_kwargs()
        if self.bulk_actions and self.can_bulk():
            kwargs |= {"extra_columns": [("tick", SelectColumn())], "sequence": ("tick", "...")}
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["bulk_actions"] = self.bulk_actions if self.can_bulk() else ()
        return context

    def post(self, request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        one = request.POST.get("one")
        code = self.bulk_actions[0].code if one and self.bulk_actions else request.POST.get("action")
        action = next((action for action in self.bulk_actions if action.code == code), None)
        if action is None or not self.can_bulk():
            raise PermissionDenied
        values = [one] if one else request.POST.getlist("pk")[:MOST_AT_ONCE]
        ticked = {whole_number(value) for value in values} - {None}
        if not ticked:
            messages.warning(request, _("Tick at least one row first."))
            return HttpResponseRedirect(request.get_full_path())
        try:
            done = getattr(self, action.perform)(self.get_queryset().filter(pk__in=ticked))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, ngettext("Done for %(count)s row.", "Done for %(count)s rows.", done) % {"count": done}
            )
        return HttpResponseRedirect(request.get_full_path())
