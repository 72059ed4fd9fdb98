"""The Django admin with the portal's own sign-in and without its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Area, Capability
from portal.core.health import all_checks
from portal.web.home import safe_next

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, NoReturn

    from django.contrib.admin import ModelAdmin
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse
    from django.template.response import TemplateResponse
    from django.urls import URLPattern, URLResolver


class PortalAdminSite(admin.AdminSite):
    """The pages of people who hold an administrator's duty now; for everyone else they do not exist."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Managed data")
    enable_nav_sidebar = True

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the models grouped by app, in the order in which the apps are installed."""
        order = {config.label: place for place, config in enumerate(apps.get_app_configs())}
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda group: order.get(group["app_label"], len(order)))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the link from a row to its page: Django finds rows outside the scope."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def index(self, request: HttpRequest, extra_context: Mapping[str, object] | None = None) -> TemplateResponse:
        """The administrators' home page: health checks, if the user may see them, then the models.

        The checks are for people who may view the system area.
        """
        keeps = request.user.is_authenticated and request.user.reach(Area.SYSTEM, Capability.VIEW)
        health = {"health": all_checks() if keeps else []}
        return super().index(request, {**(extra_context or {}), **health})

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Leave out Django's groups: permissions come from the role table."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([model for model in models if model is not Group], admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: Mapping[str, object] | None = None) -> HttpResponse:
        """Redirect an administrator to the page they asked for; everyone else gets 404."""
        if not self.has_permission(request):
            raise Http404
        return redirect(safe_next(request, reverse("admin:index")))

    # Read by the middleware that asks visitors to sign in: administrators sign in on the staff page.
    login.login_url = reverse_lazy("members:sign-in-staff")  # type: ignore[attr-defined]  # as login_required sets it

    def password_change(self, request: HttpRequest, extra_context: Mapping[str, object] | None = None) -> NoReturn:
        """Answer 404: passwords are changed only on the person's own page, with its rules and audit."""
        raise Http404

    def password_change_done(self, request: HttpRequest, extra_context: Mapping[str, object] | None = None) -> NoReturn:
        raise Http404
