from django.urls import path

from portal.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.RegisterListView.as_view(), name="index"),
    path("runs/", views.ImportRunListView.as_view(), name="run-list"),
    path("runs/<int:pk>/", views.ImportRunView.as_view(), name="run-detail"),
    path("runs/<int:pk>/part/", views.ImportRunPartView.as_view(), name="run-part"),
    path("runs/<int:pk>/confirm/", views.ImportConfirmView.as_view(), name="run-confirm"),
    path("runs/<int:pk>/discard/", views.ImportDiscardView.as_view(), name="run-discard"),
    path("runs/<int:pk>/take-back/", views.ImportTakeBackView.as_view(), name="run-take-back"),
    path("runs/<int:pk>/faults/", views.FaultsView.as_view(), name="run-faults"),
    path("<str:register>/", views.ImportStartView.as_view(), name="import-start"),
    path("<str:register>/template/", views.TemplateView.as_view(), name="import-template"),
]
