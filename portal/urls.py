"""All URLs: the shared packages, then the areas."""

from django.contrib import admin
from django.urls import include, path, re_path

from portal.web import errors, home, monitor

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("healthz", monitor.health, name="healthz"),
    path("readyz", monitor.ready, name="readyz"),
    path("metrics", monitor.prometheus, name="metrics"),
    path("", include("portal.web.urls")),
    path("", include("portal.members.urls")),
    path("audit/", include("portal.audit.urls")),
    path("messages/", include("portal.messaging.urls")),
    path("exchange/", include("portal.exchange.urls")),
    path("organizations/", include("portal.organizations.urls")),
    path("deadlines/", include("portal.deadlines.urls")),
    # Printed on plates for good, and short; somebody who types it may type capitals.
    re_path("^[cC]/", include("portal.papers.urls")),
    path("notices/", include("portal.notices.urls")),
    path("inspections/", include("portal.inspections.urls")),
    path("statistics/", include("portal.statistics.urls")),
    path("matchmaking/", include("matchmaking.urls")),
    path("rights/", include("rights.urls")),
    path("nursing_rooms/", include("nursing_rooms.urls")),
    path("childcare/", include("childcare.urls")),
    path("admin/", admin.site.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
