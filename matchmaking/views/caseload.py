"""The matchmaker's own people."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking.models import EventMatchmaker, Participation, Volunteer
from matchmaking.selectors.caseload import caseload, guide_lines, waiting_of
from matchmaking.selectors.events import caseload_pairs
from matchmaking.selectors.follow_ups import caseload_follow_ups
from matchmaking.tables.after import pair_code
from portal.signups.choices import LIVE
from portal.web.views import ShellMixin


class CaseloadView(ShellMixin, generic.TemplateView):
    """What waits for her, people in her care, introductions; cards and pairs at events. 404 for who helps nobody."""

    shell = None
    template_name = "matchmaking/caseload_list.html"
    title = _("My people")

    def get_context_data(self, **kwargs):
        me = self.request.user
        helps = Volunteer.objects.of(me).exists()
        assignments = list(EventMatchmaker.objects.all().of(me).select_related("event").order_by("-event__starts_at"))
        if not assignments and not helps:
            raise Http404
        by_event = {}
        if assignments:
            cards = Participation.objects.filter(matchmaker__in=assignments, state__in=LIVE).agreed()
            for card in cards.order_by("pool", "place"):
                by_event.setdefault(card.matchmaker_id, []).append(card)
            follow_ups = [(row, pair_code(row.pair_number)) for row in caseload_follow_ups(me)]
            kwargs |= {"pairs": caseload_pairs(me), "follow_ups": follow_ups}
        if helps:
            cards, lines = caseload(me), guide_lines(me)
            kwargs |= {"cards": cards, "lines": lines, "waiting": waiting_of(cards, lines)}
        return super().get_context_data(
            helps=helps,
            assignments=[{"event": row.event, "cards": by_event.get(row.pk, [])} for row in assignments],
            **kwargs,
        )
