"""The Django admin on the portal's own sign-in, without its log."""

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from portal.web.home import safe_next


class PortalAdminSite(admin.AdminSite):
    """Administrators' pages: who holds an administrator's duty now; everyone else finds nothing here."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("What is kept here")
    enable_nav_sidebar = True

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
