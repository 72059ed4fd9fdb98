from django.urls import path

from portal.messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.InboxView.as_view(), name="inbox"),
    path("read/", views.ReadAllView.as_view(), name="inbox-read"),
    path("<int:pk>/open/", views.MessageOpenView.as_view(), name="message-open"),
    path("channels/", views.ChannelChoiceView.as_view(), name="channel-choice-update"),
    path("mailbox/", views.MailboxUpdateView.as_view(), name="mailbox-update"),
    path("mailbox/remove/", views.MailboxRemoveView.as_view(), name="mailbox-remove"),
    path("mailbox/confirm/<str:token>/", views.MailboxConfirmView.as_view(), name="mailbox-confirm"),
    path("delegations/new/", views.TodoDelegationCreateView.as_view(), name="todo-delegation-create"),
    path("delegations/<int:pk>/end/", views.TodoDelegationEndView.as_view(), name="todo-delegation-end"),
    path("given-up/", views.MessageDeadView.as_view(), name="message-dead"),
]
