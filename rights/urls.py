from django.urls import path

from rights.actions.cases import CASE
from rights.actions.stations import SHIFT
from rights.actions.steps import STEP
from rights.views.desk import cases as desk_cases
from rights.views.desk import law_sessions as desk_law_sessions
from rights.views.desk import ledger
from rights.views.desk import stations as desk_stations
from rights.views.member import cases as member_cases
from rights.views.member import law_sessions as member_law_sessions
from rights.views.member import leave as member_leave
from rights.views.member import stations as member_stations

app_name = "rights"
urlpatterns = [
    path("help/", member_cases.HelpAskView.as_view(), name="help-ask"),
    path("help/code/", member_cases.HelpCodeView.as_view(), name="help-code"),
    path("help/follow/", member_cases.HelpFollowView.as_view(), name="help-follow"),
    path("help/request/", member_cases.HelpFollowedView.as_view(), name="help-followed"),
    path("help/request/answer/", member_cases.HelpAnswerView.as_view(), name="help-answer"),
    path("help/request/reopen/", member_cases.HelpReopenView.as_view(), name="help-reopen"),
    path("help/request/object/", member_cases.HelpObjectView.as_view(), name="help-object"),
    path("help/request/file/", member_cases.HelpFileView.as_view(), name="help-file"),
    path("help/leave/", member_cases.HelpLeaveView.as_view(), name="help-leave"),
    path("cases/", desk_cases.CaseListView.as_view(), name="case-list"),
    path("cases/<int:pk>/", desk_cases.CaseDetailView.as_view(), name="case-detail"),
    path("case-files/<int:pk>/", desk_cases.CaseFileView.as_view(), name="case-file"),
    path("case-files/<int:pk>/original/", desk_cases.CaseFileOriginalView.as_view(), name="case-original"),
    *CASE.urls(),
    *STEP.urls(),
    path("ledger/", ledger.LedgerListView.as_view(), name="ledger-list"),
    path("leave/", member_leave.LeaveShowView.as_view(), name="leave-show"),
    path("stations/find/", member_stations.StationFindView.as_view(), name="station-find"),
    *desk_stations.StationPages.urls(),
    *SHIFT.urls(),
    path("law/", member_law_sessions.LawFindView.as_view(), name="law-find"),
    path("law/<int:pk>/", member_law_sessions.LawShowView.as_view(), name="law-show"),
    path("law/<int:pk>/join/", member_law_sessions.LawJoinView.as_view(), name="law-join"),
    path("law/<int:pk>/accept/", member_law_sessions.LawAcceptView.as_view(), name="law-accept"),
    path("law/<int:pk>/leave/", member_law_sessions.LawLeaveView.as_view(), name="law-leave"),
    path("sessions/<int:pk>/people/", desk_law_sessions.LawSessionPeopleView.as_view(), name="session-people"),
    *desk_law_sessions.LawSessionPages.urls(),
]
