from django.urls import path

from portal.notices.views import desk, member

app_name = "notices"
urlpatterns = [
    path("", member.PostedListView.as_view(), name="posted-list"),
    path("<int:pk>/", member.PostedDetailView.as_view(), name="posted-detail"),
    path("<int:pk>/confirm/", member.PostedConfirmView.as_view(), name="posted-confirm"),
    path("files/<int:pk>/", member.FileOpenView.as_view(), name="file-open"),
    path("files/<int:pk>/remove/", desk.FileRemoveView.as_view(), name="file-remove"),
    path("desk/", desk.NoticeListView.as_view(), name="notice-list"),
    path("desk/new/", desk.NoticeCreateView.as_view(), name="notice-create"),
    path("desk/<int:pk>/", desk.NoticeDetailView.as_view(), name="notice-detail"),
    path("desk/<int:pk>/edit/", desk.NoticeUpdateView.as_view(), name="notice-update"),
    path("desk/<int:pk>/attach/", desk.NoticeAttachView.as_view(), name="notice-attach"),
    path("desk/<int:pk>/submit/", desk.NoticeSubmitView.as_view(), name="notice-submit"),
    path("desk/<int:pk>/approve/", desk.NoticeApproveView.as_view(), name="notice-approve"),
    path("desk/<int:pk>/return/", desk.NoticeReturnView.as_view(), name="notice-return"),
    path("desk/<int:pk>/publish/", desk.NoticePublishView.as_view(), name="notice-publish"),
    path("desk/<int:pk>/withdraw/", desk.NoticeWithdrawView.as_view(), name="notice-withdraw"),
]
