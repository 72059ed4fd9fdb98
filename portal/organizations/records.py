"""List, create, detail and edit pages for rows that belong to an organisation, from one declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import django_tables2 as tables
from django import forms
from django.forms import modelform_factory
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import may_edit
from portal.audit.gate import StateField
from portal.audit.records import RecordView
from portal.audit.services import row_create, row_update
from portal.core.choices import Area, Capability
from portal.organizations.forms import KeptForm
from portal.web.tables import PlaceColumn, StateColumn
from portal.web.views import CapabilityMixin, CreateView, DetailView, ListView, UpdateView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django.db.models import Field, Model

    from portal.members.models import Member


def record_table(model: type[Model], columns: Iterable[str | tuple[str, tables.Column]]) -> type[tables.Table]:
    """Return a table class over ``model`` that shows ``columns``.

    The first column links to the row, a state is shown as a badge, an organisation in short form. ``columns`` are names
    of fields, or pairs of a name and a finished column.
    """
    made = {}
    for number, given in enumerate(columns):
        name, column = given if isinstance(given, tuple) else (given, None)
        field = cast("Field[Any, Any]", model._meta.get_field(name))
        made[name] = column or _column(field, first=number == 0)
    meta = type("Meta", (), {"model": model, "fields": tuple(made)})
    return type(f"{model.__name__}Table", (tables.Table,), {**made, "Meta": meta, "__module__": __name__})


def _column(field: Field[Any, Any], *, first: bool) -> tables.Column:
    if isinstance(field, StateField):
        return StateColumn()
    if field.name == "organization":
        return PlaceColumn(verbose_name=field.verbose_name)
    return tables.Column(verbose_name=field.verbose_name, linkify=first, orderable=not field.is_relation)


def _creates(pages: type[Records]) -> Callable[..., Model] | None:
    if not pages.fields:
        return None

    def create(*, actor: Member, **fields: object) -> Model:
        return row_create(actor=actor, row=pages.model(**fields), action=f"{pages.prefix}.create")

    return create


def _updates(pages: type[Records]) -> Callable[..., Model] | None:
    if not pages.fields:
        return None

    def update(*, actor: Member, version: int, **fields: Any) -> Model:
        row = fields.pop(pages.row_name)
        return row_update(actor=actor, row=row, version=version, fields=fields, action=f"{pages.prefix}.update")

    return update


class _VersionForm(KeptForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


def _form(pages: type[Records], fields: Sequence[str], base: type[KeptForm] = KeptForm) -> type[forms.ModelForm[Any]]:
    """Return a form class over ``fields`` of the model."""
    return modelform_factory(pages.model, form=type("Form", (base,), {"area": pages.area}), fields=fields)


# An attribute that the page's own class sets is kept; the empty defaults of these classes are replaced.
_PLAIN = {CapabilityMixin, ListView, CreateView, DetailView, RecordView, UpdateView}


def _said_by(view: type) -> Iterator[str]:
    for part in view.__mro__:
        if part in _PLAIN:
            return
        yield from vars(part)


class Records:
    """List, create, detail and edit pages for rows that belong to an organisation, from one declaration.

    ``prefix`` begins the URL names and ``path`` the URLs; ``create`` and ``update`` are the services, ``edit_rule``
    decides who may edit a row. Instead of services and forms, ``fields`` may name the columns that people fill in: then
    only the model validates a row, and the audit entries are named ``<prefix>.create`` and ``<prefix>.update``. A page
    that needs more names its own class in ``list_view``, ``create_view``, ``detail_view`` or ``update_view``; what that
    class sets takes precedence.
    """

    model: type[Model]
    area: Area
    prefix = ""
    path = ""
    row_name = ""
    title = ""
    create_label = ""
    edit_label = _("Edit")
    empty_title = _("Nothing here yet")
    empty_text = ""
    columns = ()
    filterset_class = None
    import_register = ""
    narrowed = True
    create = None
    create_form = None
    update = None
    update_form = None
    edit_rule = may_edit
    fields = ()
    actions = None
    facts = ()
    prose = ""
    list_view = ListView
    create_view = CreateView
    detail_view = RecordView
    update_view = UpdateView

    @classmethod
    def urls(cls) -> list[URLPattern]:
        """Return the URL patterns of the pages and of the model's actions."""
        app, prefix = cls.model._meta.app_label, cls.prefix
        create, update = cls.create or _creates(cls), cls.update or _updates(cls)
        common = {"model": cls.model, "area": cls.area, "row_name": cls.row_name, "__module__": cls.__module__}
        listed = {
            "filterset_class": cls.filterset_class,
            "title": cls.title,
            "create_url_name": f"{app}:{prefix}-create" if create else "",
            "create_label": cls.create_label,
            "empty_title": cls.empty_title,
            "empty_text": cls.empty_text,
            "import_register": cls.import_register,
            "narrowed": cls.narrowed,
        }
        if cls.columns:
            listed["table_class"] = record_table(cls.model, cls.columns)
            listed["export_columns"] = tuple(name for name in cls.columns if isinstance(name, str))
        pages: list[tuple[str, str, tuple[type, ...], dict[str, Any]]]
        pages = [(cls.path, "list", (CapabilityMixin, cls.list_view), listed)]
        if create:
            made = {
                "service": create,
                "form_class": cls.create_form or _form(cls, ("organization", *cls.fields)),
                "title": cls.create_label,
                "submit_label": _("Save"),
                "success_message": _("Saved."),
                "row_name": "",
            }
            pages.append((f"{cls.path}new/", "create", (cls.create_view,), made))
        shown = {
            "actions": cls.actions,
            "facts": cls.facts,
            "prose": cls.prose,
            "back_name": f"{app}:{prefix}-list",
            "capability": Capability.VIEW,
        }
        pages.append((f"{cls.path}<int:pk>/", "detail", (cls.detail_view,), shown))
        if update:
            edited = {
                "service": update,
                "form_class": cls.update_form or _form(cls, cls.fields, _VersionForm),
                "rule": cls.edit_rule,
                "title": cls.edit_label,
                "submit_label": _("Save changes"),
                "success_message": _("The changes are saved."),
            }
            pages.append((f"{cls.path}<int:pk>/edit/", "update", (cls.update_view,), edited))
        found = []
        for route, name, bases, attributes in pages:
            own = {key for base in bases for key in _said_by(base)}
            given = {key: value for key, value in {**common, **attributes}.items() if key not in own}
            view: Any = type(f"{prefix.title().replace('-', '')}{name.title()}View", bases, given)
            found.append(path(route, view.as_view(), name=f"{prefix}-{name}"))
        return [*found, *(cls.actions.urls() if cls.actions else [])]
