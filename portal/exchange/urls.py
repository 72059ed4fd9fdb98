from django.urls import path

from portal.exchange.views import exports, imports

app_name = "exchange"
urlpatterns = [
    path("", imports.RegisterListView.as_view(), name="index"),
    path("runs/", imports.ImportRunListView.as_view(), name="run-list"),
    path("runs/<int:pk>/", imports.ImportRunView.as_view(), name="run-detail"),
    path("runs/<int:pk>/part/", imports.ImportRunPartView.as_view(), name="run-part"),
    path("runs/<int:pk>/confirm/", imports.ImportConfirmView.as_view(), name="run-confirm"),
    path("runs/<int:pk>/discard/", imports.ImportDiscardView.as_view(), name="run-discard"),
    path("runs/<int:pk>/take-back/", imports.ImportTakeBackView.as_view(), name="run-take-back"),
    path("runs/<int:pk>/faults/", imports.FaultsView.as_view(), name="run-faults"),
    path("out/", exports.ExportRunListView.as_view(), name="export-run-list"),
    path("out/new/", exports.ExportRunStartView.as_view(), name="export-run-start"),
    path("out/<int:pk>/", exports.ExportRunDetailView.as_view(), name="export-run-detail"),
    path("out/<int:pk>/part/", exports.ExportRunPartView.as_view(), name="export-run-part"),
    path("out/<int:pk>/release/", exports.ExportRunReleaseView.as_view(), name="export-run-release"),
    path("out/<int:pk>/decline/", exports.ExportRunDeclineView.as_view(), name="export-run-decline"),
    path("out/<int:pk>/download/", exports.ExportRunDownloadView.as_view(), name="export-run-download"),
    path("<str:register>/", imports.ImportStartView.as_view(), name="import-start"),
    path("<str:register>/template/", imports.TemplateView.as_view(), name="import-template"),
]
