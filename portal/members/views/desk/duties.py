"""Desk views of duties: list, giving, standing in, ending, handing over."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.roles import Role
from portal.core.text import whole_number
from portal.members import rules
from portal.members.filters import DutyFilter, find_people
from portal.members.forms.duties import DutyEndForm, DutyForm, HandOverForm, StandInForm
from portal.members.forms.people import FindForm
from portal.members.lookups import term_keep, term_kept
from portal.members.models import Appointment, Duty, Member
from portal.members.selectors import appointment_seconds, needs_second, places_to_appoint, waiting_by_duty
from portal.members.services.appointments import duty_give, stand_in_give
from portal.members.services.duties import duty_end
from portal.members.services.hand_overs import hand_over, successors
from portal.members.tables import DutyTable
from portal.members.views.desk.appointments import AppointsMixin
from portal.members.views.desk.places import PlacesOfferedMixin
from portal.organizations.models import Organization
from portal.web.views import ActionView, CapabilityMixin, CreateView, DetailView, ListView, RowFormView

SHOWN = 20
GIVEN = _("The duty is assigned. A person who has no login yet gets a link on their mobile phone.")
PROPOSED = _("A second person has been asked to approve the duty. It takes effect once it is approved.")
WORDS = {"give": _("Duty assigned"), "end": _("Duty ended"), "hand-over": _("Handed over")}


class DutyListView(CapabilityMixin, ListView):
    """The duties that the actor's duties reach; without a choice, those held now or later."""

    model = Duty
    area = Area.MEMBERS
    table_class = DutyTable
    filterset_class = DutyFilter
    title = _("Duties")
    create_url_name = "members:duty-create"
    create_label = _("Assign a duty")
    import_register = "members.appointments"
    export_columns = (
        (_("Full name"), "member__name"),
        (_("Role"), "get_role_display"),
        (_("Organisation"), "organization__name"),
        (_("Level"), "organization__get_kind_display"),
        (_("From"), "valid_from"),
        (_("Until (not included)"), "valid_until"),
        (_("Last sign-in"), "member__last_login"),
    )
    empty_title = _("No duties here")
    empty_text = _("Assign a duty to a person on the roster; it ends automatically on its last day.")

    def get_queryset(self):
        queryset = super().get_queryset()
        return queryset if self.request.GET.get("held") else queryset.not_over()

    def can_create(self):
        return rules.appoints_somewhere(self.request.user)


class DutyDetailView(DetailView):
    model = Duty
    template_name = "members/duty_detail.html"

    def get_title(self):
        return self.object.get_role_display()

    def get_context_data(self, **kwargs):
        duty, actor = self.object, self.request.user
        facts = [
            {"label": _("Person"), "value": duty.member.name, "url": self._person_url(duty)},
            {"label": _("Organisation"), "value": duty.organization.name},
            {"label": _("From"), "value": duty.valid_from},
            {"label": _("Until (not included)"), "value": duty.valid_until or _("until somebody ends it")},
            {
                "label": _("Assigned by"),
                "value": duty.given_by.name if duty.given_by else _("initial setup of the portal"),
            },
            {"label": _("Last sign-in"), "value": duty.member.last_login or _("never")},
        ]
        if duty.confirmed_by:
            facts.insert(5, {"label": _("Confirmed by"), "value": duty.confirmed_by.name})
        if duty.stand_in_for:
            facts.append(
                {
                    "label": _("Stand-in for"),
                    "value": duty.stand_in_for.member.name,
                    "url": duty.stand_in_for.get_absolute_url(),
                }
            )
        held = duty.valid_until is None or duty.valid_until > timezone.localdate()
        may_end = held and rules.can_end_duty(actor, duty)
        return super().get_context_data(
            facts=facts,
            may_end=may_end,
            hand_over=self.hand_over_count(duty, actor),
            may_stand_in=held and duty.stand_in_for_id is None and rules.may_give(actor, duty.role, duty.organization),
            stand_ins=duty.stand_ins.select_related("member").order_by("valid_from"),
            invitation=duty.member.invitations.filter(used_at=None).order_by("-pk").first(),
            has_login=duty.member.has_usable_password(),
            may_invite=rules.can_restore(actor, duty.member),
            entries=history(duty, WORDS),
            **kwargs,
        )

    @staticmethod
    def hand_over_count(duty, actor):
        """Return how many items wait by a duty that has ended or ends within thirty days, else None.

        It is None also for an actor who may not hand the items over.
        """
        soon = duty.valid_until and duty.valid_until <= timezone.localdate() + timedelta(days=30)
        return len(waiting_by_duty(duty)) if soon and rules.can_hand_over(actor, duty) else None

    def _person_url(self, duty):
        seen = Member.objects.visible_to(self.request.user).filter(pk=duty.member_id).exists()
        return duty.member.get_absolute_url() if seen else ""


class DutyFindView(AppointsMixin, View):
    """Keeps a search term in the session and redirects to the page for giving a duty, with its key."""

    cost_of_post = "look-up"
    http_method_names = ["post"]

    def post(self, request):
        form = FindForm(request.POST)
        term = form.cleaned_data["term"] if form.is_valid() else ""
        query = {}
        if term:
            query["find"] = term_keep(request.session, term)
        if (stands_for := whole_number(request.POST.get("for", ""))) is not None:
            query["for"] = stands_for
        return redirect(reverse("members:duty-create", query=query))


class DutyCreateView(AppointsMixin, PlacesOfferedMixin, CreateView):
    """Gives a duty in two steps: first the search for the member, then role and organisation.

    ``?for=`` names a duty for which the member stands in; role and organisation are those of the duty. The page says
    beforehand whether a second person is needed, and who that can be.
    """

    model = Duty
    template_name = "members/duty_create.html"
    submit_label = _("Assign the duty")
    success_message = GIVEN

    def get_title(self):
        return _("Appoint a stand-in") if self.principal else _("Assign a duty")

    def _row(self, queryset, name):
        text = self.request.GET.get(name, "")
        if not text:
            return None
        number = whole_number(text)
        if number is None:
            raise Http404
        return get_object_or_404(queryset, pk=number)

    @cached_property
    def person(self):
        return self._row(Member.objects.appointable_by(self.request.user).select_related("organization"), "member")

    @cached_property
    def principal(self):
        return self._row(Duty.objects.reached_by(self.request.user, Capability.APPOINT).for_list(), "for")

    @cached_property
    def second(self):
        """Why a second person is needed at the organisation shown first, and who that can be, or ''."""
        if self.person is None:
            return ""
        actor, (organization, role) = self.request.user, self._likely()
        why = needs_second(actor, self.person, role, organization) if organization else ""
        if not why:
            return ""
        row = Appointment(member=self.person, organization=organization, role=role, proposed_by=actor)
        seconds = appointment_seconds(row)
        if seconds is None:
            words = _("At present nobody can approve a duty at %(place)s.")
            return f"{why} {words % {'place': organization.label}}"
        words = _("A duty at %(place)s can be approved by: %(people)s (%(level)s).") % {
            "place": organization.label,
            "people": ", ".join(person.name for person in seconds.people),
            "level": seconds.place.label,
        }
        return f"{why} {words}"

    def _likely(self):
        """Return (organisation, role) of the duty that is stood in for, or those that the form likely sends."""
        if self.principal:
            return self.principal.organization, self.principal.role
        roles = self.roles()
        role = Role.CADRE if Role.CADRE in roles else next(iter(roles), None)
        near = self.near(self.reached()).first()
        return (self.only_place or near or next(iter(self.offered), None), role) if role else (None, None)

    def get_form_class(self):
        return StandInForm if self.principal else DutyForm

    def get_initial(self):
        return {**super().get_initial(), "valid_from": timezone.localdate()}

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if not self.principal:
            kwargs |= {"actor": self.request.user, "roles": self.roles()}
        return kwargs

    def roles(self):
        """Return the roles that the actor may give at an organisation where their right to appoint begins."""
        paths = self.request.user.reach(Area.MEMBERS, Capability.APPOINT)
        root = Q(parent=None) if rules.administers(self.request.user) else Q(pk=None)
        places = list(Organization.objects.filter(Q(path__in=paths) | root))
        return [role for role in Role if any(rules.may_give(self.request.user, role, place) for place in places)]

    @property
    def offers_places(self):
        return not self.principal

    def reached(self):
        return places_to_appoint(self.request.user)

    def near(self, reached):
        """Return the organisations on the member's path, own unit first, and those of the actor's duties."""
        line = []
        if self.person and self.person.organization:
            line = [*self.person.organization.ancestor_ids, self.person.organization_id]
        places = [*line, *(duty.organization_id for duty in self.request.user.duties)]
        return reached.filter(pk__in=places).order_by("-path")

    def get_context_data(self, **kwargs):
        term = term_kept(self.request.session, self.request.GET.get("find", ""))
        people = Member.objects.appointable_by(self.request.user)
        found = (
            find_people(people, term).select_related("organization").order_by("pinyin", "pk")[:SHOWN] if term else []
        )
        return super().get_context_data(
            person=self.person,
            principal=self.principal,
            second=self.second,
            find_form=FindForm(initial={"term": term}),
            term=term,
            found=found,
            kept={"member": self.person.pk} if self.person else {},
            back_url=self.principal.get_absolute_url() if self.principal else reverse("members:duty-list"),
            **kwargs,
        )

    def perform(self, form):
        if self.person is None:
            raise Http404
        actor, values = self.request.user, form.cleaned_data
        if self.principal:
            given = stand_in_give(actor=actor, duty=self.principal, member=self.person, **values)
        else:
            given = duty_give(actor=actor, member=self.person, **values)
        self.success_message = PROPOSED if isinstance(given, Appointment) else GIVEN
        return given


class DutyHandOverView(RowFormView):
    """Hands over to a successor, by name, what waits for a member by a duty, even after the duty ended."""

    model = Duty
    rule = rules.can_hand_over
    form_class = HandOverForm
    template_name = "members/duty_hand_over.html"
    title = _("Hand over pending items")

    row_name = "duty"
    service = hand_over

    def get_queryset(self):
        """Return the visible duties and the actor's own.

        Actors hand over before they leave, whether or not they may read the list of duties.
        """
        seen = Duty.objects.visible_to(self.request.user).values("pk")
        return Duty.objects.filter(Q(pk__in=seen) | Q(member=self.request.user)).for_list()

    @cached_property
    def waiting(self):
        return waiting_by_duty(self.object)

    @cached_property
    def taken(self):
        rows = self.object.hand_overs.standing().exclude(successor=None).select_related("successor")
        return {row.key: row.successor.name for row in rows}

    def get_form_kwargs(self):
        items = [item for item in self.waiting if item.url not in self.taken]
        return {**super().get_form_kwargs(), "items": items, "successors": successors(self.object)}

    def get_context_data(self, **kwargs):
        duty = self.object
        reads = Duty.objects.visible_to(self.request.user).filter(pk=duty.pk).exists()
        return super().get_context_data(
            subtitle=f"{duty.member.name} · {duty.get_role_display()} · {duty.organization.label}",
            items=[item for item in self.waiting if item.url not in self.taken],
            given=[(item, self.taken[item.url]) for item in self.waiting if item.url in self.taken],
            back_url=duty.get_absolute_url() if reads else reverse("home"),
            **kwargs,
        )

    def next_url(self, result):
        taken, refused = result
        messages.success(
            self.request, _("Handed over: %(count)s. The successor has been notified.") % {"count": len(taken)}
        )
        if refused:
            words = _("Not handed over, because the successor's duties do not give access: %(count)s.")
            messages.warning(self.request, words % {"count": len(refused)})
        return reverse("members:duty-hand-over", args=[self.object.pk])


class DutyEndView(ActionView):
    model = Duty
    capability = Capability.APPOINT
    rule = rules.can_end_duty
    form_class = DutyEndForm
    title = _("End a duty")
    action_label = _("End the duty")
    consequence = _(
        "From this day on, neither this person nor their stand-in can see or do what the duty gave "
        "access to. The items that wait for this person under the duty are listed here and can be "
        "handed over in the next step."
    )
    danger = True
    success_message = _("The duty has ended.")

    row_name = "duty"
    service = duty_end

    def get_initial(self):
        return {"on": timezone.localdate()}

    def get_context_data(self, **kwargs):
        items = [item.title for item in waiting_by_duty(self.object)]
        return super().get_context_data(items=items, **kwargs)

    def next_url(self, result):
        """Return the hand-over page where something still waits by the duty, else the list of duties."""
        standing = Duty.objects.filter(pk=self.object.pk).first()
        if standing is not None and waiting_by_duty(standing):
            return reverse("members:duty-hand-over", args=[standing.pk])
        return reverse("members:duty-list")
