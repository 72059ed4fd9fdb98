"""Desk pages of law sessions."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.audit.records import RecordView
from portal.core.choices import Area, Capability
from portal.organizations.records import Records
from portal.signups.choices import HOLDING, LIVE, SignUpState
from portal.web.views import CapabilityMixin, ListView
from rights import rules
from rights.actions.law_sessions import SESSION
from rights.filters.law_sessions import LawSessionFilter, LawSessionSignUpFilter
from rights.forms import law_sessions as forms
from rights.models import LawSession, LawSessionSignUp
from rights.services import law_sessions as services
from rights.tables.law_sessions import LawSessionSignUpTable


class LawSessionDetailView(RecordView):
    """A law session, with how many places are taken and how many people wait."""

    template_name = "rights/session_detail.html"

    def get_context_data(self, **kwargs):
        counts = self.object.signups.aggregate(
            taken=Count("pk", filter=Q(state__in=HOLDING)),
            waiting=Count("pk", filter=Q(state=SignUpState.WAITLISTED)),
        )
        return super().get_context_data(
            **counts,
            confirms=bool(self.request.user.reach(Area.MEMBERS, Capability.VIEW)),
            **kwargs,
        )


class LawSessionPages(Records):
    model = LawSession
    area = Area.RIGHTS
    prefix = "session"
    path = "sessions/"
    row_name = "session"
    title = _("Law sessions")
    create = services.session_create
    create_form = forms.LawSessionForm
    create_label = _("Plan a law session")
    update = services.session_update
    update_form = forms.LawSessionUpdateForm
    edit_rule = rules.can_change_session
    edit_label = _("Edit the law session")
    empty_title = _("No law sessions here yet")
    empty_text = _("Plan a lecture or a class on the rights of women workers.")
    columns = ("title", "kind", "starts_at", "organization", "state")
    facts = ("kind", "speaker", "place", "starts_at", "ends_at", "places_total", "visits", "reason", "organization")
    prose = "summary"
    filterset_class = LawSessionFilter
    actions = SESSION
    detail_view = LawSessionDetailView


class LawSessionPeopleView(CapabilityMixin, ListView):
    """Who has signed up for a law session, for its organisers."""

    area = Area.RIGHTS
    model = LawSessionSignUp
    template_name = "rights/session_people.html"
    table_class = LawSessionSignUpTable
    filterset_class = LawSessionSignUpFilter
    title = _("Participants")
    narrowed = False
    empty_title = _("Nobody has signed up yet")
    empty_text = _("Members find open sessions under “Law sessions”.")
    export_columns = (
        (_("No."), "place"),
        (_("Full name (masked)"), "member__masked_name"),
        (_("Unit"), "member__organization__name"),
        (_("State"), "get_state_display"),
    )

    @cached_property
    def session(self):
        return get_object_or_404(LawSession.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_queryset(self):
        # Whoever left is not listed.
        return super().get_queryset().filter(offering=self.session, state__in=LIVE)

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.session.title, back_url=self.session.get_absolute_url(), **kwargs)

    def export_title(self):
        return f"{self.title} {self.session.title}"
