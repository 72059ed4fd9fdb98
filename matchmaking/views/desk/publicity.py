"""Desk pages of nominations and media releases."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.actions.publicity import NOMINATION
from matchmaking.choices.publicity import STANDING_NOMINATIONS
from matchmaking.filters.publicity import NominationFilter, ReleaseFilter
from matchmaking.forms.publicity import NominationForm, ReleaseForm, ReleaseUpdateForm
from matchmaking.models import MediaRelease, Nomination
from matchmaking.services.publicity import nomination_ask, release_record, release_update
from matchmaking.tables.publicity import NominationTable, ReleaseTable
from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.core.text import mask_name
from portal.web.views import CapabilityMixin, CreateView, ListView, UpdateView


class NominationListView(CapabilityMixin, ListView):
    model = Nomination
    area = Area.MATCHMAKING
    capability = Capability.EDIT
    table_class = NominationTable
    filterset_class = NominationFilter
    title = _("Media nominations")
    create_url_name = "matchmaking:nomination-create"
    create_label = _("Propose a person")
    empty_title = _("No nominations yet")
    empty_text = _("The person is asked first; nothing is passed on before they agree.")
    export_columns = (
        (_("Number"), "pk"),
        (_("Person (masked)"), lambda row: mask_name(row.member.name)),
        (_("Media type"), "get_medium_display"),
        (_("Programme or column"), "programme"),
        (_("Purpose"), "purpose"),
        (_("State"), "get_state_display"),
    )

    def export_rows(self, table):
        """Return only rows of people whose consent is in force."""
        return super().export_rows(table).filter(state__in=STANDING_NOMINATIONS)


class NominationCreateView(CreateView):
    model = Nomination
    area = Area.MATCHMAKING
    form_class = NominationForm
    title = _("Propose a person")
    submit_label = _("Ask for the person's consent")
    success_message = _("The person has been asked. You will be told the answer.")

    service = nomination_ask


def _person(row):
    return row.member.name if row.state in STANDING_NOMINATIONS else mask_name(row.member.name)


class NominationDetailView(RecordView):
    model = Nomination
    actions = NOMINATION
    facts = (
        (_("Person"), _person),
        (_("Organisation"), "organization__name"),
        (_("Media type"), "get_medium_display"),
        (_("Programme or column"), "programme"),
        (_("Purpose"), "purpose"),
    )
    template_name = "matchmaking/nomination_detail.html"

    def get_title(self):
        return _("Nomination no. %(number)s") % {"number": self.object.pk}


class ReleaseListView(CapabilityMixin, ListView):
    model = MediaRelease
    area = Area.MATCHMAKING
    table_class = ReleaseTable
    filterset_class = ReleaseFilter
    title = _("Publications")
    create_url_name = "matchmaking:release-create"
    create_label = _("Record a publication")
    empty_title = _("No publications yet")
    empty_text = _("Columns, broadcasts and articles about the work are counted here.")
    export_columns = (
        (_("Title"), "title"),
        (_("Media type"), "get_medium_display"),
        (_("Name of the media outlet"), "outlet"),
        (_("Published on"), "published_on"),
        (_("Organisation"), "organization__name"),
        (_("Event"), "event__title"),
        (_("Address"), "url"),
    )


class ReleaseCreateView(CreateView):
    model = MediaRelease
    area = Area.MATCHMAKING
    form_class = ReleaseForm
    title = _("Record a publication")
    submit_label = _("Record the publication")
    success_message = _("The publication is recorded.")

    service = release_record

    def next_url(self, result):
        return reverse("matchmaking:release-list")


class ReleaseUpdateView(UpdateView):
    model = MediaRelease
    form_class = ReleaseUpdateForm
    title = _("Correct the publication")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "release"
    service = release_update

    def back_url(self):
        return reverse("matchmaking:release-list")

    def next_url(self, result):
        return reverse("matchmaking:release-list")
