"""The matchmaker's own people."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import selectors
from matchmaking.models import EventMatchmaker, Participation
from matchmaking.tables.after import pair_code
from portal.signups.choices import LIVE
from portal.web.views import ShellMixin


class CaseloadView(ShellMixin, generic.TemplateView):
    """Cards of her people by event, and pairs whose people let her know; 404 for who is no matchmaker."""

    shell = None
    template_name = "matchmaking/caseload_list.html"
    title = _("My people")

    def get_context_data(self, **kwargs):
        me = self.request.user
        assignments = list(EventMatchmaker.objects.all().of(me).select_related("event").order_by("-event__starts_at"))
        if not assignments:
            raise Http404
        cards = (
            Participation.objects.filter(matchmaker__in=assignments, state__in=LIVE).agreed().order_by("pool", "place")
        )
        by_event = {}
        for card in cards:
            by_event.setdefault(card.matchmaker_id, []).append(card)
        return super().get_context_data(
            assignments=[{"event": row.event, "cards": by_event.get(row.pk, [])} for row in assignments],
            pairs=selectors.caseload_pairs(me),
            follow_ups=[(row, pair_code(row.pair_number)) for row in selectors.caseload_follow_ups(me)],
            **kwargs,
        )
