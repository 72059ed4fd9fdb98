from django.urls import path

from portal.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.CertificateFindView.as_view(), name="certificate-find"),
    path("<str:code>/", views.CertificateCheckView.as_view(), name="certificate-check"),
]
