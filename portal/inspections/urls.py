from django.urls import path

from portal.inspections.actions.rubrics import ITEM, RUBRIC, VERSION
from portal.inspections.views.desk import rubrics

app_name = "inspections"
urlpatterns = [
    path("rubrics/", rubrics.RubricListView.as_view(), name="rubric-list"),
    path("rubrics/<int:pk>/", rubrics.RubricDetailView.as_view(), name="rubric-detail"),
    path("versions/<int:pk>/", rubrics.VersionDetailView.as_view(), name="version-detail"),
    *RUBRIC.urls(),
    *VERSION.urls(),
    *ITEM.urls(),
]
