from django.urls import path

from portal.notices.views import authors, readers, steps

app_name = "notices"
urlpatterns = [
    path("", readers.PostedListView.as_view(), name="posted-list"),
    path("<int:pk>/", readers.PostedDetailView.as_view(), name="posted-detail"),
    path("<int:pk>/confirm/", readers.PostedConfirmView.as_view(), name="posted-confirm"),
    path("files/<int:pk>/", readers.FileOpenView.as_view(), name="file-open"),
    path("files/<int:pk>/remove/", steps.FileRemoveView.as_view(), name="file-remove"),
    path("desk/", authors.NoticeListView.as_view(), name="notice-list"),
    path("desk/new/", authors.NoticeCreateView.as_view(), name="notice-create"),
    path("desk/<int:pk>/", authors.NoticeDetailView.as_view(), name="notice-detail"),
    path("desk/<int:pk>/edit/", authors.NoticeUpdateView.as_view(), name="notice-update"),
    path("desk/<int:pk>/attach/", steps.NoticeAttachView.as_view(), name="notice-attach"),
    path("desk/<int:pk>/submit/", steps.NoticeSubmitView.as_view(), name="notice-submit"),
    path("desk/<int:pk>/approve/", steps.NoticeApproveView.as_view(), name="notice-approve"),
    path("desk/<int:pk>/return/", steps.NoticeReturnView.as_view(), name="notice-return"),
    path("desk/<int:pk>/publish/", steps.NoticePublishView.as_view(), name="notice-publish"),
    path("desk/<int:pk>/withdraw/", steps.NoticeWithdrawView.as_view(), name="notice-withdraw"),
]
