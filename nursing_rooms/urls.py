from django.urls import path

from nursing_rooms.actions.reports import REPORT
from nursing_rooms.actions.rooms import MANAGER
from nursing_rooms.views.desk import plates
from nursing_rooms.views.desk import reports as desk_reports
from nursing_rooms.views.desk.inspections import RoomFindingPages, RoomInspectionPages
from nursing_rooms.views.desk.rooms import RoomPages
from nursing_rooms.views.member import doors, finder
from nursing_rooms.views.member import rooms as member_rooms

app_name = "nursing_rooms"
urlpatterns = [
    path("", finder.FinderListView.as_view(), name="finder-list"),
    path("pins/", finder.FinderPinsView.as_view(), name="finder-pins"),
    path("places/<int:pk>/", finder.FinderPlaceView.as_view(), name="finder-place"),
    path("room/<str:code>/", doors.DoorView.as_view(), name="door-show"),
    path("room/<str:code>/visit/", doors.DoorVisitView.as_view(), name="door-visit"),
    path("room/<str:code>/report/", doors.DoorReportView.as_view(), name="door-report"),
    path("mine/", member_rooms.MyRoomsView.as_view(), name="room-mine"),
    *RoomPages.urls(),
    path("rooms/<int:pk>/plate/print/", plates.PlatePrintView.as_view(), name="room-print"),
    path("rooms/<int:pk>/plate.docx", plates.PlateDocumentView.as_view(), name="room-document"),
    *MANAGER.urls(),
    path("reports/", desk_reports.ReportListView.as_view(), name="report-list"),
    path("reports/<int:pk>/", desk_reports.ReportDetailView.as_view(), name="report-detail"),
    *REPORT.urls(),
    *RoomInspectionPages.urls(),
    *RoomFindingPages.urls(),
]
