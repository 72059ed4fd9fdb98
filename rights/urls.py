from django.urls import path

from rights import views
from rights.actions import SHIFT

app_name = "rights"
urlpatterns = [
    path("stations/find/", views.StationFindView.as_view(), name="station-find"),
    *views.StationPages.urls(),
    *SHIFT.urls(),
]
