"""The board of deadlines: one list by due date over all apps."""

from django.utils.translation import gettext_lazy as _

from portal.deadlines.filters import DeadlineFilter
from portal.deadlines.models import Deadline
from portal.deadlines.selectors import subjects
from portal.deadlines.tables import DeadlineTable
from portal.organizations.selectors import working_calendar
from portal.web.views import ListView


class DeadlineListView(ListView):
    """Deadlines of the rows that the reader may see, the earliest first; open ones unless another state is chosen."""

    model = Deadline
    table_class = DeadlineTable
    filterset_class = DeadlineFilter
    title = _("Deadlines")
    empty_title = _("No deadlines here")
    empty_text = _("Deadlines start with the cases, tickets and requests that they belong to.")

    def get_queryset(self):
        return super().get_queryset().for_list()

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        table = context["table"]
        table.calendar = working_calendar()
        table.subjects = subjects(row.record for row in table.paginated_rows)
        return context
