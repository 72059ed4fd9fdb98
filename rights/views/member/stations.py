"""Rights stations for members who look for one."""

from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.web.views import PartMixin, ShellMixin
from rights.filters.stations import StationFindFilter
from rights.models import RightsStation


class StationFindView(PartMixin, ShellMixin, generic.ListView):
    """Open stations for members, by city: where they are and when somebody is there, not who.

    A provisional account may read this page too: a person who looks for help need not be confirmed first.
    """

    shell = "member"
    provisional = True
    template_name = "rights/station_find.html"
    part_name = "rights/_station_open.html"
    title = _("Where to get help")
    paginate_by = 30

    def get_queryset(self):
        stations = RightsStation.objects.open().for_list()
        self.filterset = StationFindFilter(self.request.GET, stations, request=self.request)
        return self.filterset.qs

    def get_context_data(self, **kwargs):
        return super().get_context_data(filter=self.filterset, **kwargs)
