"""Pages of records: one row with its steps, facts and history; list, entry and editing of an organisation's rows."""

import django_tables2 as tables
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.gate import StateField
from portal.audit.selectors import history
from portal.core.choices import Capability
from portal.web.lists import labelled, value_of
from portal.web.tables import PlaceColumn, StateColumn
from portal.web.views import CapabilityMixin, CreateView, DetailView, ListView, UpdateView


class RecordView(DetailView):
    """One row: what comes next, where it stands, its facts and its history.

    ``actions`` is the ``Actions`` of the model, ``facts`` as ``labelled`` takes them, ``prose`` a field of several
    lines. Facts without a value are left out.
    """

    template_name = "components/record_page.html"
    actions = None
    facts = ()
    prose = ""
    back_name = ""

    def get_title(self):
        return self.title or str(self.object)

    def facts_of(self, row):
        """Return the facts as dicts of label and value."""
        found = [{"label": label, "value": value_of(row, way)} for label, way in labelled(self.model, self.facts)]
        return [fact for fact in found if fact["value"] not in (None, "")]

    def get_context_data(self, **kwargs):
        row, actor = self.object, self.request.user
        primary, menu = self.actions.buttons(row, actor) if self.actions else (None, [])
        return super().get_context_data(
            **{
                "primary": primary,
                "menu": menu,
                "steps": self.actions.step_line(row) if self.actions else [],
                "facts": self.facts_of(row),
                "prose": getattr(row, self.prose) if self.prose else "",
                "entries": history(row, self.actions.words if self.actions else None),
                "back_url": reverse(self.back_name) if self.back_name else "",
                **kwargs,
            }
        )


def record_table(model, columns):
    """Return a table class over ``model``: the first column leads to the row, a state is a badge, organisations short.

    ``columns`` are names of fields, or pairs of a name and a ready column.
    """
    made = {}
    for number, given in enumerate(columns):
        name, column = given if isinstance(given, tuple) else (given, None)
        made[name] = column or _column(model._meta.get_field(name), first=number == 0)
    meta = type("Meta", (), {"model": model, "fields": tuple(made)})
    return type(f"{model.__name__}Table", (tables.Table,), {**made, "Meta": meta, "__module__": __name__})


def _column(field, *, first):
    if isinstance(field, StateField):
        return StateColumn()
    if field.name == "organization":
        return PlaceColumn(verbose_name=field.verbose_name)
    return tables.Column(verbose_name=field.verbose_name, linkify=first, orderable=not field.is_relation)


# What a page's own class says itself stands; the empty defaults of these do not.
_PLAIN = {CapabilityMixin, ListView, CreateView, DetailView, RecordView, UpdateView}


def _said_by(view):
    for part in view.__mro__:
        if part in _PLAIN:
            return
        yield from vars(part)


class Records:
    """List, entry, page and editing of rows that an organisation keeps, from one declaration.

    ``prefix`` begins the URL names, ``path`` the addresses; ``create`` and ``update`` are the services, ``edit_rule``
    who may edit a row. A page that needs more names its own class in ``list_view``, ``create_view``, ``detail_view`` or
    ``update_view``, with that class's attributes beside those that come from here.
    """

    model = None
    area = None
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
    edit_rule = None
    actions = None
    facts = ()
    prose = ""
    list_view = ListView
    create_view = CreateView
    detail_view = RecordView
    update_view = UpdateView

    @classmethod
    def urls(cls):
        """Return the URL patterns of the pages, and of the model's actions."""
        app, prefix = cls.model._meta.app_label, cls.prefix
        common = {"model": cls.model, "area": cls.area, "row_name": cls.row_name, "__module__": cls.__module__}
        listed = {
            "filterset_class": cls.filterset_class,
            "title": cls.title,
            "create_url_name": f"{app}:{prefix}-create" if cls.create else "",
            "create_label": cls.create_label,
            "empty_title": cls.empty_title,
            "empty_text": cls.empty_text,
            "import_register": cls.import_register,
            "narrowed": cls.narrowed,
        }
        if cls.columns:
            listed["table_class"] = record_table(cls.model, cls.columns)
            listed["export_columns"] = tuple(name for name in cls.columns if isinstance(name, str))
        pages = [(cls.path, "list", (CapabilityMixin, cls.list_view), listed)]
        if cls.create:
            made = {
                "service": cls.create,
                "form_class": cls.create_form,
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
        if cls.update:
            edited = {
                "service": cls.update,
                "form_class": cls.update_form,
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
            view = type(f"{prefix.title().replace('-', '')}{name.title()}View", bases, given)
            found.append(path(route, view.as_view(), name=f"{prefix}-{name}"))
        return [*found, *(cls.actions.urls() if cls.actions else [])]
