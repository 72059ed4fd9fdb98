"""The app of the Django admin; apart from apps.py, where one app stands alone."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The Django admin on the portal's own site class."""

    default_site = "portal.web.admin_site.PortalAdminSite"
