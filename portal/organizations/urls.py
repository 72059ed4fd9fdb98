from django.urls import path

from portal.organizations.views import employers as views_employers
from portal.organizations.views import facts, moving, tree
from portal.organizations.views import organizations as views_organizations

app_name = "organizations"
urlpatterns = [
    path("", views_organizations.OrganizationListView.as_view(), name="organization-list"),
    path("new/", views_organizations.OrganizationCreateView.as_view(), name="organization-create"),
    path("<int:pk>/", views_organizations.OrganizationDetailView.as_view(), name="organization-detail"),
    path("<int:pk>/edit/", views_organizations.OrganizationUpdateView.as_view(), name="organization-update"),
    path("<int:pk>/close/", views_organizations.OrganizationCloseView.as_view(), name="organization-close"),
    path("<int:pk>/reopen/", moving.OrganizationReopenView.as_view(), name="organization-reopen"),
    path("<int:pk>/move/", moving.OrganizationMoveView.as_view(), name="organization-move"),
    path("<int:pk>/merge/", moving.OrganizationMergeView.as_view(), name="organization-merge"),
    path("<int:pk>/children/", tree.OrganizationChildrenView.as_view(), name="organization-children"),
    path("<int:pk>/committee/", facts.CommitteeRecordView.as_view(), name="committee-record"),
    path("<int:pk>/committee/end/", facts.CommitteeEndView.as_view(), name="committee-end"),
    path("<int:pk>/counts/", facts.CountRecordView.as_view(), name="count-record"),
    path("tree/", tree.OrganizationTreeView.as_view(), name="organization-tree"),
    path("employers/", views_employers.EmployerListView.as_view(), name="employer-list"),
    path("employers/new/", views_employers.EmployerCreateView.as_view(), name="employer-create"),
    path("employers/<int:pk>/", views_employers.EmployerDetailView.as_view(), name="employer-detail"),
    path("employers/<int:pk>/edit/", views_employers.EmployerUpdateView.as_view(), name="employer-update"),
]
