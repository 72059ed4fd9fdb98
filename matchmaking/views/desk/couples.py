"""Desk pages of couples who apply for a group wedding."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking import rules
from matchmaking.actions.couples import COUPLE
from matchmaking.choices.couples import CoupleState
from matchmaking.filters.couples import CoupleFilter
from matchmaking.models import GroupWedding, WeddingCouple
from matchmaking.tables.couples import CoupleTable, couple_units
from portal.audit.records import RecordView
from portal.core.text import mask_name
from portal.web.views import ListView


class WeddingCouplesView(ListView):
    """Couples that have applied, for the organisers of the wedding.

    A couple whose other person has not confirmed yet is not in the list.
    """

    model = WeddingCouple
    table_class = CoupleTable
    filterset_class = CoupleFilter
    title = _("Number of couples")
    narrowed = False
    empty_title = _("No couple has applied yet")
    empty_text = _("A couple appears here after both people have agreed.")
    export_columns = (
        (_("Position on the waiting list"), "place"),
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
        (_("Position on the waiting list"), "place"),
    )
    template_name = "matchmaking/couple_detail.html"

    def get_queryset(self):
        return super().get_queryset().filter(place__isnull=False)

    def get_title(self):
        return _("Couple no. %(place)s") % {"place": self.object.place}

    def get_context_data(self, **kwargs):
        back = reverse("matchmaking:wedding-couples", args=[self.object.wedding_id])
        return super().get_context_data(back_url=back, **kwargs)
