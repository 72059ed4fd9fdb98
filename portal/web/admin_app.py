"""App config of the Django admin; it is not in apps.py, which should hold a single app config."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """The Django admin with the portal's own site class."""

    default_site = "portal.web.admin_site.PortalAdminSite"
