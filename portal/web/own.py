"""Pages for a member about one of their own rows, in the member shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views import generic

from portal.web.views import ConfirmMixin, PerformMixin, ShellMixin

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponseBase


class OwnRowMixin(ShellMixin):
    """A page about one row of the member; 404 for everyone else.

    ``own_rows`` are the rows that may be opened: those that the queryset's ``own(member)`` returns.
    """

    shell = "member"
    model: Any = None
    object: Any

    def own_rows(self) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.own(self.request.user)
        return rows

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.object = get_object_or_404(self.own_rows(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"object": self.object, **kwargs})


class OwnFormView(PerformMixin, OwnRowMixin, generic.FormView):  # type: ignore[type-arg]  # it takes none at run time
    """A form about one row of the member."""

    template_name: str | None = "components/form_page.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if getattr(self.get_form_class(), "takes_object", False):
            kwargs["about"] = self.object
        return kwargs

    def next_url(self, result: object) -> str:
        return self.get_success_url() if self.success_url else self.object.get_absolute_url()


class OwnActionView(ConfirmMixin, OwnFormView):
    """One action on a row of the member: GET shows what it will do, POST does it."""

    def back_url(self) -> str:
        return self.next_url(None)
