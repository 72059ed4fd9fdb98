from django.urls import path

from matchmaking.views import caseload, events, meet, steps

app_name = "matchmaking"
urlpatterns = [
    path("events/", events.EventListView.as_view(), name="event-list"),
    path("events/new/", events.EventCreateView.as_view(), name="event-create"),
    path("events/<int:pk>/", events.EventDetailView.as_view(), name="event-detail"),
    path("events/<int:pk>/edit/", events.EventUpdateView.as_view(), name="event-update"),
    path("events/<int:pk>/submit/", steps.EventSubmitView.as_view(), name="event-submit"),
    path("events/<int:pk>/approve/", steps.EventApproveView.as_view(), name="event-approve"),
    path("events/<int:pk>/return/", steps.EventReturnView.as_view(), name="event-return"),
    path("events/<int:pk>/publish/", steps.EventPublishView.as_view(), name="event-publish"),
    path("events/<int:pk>/close-sign-up/", steps.EventCloseSignUpView.as_view(), name="event-close-sign-up"),
    path("events/<int:pk>/open-choice/", steps.EventOpenChoiceView.as_view(), name="event-open-choice"),
    path("events/<int:pk>/reveal/", steps.EventRevealView.as_view(), name="event-reveal"),
    path("events/<int:pk>/close/", steps.EventCloseView.as_view(), name="event-close"),
    path("events/<int:pk>/cancel/", steps.EventCancelView.as_view(), name="event-cancel"),
    path("events/<int:pk>/participants/", events.EventParticipantsView.as_view(), name="event-participants"),
    path("events/<int:pk>/pairs/", events.EventPairsView.as_view(), name="event-pairs"),
    path("events/<int:pk>/matchmakers/", events.EventMatchmakersView.as_view(), name="event-matchmakers"),
    path("events/<int:pk>/poster/", events.EventPosterView.as_view(), name="event-poster"),
    path("events/<int:pk>/qr.svg", events.EventQrView.as_view(), name="event-qr"),
    path("meet/", meet.MeetListView.as_view(), name="meet-list"),
    path("meet/<str:slug>/", meet.MeetDetailView.as_view(), name="meet-detail"),
    path("meet/<str:slug>/join/", meet.MeetJoinView.as_view(), name="meet-join"),
    path("meet/<str:slug>/joined/", meet.MeetJoinedView.as_view(), name="meet-joined"),
    path("meet/<str:slug>/accept/", meet.MeetAcceptView.as_view(), name="meet-accept"),
    path("meet/<str:slug>/leave/", meet.MeetLeaveView.as_view(), name="meet-leave"),
    path("meet/<str:slug>/choose/", meet.MeetChooseView.as_view(), name="meet-choose"),
    path("meet/<str:slug>/photo/<int:pk>/", meet.MeetPhotoView.as_view(), name="meet-photo"),
    path("pairs/<int:pk>/", meet.PairDetailView.as_view(), name="pair-detail"),
    path("caseload/", caseload.CaseloadView.as_view(), name="caseload-list"),
]
