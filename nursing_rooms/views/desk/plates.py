"""The plate of a room, to print: as a page and as a document."""

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from nursing_rooms import rules
from nursing_rooms.models import NursingRoom
from nursing_rooms.selectors.plates import plate_of
from portal.exchange.documents import DOCX
from portal.exchange.storage import guard
from portal.locations.hours import hours_text
from portal.papers.report import plate_render
from portal.papers.services.letters import LANGUAGE
from portal.web.views import DetailView

# What is printed below the name of the room.
SCAN = _("Scan: count your visit, see the rules, report what is wrong")
KNOCK = _("Staff knock and wait before they come in; after 30 minutes without an answer they call.")


class PlateMixin:
    """A page about a room that has a plate; also for its manager, who has no desk."""

    model = NursingRoom
    shell = None
    rule = rules.can_run_room

    def get_object(self, queryset=None):
        room = super().get_object(queryset)
        self.plate = plate_of(room)
        if self.plate is None:
            raise Http404
        return room

    def lines(self):
        """Return what stands below the name of the room, in Chinese like the rest of the plate."""
        with translation.override(LANGUAGE):
            hours = [hours_text(self.object.hours)] if self.object.hours else []
            return [*hours, str(SCAN), str(KNOCK)]


class PlatePrintView(PlateMixin, DetailView):
    """The plate on one page, with its QR code."""

    cost = "picture"
    title = _("Plate of a nursing room")
    template_name = "nursing_rooms/room_print.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(certificate=self.plate, lines=self.lines(), **kwargs)


class PlateDocumentView(PlateMixin, DetailView):
    """The plate as an A4 sheet in .docx."""

    cost = "document"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        response = HttpResponse(plate_render(self.plate, lines=self.lines()), content_type=DOCX)
        response["Content-Disposition"] = f'attachment; filename="plate-{self.object.pk}.docx"'
        return guard(response)
