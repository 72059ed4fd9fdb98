"""Desk pages of group weddings."""

from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.actions.weddings import WEDDING
from matchmaking.filters.weddings import WeddingFilter
from matchmaking.forms.weddings import WeddingCreateForm, WeddingUpdateForm
from matchmaking.models import GroupWedding
from matchmaking.selectors.weddings import with_couples
from matchmaking.services.weddings import wedding_create, wedding_update
from matchmaking.tables.weddings import WeddingTable
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.web.views import CapabilityMixin, CreateView, ListView, UpdateView


class WeddingListView(CapabilityMixin, ListView):
    model = GroupWedding
    area = Area.MATCHMAKING
    table_class = WeddingTable
    filterset_class = WeddingFilter
    title = _("Group weddings")
    create_url_name = "matchmaking:wedding-create"
    create_label = _("Plan a group wedding")
    empty_title = _("No group weddings yet")
    empty_text = _("Plan a group wedding and open it: couples can then apply on their own pages.")
    export_columns = (
        (_("Title"), "title"),
        (_("Organiser"), "organization__name"),
        (_("Day"), "on"),
        (_("State"), "get_state_display"),
        (_("Maximum number of couples"), "couples_most"),
        (_("Confirmed couples"), "accepted"),
        (_("Pending couples"), "waiting"),
    )

    def get_queryset(self):
        return with_couples(super().get_queryset())


class WeddingCreateView(CreateView):
    model = GroupWedding
    area = Area.MATCHMAKING
    form_class = WeddingCreateForm
    title = _("Plan a group wedding")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Open the wedding when couples may apply.")

    service = wedding_create


class WeddingUpdateView(UpdateView):
    model = GroupWedding
    form_class = WeddingUpdateForm
    rule = rules.can_change_wedding
    title = _("Edit the group wedding")
    submit_label = _("Save changes")
    success_message = _("The changes are saved.")

    row_name = "wedding"
    service = wedding_update


class WeddingDetailView(RecordView):
    model = GroupWedding
    actions = WEDDING
    facts = (
        (_("Organiser"), "organization__name"),
        (_("Day"), "on"),
        (_("Place"), "place"),
        (_("Application deadline"), "closes_at"),
    )
    template_name = "matchmaking/wedding_detail.html"

    def get_title(self):
        return self.object.title

    def get_queryset(self):
        return with_couples(super().get_queryset())

    def get_context_data(self, **kwargs):
        return super().get_context_data(edits=rules.can_edit_wedding(self.request.user, self.object), **kwargs)
