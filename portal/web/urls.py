from django.urls import path

from portal.web import home

app_name = "web"
urlpatterns = [
    path("theme/", home.ThemeView.as_view(), name="theme"),
    path("language/", home.LanguageView.as_view(), name="language"),
    path("switch/", home.SwitchView.as_view(), name="switch"),
]
