from django.urls import path

from childcare.actions.sites import PAPER, STAFF
from childcare.views.desk.incidents import IncidentPages
from childcare.views.desk.nurseries import NurseryPages
from childcare.views.desk.results import ResultPages
from childcare.views.desk.sites import SitePages
from childcare.views.desk.terms import TermPages
from childcare.views.member import classes, days, draws, finder, outings, pickups

app_name = "childcare"
urlpatterns = [
    path("find/", finder.FinderListView.as_view(), name="finder-list"),
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
    path("enrolments/<int:pk>/absence/", pickups.EnrolmentAbsenceView.as_view(), name="enrolment-absence"),
    path("enrolments/<int:pk>/contact/", pickups.EnrolmentContactView.as_view(), name="enrolment-contact"),
    path("enrolments/<int:pk>/care/", pickups.EnrolmentCareView.as_view(), name="enrolment-care"),
    path("enrolments/<int:pk>/rate/", pickups.EnrolmentRateView.as_view(), name="enrolment-rate"),
    path("enrolments/<int:pk>/pickups/", pickups.EnrolmentPickupsView.as_view(), name="enrolment-pickups"),
    path("enrolments/<int:pk>/pickup/", pickups.EnrolmentPickupView.as_view(), name="enrolment-pickup"),
    path("enrolments/<int:pk>/code/", pickups.EnrolmentCodeView.as_view(), name="enrolment-code"),
    path("enrolments/<int:pk>/bar/", pickups.EnrolmentBarView.as_view(), name="enrolment-bar"),
    path("pickups/<int:pk>/remove/", pickups.PickupRemoveView.as_view(), name="pickup-remove"),
    path("bars/<int:pk>/end/", pickups.BarEndView.as_view(), name="bar-end"),
    path("classes/<int:pk>/today/", days.ClassTodayView.as_view(), name="class-today"),
    path("classes/<int:pk>/attendance/", classes.ClassAttendanceView.as_view(), name="class-attendance"),
    path("days/<int:pk>/", days.DayShowView.as_view(), name="day-show"),
    path("days/<int:pk>/presence/", days.PresenceView.as_view(), name="day-presence"),
    path("days/<int:pk>/close/", days.DayCloseView.as_view(), name="day-close"),
    path("days/<int:pk>/reopen/", days.DayReopenView.as_view(), name="day-reopen"),
    path("days/<int:pk>/incident/", days.DayIncidentView.as_view(), name="day-incident"),
    path("days/<int:pk>/outing/", outings.DayOutingView.as_view(), name="day-outing"),
    path("outings/<int:pk>/", outings.OutingShowView.as_view(), name="outing-show"),
    path("outings/<int:pk>/end/", outings.OutingEndView.as_view(), name="outing-end"),
    path("outings/children/<int:pk>/", outings.OutingMarkView.as_view(), name="outing-mark"),
    path("incidents/<int:pk>/report/", days.IncidentShowView.as_view(), name="incident-show"),
    path("incidents/<int:pk>/add/", days.IncidentAddView.as_view(), name="incident-add"),
    path("attendances/<int:pk>/", days.AttendanceShowView.as_view(), name="attendance-show"),
    path("attendances/<int:pk>/mark/", days.AttendanceMarkView.as_view(), name="attendance-mark"),
    path("attendances/<int:pk>/away/", days.AttendanceAwayView.as_view(), name="attendance-away"),
    path("attendances/<int:pk>/come/", pickups.AttendanceComeView.as_view(), name="attendance-come"),
    path("attendances/<int:pk>/collect/", days.AttendanceCollectView.as_view(), name="attendance-collect"),
    path("attendances/<int:pk>/bar/", days.AttendanceBarView.as_view(), name="attendance-bar"),
    *IncidentPages.urls(),
    *NurseryPages.urls(),
    *ResultPages.urls(),
    *SitePages.urls(),
    *PAPER.urls(),
    *STAFF.urls(),
    *TermPages.urls(),
]
