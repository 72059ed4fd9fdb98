"""Desk pages of profiles, for staff above the units: counts, a list without texts, and plans."""

import io

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import rules
from matchmaking.choices.events import BEFORE_CHOICE, EventState
from matchmaking.filters.profiles import ProfileFilter
from matchmaking.forms.profiles import PlanForm
from matchmaking.models import MatchEvent, SingleProfile
from matchmaking.selectors.profiles import plan_of_event, plan_of_profiles, profile_counts
from matchmaking.tables.profiles import ProfileTable
from portal.audit.services import audit_record
from portal.core import limits
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.exchange.export import write_xlsx
from portal.exchange.storage import guard
from portal.exchange.workbooks import XLSX
from portal.organizations.models import Organization
from portal.web.context import here_path
from portal.web.views import CapabilityMixin, ListView

SHOWN = 100


class AboveUnitsMixin(CapabilityMixin):
    """A page for staff who edit matchmaking above the units; the staff of a unit are refused."""

    area = Area.MATCHMAKING
    capability = Capability.EDIT

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and request.user.is_desk and not rules.oversees_profiles(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ProfileListView(AboveUnitsMixin, ListView):
    """Profiles by number and masked name, and how many there are in each state.

    Singles who hide from the reader's organisations are in no row, no count and no export.
    """

    model = SingleProfile
    table_class = ProfileTable
    filterset_class = ProfileFilter
    template_name = "matchmaking/profile_list.html"
    title = _("Singles' profiles")
    empty_title = _("No profiles here")
    empty_text = _(
        "Profiles that singles in the organisations below submit are counted here. What "
        "they write belongs to them alone."
    )
    export_columns = (
        (_("Profile number"), "pk"),
        (_("Full name (masked)"), "member__masked_name"),
        (_("Unit"), "member__organization__name"),
        (_("State"), "get_state_display"),
        (_("Confirmed until (not included)"), "verified_until"),
    )

    def get_queryset(self):
        rows = SingleProfile.objects.overseen_by(self.request.user).below(here_path(self.request))
        return rows.for_list()

    def can_create(self):
        return False

    def get_context_data(self, **kwargs):
        counts = profile_counts(self.get_queryset())
        return super().get_context_data(counts=counts, **kwargs)


class PlanMixin(AboveUnitsMixin):
    """Read for whom a plan is requested, and make it."""

    cost = "plan"

    def events(self):
        states = (*BEFORE_CHOICE, EventState.CHOICE_OPEN)
        events = MatchEvent.objects.reached_by(self.request.user, Capability.EDIT).filter(state__in=states)
        return events.order_by("-starts_at")

    def areas(self):
        paths = self.request.user.reach(Area.MATCHMAKING, Capability.EDIT)
        rows = Organization.objects.none()
        for path in paths:
            rows |= Organization.objects.filter(path__startswith=path)
        return rows.filter(closed_on=None).exclude(kind="grassroots").order_by("path")

    def asked(self, data):
        return PlanForm(data or None, events=self.events(), areas=self.areas())

    def plan(self, form):
        """Return (plan, title); raises DomainError for too many people."""
        event, area = form.cleaned_data["event"], form.cleaned_data["area"]
        if event:
            if not rules.can_edit_event(self.request.user, event):
                raise Http404
            return plan_of_event(event, self.request.user), event.title
        profiles = SingleProfile.objects.overseen_by(self.request.user).searchable().below(area.path)
        return plan_of_profiles(profiles), area.name


class PlanShowView(PlanMixin, generic.TemplateView):
    """The proposed introductions of a set of people, with score and reasons, by number and nickname."""

    template_name = "matchmaking/plan_show.html"
    title = _("Introduction plan")

    def get_context_data(self, **kwargs):
        form = self.asked(self.request.GET if {"event", "area"} & set(self.request.GET) else None)
        context = {"form": form, "shown": SHOWN}
        if form.is_bound and form.is_valid():
            try:
                plan, about = self.plan(form)
            except DomainError as refusal:
                context["refusal"] = refusal.message
            else:
                chosen = {name: row.pk for name, row in form.cleaned_data.items() if row}
                may = self.request.user.reach(Area.MATCHMAKING, Capability.EXPORT)
                context |= {"plan": plan, "about": about, "chosen": chosen.items() if may else ()}
                context["proposals"] = plan.proposals[:SHOWN]
        return super().get_context_data(**context, **kwargs)


class PlanDownloadView(PlanMixin, generic.View):
    """The whole plan as a workbook; the export counts towards the limit and is recorded in the audit."""

    http_method_names = ["post"]

    def post(self, request):
        if not request.user.reach(Area.MATCHMAKING, Capability.EXPORT):
            raise PermissionDenied
        form = self.asked(request.POST)
        if not form.is_valid():
            raise Http404
        limits.consume("export", str(request.user.pk), limit=settings.EXPORTS_PER_HOUR, seconds=3600)
        plan, about = self.plan(form)
        now = timezone.localtime()
        out = io.BytesIO()
        write_xlsx(
            out,
            title=_g("Introduction plan"),
            cover=[(_g("List"), about), (_g("Exported by"), request.user.name), (_g("Time"), f"{now:%Y-%m-%d %H:%M}")],
            columns=(
                (_g("Man"), "man"),
                (_g("Woman"), "woman"),
                (_g("Match score (out of 100)"), "percent"),
                (_g("Reasons"), lambda row: "；".join(map(str, row.reasons))),
            ),
            rows=plan.proposals,
        )
        out.seek(0)
        about_row = form.cleaned_data["event"] or form.cleaned_data["area"]
        audit_record(actor=request.user, action="plan.export", about=about_row, data={"pairs": len(plan.proposals)})
        return guard(FileResponse(out, as_attachment=True, filename=f"{now:%Y-%m-%d}.xlsx", content_type=XLSX))
