from django.urls import path

from portal.messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.InboxView.as_view(), name="inbox"),
    path("read/", views.ReadAllView.as_view(), name="inbox-read"),
    path("<int:pk>/open/", views.MessageOpenView.as_view(), name="message-open"),
]
