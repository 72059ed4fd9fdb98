"""The pages that belong to no app: home, privacy statement, theme, language, organisation switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from django.views.i18n import set_language

from portal.core.discovery import declared
from portal.core.guard import sparing
from portal.web.context import THEMES, todo_items
from portal.web.middleware import is_inside_wechat, public_page
from portal.web.views import ShellMixin

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from portal.web.requests import MemberRequest, PortalRequest


@public_page
class HomeView(View):
    """The home page: an introduction for visitors, their own page for members, to-do items for staff."""

    http_method_names = ["get", "head"]

    def get(self, request: PortalRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            request.shell = "plain"
            return render(request, "web/landing.html", {"blocks": blocks("landing_blocks", request)})
        if request.user.is_desk:
            request.shell = "desk"
            context = {"todo": todo_items(request), "blocks": blocks("desk_blocks", request)}
            return render(request, "web/desk_home.html", context)
        request.shell = "member"
        # An account whose private pages are closed sees only what it may open.
        name = "member_blocks" if request.user.opens_secrets else "provisional_blocks"
        return render(request, "web/member_home.html", {"blocks": blocks(name, request)})


def blocks(name: str, request: HttpRequest) -> list[dict[str, object]]:
    """Return the parts of a home page that apps declare in ``menu.py``.

    Each part has a template and its context.
    """
    found: list[tuple[str, object]] = []
    for module in declared("menu"):
        with sparing(module):
            found += getattr(module, name, lambda _request: [])(request)
    return [{"template": template, "context": context} for template, context in found]


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """Return the address to redirect to, only inside this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    inside = target.startswith("/")
    if inside and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return fallback


@public_page
class PrivacyView(ShellMixin, TemplateView):
    """The privacy statement: what is logged and counted, and for how long it is kept."""

    shell = None
    http_method_names = ["get", "head"]
    title = _("Privacy statement")
    template_name = "web/privacy.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(days=settings.LOG_DAYS, minutes=settings.ROOM_VISIT_MINUTES, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class BrowserView(ShellMixin, TemplateView):
    """Says inside WeChat how to open the browser, where a file can be saved; a browser goes on to ``next`` at once."""

    shell = "plain"
    http_method_names = ["get", "head"]
    title = _("Open in the browser")
    template_name = "web/browser.html"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_inside_wechat(request):
            return redirect(safe_next(request))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        wanted = safe_next(self.request)
        # What a button sends cannot be asked for by a link.
        here = f"{wanted}{'&' if '?' in wanted else '?'}here=1" if "link" in self.request.GET else ""
        return super().get_context_data(here=here, signed_in=self.request.user.is_authenticated, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class ThemeView(View):
    """Stores light, dark or auto in a cookie."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponseRedirect(safe_next(request))
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            response.set_cookie(
                "theme", theme, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure(), httponly=True
            )
        return response


@method_decorator(login_not_required, name="dispatch")
class LanguageView(View):
    """Changes the language: in a cookie and, for a signed-in person, in their row as well."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = set_language(request)
        language = request.POST.get("language", "")
        if request.user.is_authenticated and language in {"zh-hans", "en"}:
            get_user_model()._default_manager.filter(pk=request.user.pk).update(language=language)
        return response


class SwitchView(View):
    """Narrows the desk to one of the organisations of the person's duties."""

    provisional = True
    http_method_names = ["post"]

    def post(self, request: MemberRequest) -> HttpResponse:
        chosen = request.POST.get("organization", "")
        held = {str(duty.organization_id): duty.organization_id for duty in request.user.duties}
        if chosen in held:
            request.session["here"] = held[chosen]
        else:
            request.session.pop("here", None)
        return redirect(safe_next(request))
