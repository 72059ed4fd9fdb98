from django.urls import path

from portal.organizations.views import facts, places, register, tree

app_name = "organizations"
urlpatterns = [
    path("", register.OrganizationListView.as_view(), name="organization-list"),
    path("new/", register.OrganizationCreateView.as_view(), name="organization-create"),
    path("<int:pk>/", register.OrganizationDetailView.as_view(), name="organization-detail"),
    path("<int:pk>/edit/", register.OrganizationUpdateView.as_view(), name="organization-update"),
    path("<int:pk>/close/", register.OrganizationCloseView.as_view(), name="organization-close"),
    path("<int:pk>/reopen/", places.OrganizationReopenView.as_view(), name="organization-reopen"),
    path("<int:pk>/move/", places.OrganizationMoveView.as_view(), name="organization-move"),
    path("<int:pk>/merge/", places.OrganizationMergeView.as_view(), name="organization-merge"),
    path("<int:pk>/children/", tree.OrganizationChildrenView.as_view(), name="organization-children"),
    path("<int:pk>/committee/", facts.CommitteeRecordView.as_view(), name="committee-record"),
    path("<int:pk>/committee/end/", facts.CommitteeEndView.as_view(), name="committee-end"),
    path("<int:pk>/counts/", facts.CountRecordView.as_view(), name="count-record"),
    path("tree/", tree.OrganizationTreeView.as_view(), name="organization-tree"),
    path("employers/", facts.EmployerListView.as_view(), name="employer-list"),
    path("employers/new/", facts.EmployerCreateView.as_view(), name="employer-create"),
    path("employers/<int:pk>/", facts.EmployerDetailView.as_view(), name="employer-detail"),
    path("employers/<int:pk>/edit/", facts.EmployerUpdateView.as_view(), name="employer-update"),
]
