"""Group weddings on the desk: planning, the list of couples, deciding."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.actions.weddings import COUPLE, WEDDING
from matchmaking.choices.after import CoupleState
from matchmaking.filters.after import CoupleFilter, WeddingFilter
from matchmaking.forms.after import WeddingCreateForm, WeddingUpdateForm
from matchmaking.models import GroupWedding, WeddingCouple
from matchmaking.selectors.weddings import with_couples
from matchmaking.services.weddings import wedding_create, wedding_update
from matchmaking.tables.after import CoupleTable, WeddingTable, couple_units
from portal.audit.records import RecordView
from portal.core.choices import Area
from portal.core.text import mask_name
from portal.web.views import (
    CapabilityMixin,
    CreateView,
    ListView,
    UpdateView,
)


class WeddingListView(CapabilityMixin, ListView):
    model = GroupWedding
    area = Area.MATCHMAKING
    table_class = WeddingTable
    filterset_class = WeddingFilter
    title = _("Group weddings")
    create_url_name = "matchmaking:wedding-create"
    create_label = _("Plan a group wedding")
    empty_title = _("No group weddings yet")
    empty_text = _("Plan one and open it: couples then apply from their own pages.")
    export_columns = (
        (_("Title"), "title"),
        (_("Held by"), "organization__name"),
        (_("Day"), "on"),
        (_("State"), "get_state_display"),
        (_("Couples at most"), "couples_most"),
        (_("Couples with a place"), "accepted"),
        (_("Couples waiting"), "waiting"),
    )

    def get_queryset(self):
        return with_couples(super().get_queryset())


class WeddingCreateView(CreateView):
    model = GroupWedding
    area = Area.MATCHMAKING
    form_class = WeddingCreateForm
    title = _("Plan a group wedding")
    submit_label = _("Save the draft")
    success_message = _("The draft is saved. Open it when couples may apply.")

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
        (_("Held by"), "organization__name"),
        (_("Day"), "on"),
        (_("Place"), "place"),
        (_("Applications until"), "closes_at"),
    )
    template_name = "matchmaking/wedding_detail.html"

    def get_title(self):
        return self.object.title

    def get_queryset(self):
        return with_couples(super().get_queryset())

    def get_context_data(self, **kwargs):
        return super().get_context_data(edits=rules.can_edit_wedding(self.request.user, self.object), **kwargs)


class WeddingCouplesView(ListView):
    """Couples that have applied, for who holds the wedding; who still waits for the other one is not among them."""

    model = WeddingCouple
    table_class = CoupleTable
    filterset_class = CoupleFilter
    title = _("Couples")
    narrowed = False
    empty_title = _("No couple has applied yet")
    empty_text = _("A couple appears here once both of the two have said yes.")
    export_columns = (
        (_("Place in line"), "place"),
        (_("Couple (masked)"), lambda row: " · ".join(mask_name(one.name) for one in (row.asker, row.partner) if one)),
        (_("Units"), couple_units),
        (_("Marriage registered on"), "registered_on"),
        (_("State"), "get_state_display"),
    )

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            weddings = GroupWedding.objects.visible_to(request.user).for_list()
            self.wedding = get_object_or_404(weddings, pk=kwargs["pk"])
            if not rules.can_edit_wedding(request.user, self.wedding):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def can_create(self):
        return False

    def get_queryset(self):
        applied = super().get_queryset().filter(wedding=self.wedding, place__isnull=False)
        return applied.exclude(state=CoupleState.ASKED)

    def export_title(self):
        return f"{self.title} {self.wedding.title}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(subtitle=self.wedding.title, **kwargs)


class CoupleDetailView(RecordView):
    """A couple that has applied."""

    model = WeddingCouple
    actions = COUPLE
    facts = (
        (_("Couple"), lambda couple: " · ".join(one.name for one in (couple.asker, couple.partner) if one)),
        (_("Units"), couple_units),
        (_("Marriage registered on"), "registered_on"),
        (_("Place in line"), "place"),
    )
    template_name = "matchmaking/couple_detail.html"

    def get_queryset(self):
        return super().get_queryset().filter(place__isnull=False)

    def get_title(self):
        return _("Couple no. %(place)s") % {"place": self.object.place}

    def get_context_data(self, **kwargs):
        back = reverse("matchmaking:wedding-couples", args=[self.object.wedding_id])
        return super().get_context_data(back_url=back, **kwargs)
