"""Desk pages of an event's documents: poster, QR code, sign-in sheet, report."""

import io

import segno
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import generic

from matchmaking import report, rules
from matchmaking.choices.events import PUBLIC_STATES
from matchmaking.models import MatchEvent
from matchmaking.views.desk.events import OfEventMixin
from portal.audit.services import audit_record
from portal.core.text import mask_name
from portal.exchange.documents import DOCX
from portal.exchange.export import write_xlsx
from portal.exchange.storage import attachment
from portal.exchange.workbooks import XLSX
from portal.signups.choices import SignUpState
from portal.web.links import absolute
from portal.web.views import DetailView, ShellMixin


class PublishedEventMixin:
    """A page about an event whose link works; that of a restricted event works only for invited people."""

    model = MatchEvent
    rule = rules.can_edit_event

    def get_queryset(self):
        return super().get_queryset().filter(state__in=PUBLIC_STATES)


class EventPosterView(PublishedEventMixin, DetailView):
    """A poster to print: title, time, and the link as a QR code."""

    cost = "picture"
    template_name = "matchmaking/event_poster.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            link=absolute(self.object.get_member_url()),
            partners=self.object.partners.order_by("pk"),
            **kwargs,
        )


class EventPosterFileView(PublishedEventMixin, DetailView):
    """The poster as a .docx file, to edit and print."""

    cost = "document"

    def get(self, request, *args, **kwargs):
        event = self.get_object()
        content = report.poster_document(event, absolute(event.get_member_url()))
        return attachment(content, f"poster-{event.pk}.docx", DOCX)


class EventQrView(PublishedEventMixin, DetailView):
    """The link of an event as a QR code (SVG)."""

    cost = "picture"

    def get(self, request, *args, **kwargs):
        event = self.get_object()
        code = segno.make(absolute(event.get_member_url()), error="m")
        response = HttpResponse(content_type="image/svg+xml")
        code.save(response, kind="svg", scale=8, border=2, xmldecl=False, svgclass=None, lineclass=None)
        return response


class EventSheetView(OfEventMixin, ShellMixin, generic.TemplateView):
    """The sign-in sheet by number, to print.

    Sending the form of the page exports the sheet as .xlsx, which the audit records.
    """

    cost_of_post = "document"
    template_name = "matchmaking/event_sheet.html"
    title = gettext_lazy("Sign-in sheet")

    def rows(self):
        """Return the confirmed participants by list and number, with masked names and without units."""
        rows = self.event.signups.filter(state=SignUpState.CONFIRMED).select_related("member")
        return [(row.number, mask_name(row.member.name)) for row in rows.order_by("pool", "place")]

    def get_context_data(self, **kwargs):
        return super().get_context_data(rows=self.rows(), **kwargs)

    def post(self, request, *args, **kwargs):
        rows = self.rows()
        audit_record(actor=request.user, action="event.sheet", about=self.event, data={"rows": len(rows)})
        stream = io.BytesIO()
        write_xlsx(
            stream,
            title=_("Sign-in sheet"),
            cover=(
                (_("Event"), self.event.title),
                (_("Begins"), f"{timezone.localtime(self.event.starts_at):%Y-%m-%d %H:%M}"),
                (_("Exported by"), request.user.name),
                (_("As of"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
            ),
            columns=(
                (_("Card number"), lambda row: row[0]),
                (_("Full name (masked)"), lambda row: row[1]),
                (_("Checked in at"), lambda row: ""),
                (_("Signature"), lambda row: ""),
            ),
            rows=rows,
        )
        return attachment(stream.getvalue(), f"sheet-{self.event.pk}.xlsx", XLSX)


class EventDocumentView(DetailView):
    """The report of an event as a .docx file, made from its rows: figures alone."""

    cost = "document"
    model = MatchEvent
    rule = rules.can_edit_event

    def get(self, request, *args, **kwargs):
        event = self.get_object()
        return attachment(report.event_document(event), f"report-{event.pk}.docx", DOCX)
