from django.urls import path

from portal.web import home, machines

app_name = "web"
urlpatterns = [
    path("favicon.ico", machines.favicon, name="favicon"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security_txt, name="security-txt"),
    path("privacy/", home.PrivacyView.as_view(), name="privacy"),
    path("browser/", home.BrowserView.as_view(), name="browser"),
    path("theme/", home.ThemeView.as_view(), name="theme"),
    path("language/", home.LanguageView.as_view(), name="language"),
    path("switch/", home.SwitchView.as_view(), name="switch"),
]
