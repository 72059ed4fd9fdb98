from django.urls import path

from childcare.actions.sites import PAPER, STAFF
from childcare.views.desk.sites import SitePages
from childcare.views.desk.terms import TermPages
from childcare.views.member import classes, draws

app_name = "childcare"
urlpatterns = [
    path("classes/", classes.ClassFindView.as_view(), name="class-find"),
    path("classes/<int:pk>/", classes.ClassShowView.as_view(), name="class-show"),
    path("classes/<int:pk>/enrol/", classes.ClassEnrolView.as_view(), name="class-enrol"),
    path("classes/<int:pk>/children/", classes.ClassPeopleView.as_view(), name="class-people"),
    path("draws/<int:pk>/", draws.DrawShowView.as_view(), name="draw-show"),
    path("draws/<int:pk>/file/", draws.DrawFileView.as_view(), name="draw-file"),
    path("draws/script/", draws.DrawScriptView.as_view(), name="draw-script"),
    path("enrolments/<int:pk>/accept/", classes.EnrolmentAcceptView.as_view(), name="enrolment-accept"),
    path("enrolments/<int:pk>/sign/", classes.EnrolmentSignView.as_view(), name="enrolment-sign"),
    path("enrolments/<int:pk>/leave/", classes.EnrolmentLeaveView.as_view(), name="enrolment-leave"),
    *SitePages.urls(),
    *PAPER.urls(),
    *STAFF.urls(),
    *TermPages.urls(),
]
