"""Base views: scope, rules, htmx, refusals; a view of an area has only attributes and one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseModelForm
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import generic
from django.views.generic.detail import SingleObjectMixin
from django_filters.views import FilterMixin
from django_tables2 import SingleTableMixin

from portal.core.choices import Capability
from portal.core.errors import Conflict, DomainError
from portal.web.context import here_path
from portal.web.forms import ConfirmForm
from portal.web.lists import BulkMixin, ColumnsMixin, ExportMixin, KeyPagesMixin, OrderedRows
from portal.web.versions import sent_again, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from django.db.models import Model
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.utils.functional import Promise

    from portal.core.choices import Area


class ShellMixin:
    """Sets the shell and the title of the page.

    With ``shell`` None, the shell depends on who is signed in.
    """

    request: HttpRequest
    shell: str | None = "desk"
    title: str | Promise = ""
    # Django's form views treat PUT as POST, and answer OPTIONS before any check of the address.
    http_method_names: Sequence[str] = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.shell:
            request.shell = self.shell
        if self.shell == "desk" and request.user.is_authenticated and not request.user.is_desk:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self) -> str | Promise:
        return self.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"title": self.get_title(), "page": self, **kwargs})


class ScopedMixin(ShellMixin):
    """Rows from ``visible_to``: 404 outside of them; 403 inside without ``rule`` or ``capability``.

    ``rule(actor, obj) -> bool`` decides about one row; without a rule the actor must hold ``capability`` at the row's
    organisation.
    """

    capability = Capability.VIEW
    rule: Callable[[Any, Any], bool] | None = None
    narrowed = False

    def get_queryset(self) -> QuerySet[Any]:
        queryset = self.model._default_manager.visible_to(self.request.user)
        if self.narrowed:
            queryset = queryset.below(here_path(self.request))
        return queryset.for_list() if hasattr(queryset, "for_list") else queryset

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        obj = super().get_object(queryset)
        self.check(obj)
        return obj

    def check(self, obj: Model) -> None:
        """Raise PermissionDenied if the actor may see the row but may not perform this action on it."""
        actor = self.request.user
        rule = type(self).rule
        if rule is not None:
            allowed = rule(actor, obj)
        elif self.capability == Capability.VIEW:
            allowed = True
        else:
            reached = self.model._default_manager.reached_by(actor, self.capability)
            allowed = reached.filter(pk=obj.pk).exists()
        if not allowed:
            raise PermissionDenied


class CapabilityMixin(ShellMixin):
    """A page without a row: the actor must hold ``capability`` in ``area`` somewhere, else 403.

    A person who is not staff gets 404 instead.
    """

    area: Area | None = None
    capability = Capability.VIEW

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and self.area and not request.user.reach(self.area, self.capability):
            if not request.user.is_desk:
                raise Http404
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ListView(ColumnsMixin, KeyPagesMixin, ExportMixin, SingleTableMixin, FilterMixin, ScopedMixin, generic.ListView):
    """A list: filters, order, page and page size in the URL; ``HX-Request`` gets only the table.

    ``filterset_class`` and ``table_class`` are as in django-filter and django-tables2; counts stop at 10,000. The other
    features (columns, keyset pages, export) are in ``portal.web.lists``.
    """

    template_name = "components/list_page.html"
    fragment_name = "components/list_table.html"
    paginate_by = None
    table_pagination = {"per_page": 25}
    strict = False
    narrowed = True
    create_url_name = ""
    create_label: str | Promise = ""
    import_register = ""
    empty_title: str | Promise = ""
    empty_text: str | Promise = ""

    def get_filterset_kwargs(self, filterset_class):
        return {**super().get_filterset_kwargs(filterset_class), "request": self.request}

    def get(self, request, *args, **kwargs):
        if self.filterset_class:
            self.filterset = self.get_filterset(self.filterset_class)
            self.object_list = self.filterset.qs
        else:
            self.filterset = None
            self.object_list = self.get_queryset()
        self.object_list = self.beyond(self.object_list)
        return self.render_to_response(self.get_context_data(filter=self.filterset, object_list=self.object_list))

    def get_table_data(self):
        return OrderedRows(self.object_list) if isinstance(self.object_list, QuerySet) else self.object_list

    def get_template_names(self):
        if self.request.htmx and not self.request.htmx.boosted:
            return [self.fragment_name]
        return [self.template_name]

    def can_create(self) -> bool:
        """Return whether the create button is shown: the person holds EDIT in the area of the model."""
        area = getattr(self.model._default_manager.all(), "area", None)
        return bool(area and self.request.user.reach(area, Capability.EDIT))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        may = self.can_create()
        context["create_url"] = reverse(self.create_url_name) if self.create_url_name and may else ""
        context["create_label"] = self.create_label
        context["import_url"] = (
            reverse("exchange:import-start", args=[self.import_register]) if self.import_register and may else ""
        )
        context["empty_title"] = self.empty_title
        context["empty_text"] = self.empty_text
        return context


class PartMixin:
    """A page of cards: htmx gets ``part_name``, the part with the id ``list`` that filtering and paging replace."""

    part_name = ""

    def get_template_names(self) -> list[str]:
        if self.request.htmx and not self.request.htmx.boosted:
            return [self.part_name]
        return super().get_template_names()


class BulkListView(BulkMixin, ListView):
    """A list with actions on many rows at once."""


class DetailView(ScopedMixin, generic.DetailView):
    """A page about one row that the reader may see."""


class PerformMixin:
    """A form that calls ``service`` when it is submitted; a refusal is shown in it, with all input kept.

    ``service`` takes ``actor``, the row of the page under the name ``row_name``, and the form's cleaned data; a page
    whose service takes something else overrides ``perform(form)``.
    """

    service: Callable[..., Any] | None = None
    row_name = ""
    success_message: str | Promise = ""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            result = self.perform(form)
        except DomainError as error:
            return self.refused(form, error)
        except ValidationError as error:
            self.add_errors(form, error)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return HttpResponseRedirect(self.next_url(result))

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        """Answer a refusal of the service with its message at the top of the form."""
        form.add_error(None, error.message)
        return self.form_invalid(form)

    @staticmethod
    def add_errors(form: BaseForm, error: ValidationError) -> None:
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, error)

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if getattr(self.get_form_class(), "takes_actor", False):
            kwargs["actor"] = self.request.user
        return kwargs

    def perform(self, form: Any) -> Any:
        about = {self.row_name: self.object} if self.row_name else {}
        return type(self).service(actor=self.request.user, **about, **form.cleaned_data)

    def next_url(self, result: Any) -> str:
        return self.get_success_url() if self.success_url else result.get_absolute_url()


class OwnPlaceMixin:
    """Preselects the organisation at which the person holds ``capability``, if the form asks for one."""

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        if "organization" not in getattr(self.get_form_class(), "base_fields", ()) or not self.area:
            return initial
        return {"organization": self.request.user.own_place(self.area, self.capability), **initial}


class CreateView(OwnPlaceMixin, PerformMixin, CapabilityMixin, generic.FormView):
    """A page for a new row; ``service`` creates and returns it."""

    template_name = "components/form_page.html"
    capability = Capability.EDIT


class FormPageView(PerformMixin, ShellMixin, generic.FormView):
    """A form about no single row and without an area: sign-in, the person's own settings."""

    template_name = "components/form_page.html"


class RowFormView(PerformMixin, ScopedMixin, SingleObjectMixin, generic.FormView):
    """A form about one row."""

    template_name = "components/form_page.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if getattr(self.get_form_class(), "takes_object", False):
            kwargs["about"] = self.object
        return kwargs

    def next_url(self, result: Any) -> str:
        return self.get_success_url() if self.success_url else self.object.get_absolute_url()


class UpdateView(RowFormView):
    """Edits one row; a version conflict shows both versions and keeps what was typed.

    The form has a hidden ``version``, and the service raises Conflict with the code "edited". A model form gets its own
    copy of the row, which it may write into; a plain form starts with the row's values of the same names.
    """

    capability = Capability.EDIT
    conflict_template_name = "components/conflict_page.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.get_form_class(), BaseModelForm):
            kwargs["instance"] = self.model._default_manager.get(pk=self.object.pk)
        return kwargs

    def get_initial(self) -> dict[str, Any]:
        form_class = self.get_form_class()
        names = {"version"} if issubclass(form_class, BaseModelForm) else set(form_class.base_fields)
        names &= {field.name for field in self.object._meta.concrete_fields if not field.is_relation}
        return {**super().get_initial(), **{name: getattr(self.object, name) for name in names}}

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        if not isinstance(error, Conflict) or error.code != "edited" or "version" not in form.fields:
            return super().refused(form, error)
        self.object = self.get_object()
        kwargs = self.get_form_kwargs()
        standing = self.get_form_class()(**{**kwargs, "data": None, "files": None})
        context = {
            "title": self.get_title(),
            "page": self,
            "object": self.object,
            "words": error.message,
            "rows": versions(form, standing),
            "sent": sent_again(form, self.object.version),
            "submit_label": getattr(self, "submit_label", ""),
        }
        return TemplateResponse(self.request, self.conflict_template_name, context, status=error.status)


class ConfirmMixin:
    """A form whose page first states what the action will do; without fields it is a plain confirmation.

    ``consequence`` is this text, or ``get_consequence()`` if it depends on the row.
    """

    template_name: str | None = "components/confirm_page.html"
    form_class: type[Any] | None = ConfirmForm
    action_label: str | Promise = ""
    consequence: str | Promise = ""
    danger = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "action_label": self.action_label or self.get_title(),
                "consequence": self.get_consequence(),
                "danger": self.danger,
                "back_url": self.back_url(),
                **kwargs,
            }
        )

    def get_consequence(self) -> str | Promise:
        return self.consequence


class ActionView(ConfirmMixin, RowFormView):
    """One action on one row: GET shows what it will do, POST does it."""

    capability = Capability.EDIT

    def back_url(self) -> str:
        return self.object.get_absolute_url()
