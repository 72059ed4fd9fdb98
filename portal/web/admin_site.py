"""The Django admin on the portal's own sign-in, without its log."""

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


class PortalAdminSite(admin.AdminSite):
    """Administrators' pages: who holds an administrator's duty now; everyone else finds nothing here."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("What is kept here")
    enable_nav_sidebar = True

    def get_app_list(self, request, app_label=None):
        """Group the registers by floor and room, in the order in which these stand."""
        order = {config.label: place for place, config in enumerate(apps.get_app_configs())}
        found = super().get_app_list(request, app_label)
        return sorted(found, key=lambda group: order.get(group["app_label"], len(order)))

    def get_urls(self):
        """Leave out the way from a row to its page: Django looks the row up past its scope."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def index(self, request, extra_context=None):
        """The administrators' home: what is well and what is not, for who keeps the system; then the registers."""
        keeps = request.user.reach(Area.SYSTEM, Capability.VIEW)
        health = {"health": all_checks() if keeps else []}
        return super().index(request, {**(extra_context or {}), **health})

    def register(self, model_or_iterable, admin_class=None, **options):
        """Leave out Django's groups: rights come from the role table."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().register([model for model in models if model is not Group], admin_class, **options)

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request, extra_context=None):
        """Send an administrator on to where she was going; signed in as anyone else there is nothing here."""
        if not self.has_permission(request):
            raise Http404
        return redirect(safe_next(request, reverse("admin:index")))

    # Read by the middleware that asks visitors to sign in: administrators have the staff's door.
    login.login_url = reverse_lazy("members:sign-in-staff")

    def password_change(self, request, extra_context=None):
        """Passwords are changed on her own page alone, which keeps their rules and the audit."""
        raise Http404

    def password_change_done(self, request, extra_context=None):
        raise Http404
