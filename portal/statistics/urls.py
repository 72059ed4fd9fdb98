from django.urls import path

from portal.statistics.views import dashboards, explorer, published, rows, targets

app_name = "statistics"
urlpatterns = [
    path("", dashboards.DashboardView.as_view(), name="dashboard"),
    path("explorer/", explorer.ExplorerView.as_view(), name="explorer"),
    path("explorer/take-out/", explorer.FigureExportView.as_view(), name="figure-export"),
    path("rows/", rows.FigureRowsView.as_view(), name="figure-rows"),
    path("people/", explorer.RangeCountView.as_view(), name="range-count"),
    path("people/<int:pk>/", explorer.RangePartView.as_view(), name="range-part"),
    path("targets/", targets.TargetsView.as_view(), name="targets"),
    path("published/", published.PublishedView.as_view(), name="published"),
]
