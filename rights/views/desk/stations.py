"""Desk pages of rights stations."""

from django.utils.translation import gettext_lazy as _

from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.organizations.records import Records
from rights import rules
from rights.actions.stations import STATION
from rights.filters.stations import StationFilter
from rights.forms import stations as forms
from rights.models import RightsStation, StationShift
from rights.services import stations as services


class StationDetailView(RecordView):
    """A station, with its hours of duty and the people on duty."""

    template_name = "rights/station_detail.html"

    def get_context_data(self, **kwargs):
        shifts = StationShift.objects.filter(station=self.object).for_list().order_by("weekday", "starts", "pk")
        changes = rules.can_change_station(self.request.user, self.object)
        return super().get_context_data(shifts=shifts, changes=changes, **kwargs)


class StationPages(Records):
    model = RightsStation
    area = Area.RIGHTS
    prefix = "station"
    path = "stations/"
    row_name = "station"
    title = _("Rights stations")
    create = services.station_create
    create_form = forms.StationForm
    create_label = _("Open a station")
    update = services.station_update
    update_form = forms.StationUpdateForm
    edit_rule = rules.can_change_station
    edit_label = _("Edit the station")
    empty_title = _("No stations here yet")
    empty_text = _("Open a station, or import the list from Excel.")
    columns = ("name", "host_kind", "host", "region", "organization", "state")
    facts = ("host_kind", "host", "region", "address", "desk_phone", "hours", "organization")
    prose = "notes"
    filterset_class = StationFilter
    import_register = "rights.stations"
    actions = STATION
    detail_view = StationDetailView
