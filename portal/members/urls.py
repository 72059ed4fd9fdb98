from django.urls import path

from portal.members import views

app_name = "members"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-in/code/", views.CodeView.as_view(), name="sign-in-code"),
    path("sign-in/first/", views.ActivateView.as_view(), name="sign-in-activate"),
    path("sign-in/unknown/", views.NotFoundOnRosterView.as_view(), name="sign-in-unknown"),
    path("sign-in/staff/", views.StaffSignInView.as_view(), name="sign-in-staff"),
    path("sign-in/factor/", views.FactorView.as_view(), name="sign-in-factor"),
    path("sign-in/fresh/", views.FreshView.as_view(), name="fresh"),
    path("sign-in/fresh/code/", views.FreshCodeView.as_view(), name="fresh-code"),
    path("sign-out/", views.SignOutView.as_view(), name="sign-out"),
    path("dev/sms/", views.SentMessagesView.as_view(), name="sent-messages"),
    path("me/", views.AccountView.as_view(), name="me"),
    path("me/consents/<int:pk>/withdraw/", views.ConsentWithdrawView.as_view(), name="consent-withdraw"),
    path("me/readers/", views.MemberReadersView.as_view(), name="member-readers"),
    path("me/data/", views.MemberDownloadView.as_view(), name="member-download"),
    path("me/requests/<str:kind>/", views.DataRequestCreateView.as_view(), name="request-create"),
    path("members/requests/", views.DataRequestListView.as_view(), name="request-list"),
    path("members/requests/<int:pk>/", views.DataRequestDetailView.as_view(), name="request-detail"),
    path("members/requests/<int:pk>/settle/", views.DataRequestSettleView.as_view(), name="request-settle"),
    path("members/requests/<int:pk>/withdraw/", views.DataRequestWithdrawView.as_view(), name="request-withdraw"),
    path("members/", views.MemberListView.as_view(), name="member-list"),
    path("members/find/", views.MemberFindView.as_view(), name="member-find"),
    path("members/new/", views.MemberCreateView.as_view(), name="member-create"),
    path("members/<int:pk>/", views.MemberDetailView.as_view(), name="member-detail"),
    path("members/<int:pk>/reveal/<str:field>/", views.MemberRevealView.as_view(), name="member-reveal"),
    path("members/<int:pk>/edit/", views.MemberUpdateView.as_view(), name="member-update"),
]
