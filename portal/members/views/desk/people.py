"""Desk views of the roster."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.audit.selectors import history
from portal.core.choices import Area, Capability
from portal.core.text import clean_code, mask_identity, mask_phone
from portal.members import rules
from portal.members.filters import MemberFilter, find_people
from portal.members.forms.people import FindForm, MemberCreateForm, MemberUpdateForm
from portal.members.lookups import term_keep, term_kept
from portal.members.models import Member
from portal.members.selectors import rosters_to_enter
from portal.members.services.people import member_create
from portal.members.services.phones import roster_update
from portal.members.services.proofs import waiting_change
from portal.members.services.transfers import person_elsewhere
from portal.members.tables import MemberTable
from portal.members.views.desk.places import PlacesOfferedMixin
from portal.members.views.desk.restoring import account_actions
from portal.web.views import CapabilityMixin, CreateView, DetailView, ListView, UpdateView

NUMBER_WAITS = _(
    "Saved, except for the number: the account keeps its current number until staff have seen the "
    "person or three days have passed."
)


def masked_identity(member):
    """Return the identity number in the masked form that exports contain."""
    return mask_identity(member.identity_number)


def masked_phone(member):
    """Return the mobile number in the masked form that exports contain."""
    return mask_phone(member.phone)


class MemberListView(CapabilityMixin, ListView):
    """The members whom the actor's duties reach.

    A search by name, phone or number comes by POST and is kept in the session.
    """

    model = Member
    area = Area.MEMBERS
    table_class = MemberTable
    filterset_class = MemberFilter
    template_name = "members/member_list.html"
    title = _("Members")
    create_url_name = "members:member-create"
    create_label = _("Add a person")
    import_register = "members.roster"
    page_key = ("pinyin", "pk")
    export_columns = (
        (_("Full name"), "name"),
        (_("Sex"), "get_sex_display"),
        (_("Birth year"), "birth_year"),
        (_("Unit"), "organization__name"),
        (_("Identity number (masked)"), masked_identity),
        (_("Mobile number (masked)"), masked_phone),
        (_("Marital status as stated by the unit"), "get_marital_status_display"),
        (_("First sign-in"), "activated_at"),
        (_("Person confirmed"), "proven_at"),
    )
    empty_title = _("No people here yet")
    empty_text = _("Import a roster from Excel, or add people one by one.")

    def get_queryset(self):
        queryset = super().get_queryset().kept().exclude(pk=None)
        self.term = term_kept(self.request.session, self.request.GET.get("find", ""))
        return find_people(queryset, self.term) if self.term else queryset

    def can_create(self):
        return rules.enters_people(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(find_form=FindForm(initial={"term": self.term}), found=self.term, **kwargs)
        if not self.request.user.reach(Area.MEMBERS, Capability.EDIT):
            context["import_url"] = ""
        return context


class MemberFindView(CapabilityMixin, View):
    """Keeps a search term in the session and redirects to the list, with its key."""

    cost_of_post = "look-up"
    http_method_names = ["post"]
    area = Area.MEMBERS

    def post(self, request):
        form = FindForm(request.POST)
        term = form.cleaned_data["term"] if form.is_valid() else ""
        address = reverse("members:member-list")
        if not term:
            return redirect(address)
        return redirect(f"{address}?find={term_keep(request.session, term)}")


class MemberDetailView(DetailView):
    model = Member
    template_name = "members/member_detail.html"

    def get_title(self):
        return self.object.name or _("A person whose data was erased")

    @cached_property
    def may_reveal(self):
        """Whether the actor may look at masked fields of this member by giving a reason."""
        unit = self.object.organization
        return unit is not None and self.request.user.can(Area.MEMBERS, Capability.REVEAL, unit.path)

    def masked(self, field, label, value):
        """Return a fact with a masked value, and the URL to reveal it if the actor may."""
        url = reverse("members:member-reveal", args=[self.object.pk, field]) if value and self.may_reveal else ""
        return {"label": label, "value": value, "reveal_url": url}

    def get_context_data(self, **kwargs):
        member = self.object
        facts = [
            {"label": _("Unit"), "value": member.organization.name if member.organization else ""},
            {"label": _("Sex"), "value": member.get_sex_display()},
            {"label": _("Birth year"), "value": str(member.birth_year or "")},
            self.masked("birth_date", _("Birth date"), f"{member.birth_year}-**-**" if member.birth_date else ""),
            self.masked("identity_number", member.get_identity_kind_display(), mask_identity(member.identity_number)),
            self.masked("phone", _("Mobile number"), mask_phone(member.phone)),
            {"label": _("Marital status as stated by the unit"), "value": member.get_marital_status_display()},
        ]
        duties = member.duty_set.current().select_related("organization").order_by("organization__path")
        if member.activated_at:
            means = member.get_proof_display() if member.is_proven else _("no: the account is provisional")
            facts.append({"label": _("Person confirmed"), "value": means})
        change = waiting_change(member)
        if change:
            facts.append(
                {
                    "label": _("Change of number pending until"),
                    "value": change.due_at,
                    "url": change.get_absolute_url(),
                }
            )
        if member.standing_until:
            facts.append({"label": _("Vouched for by the unit until (not included)"), "value": member.standing_until})
        return super().get_context_data(
            facts=facts,
            duties=duties,
            entries=history(member),
            may_edit=member.erased_at is None,
            account=account_actions(self.request.user, member),
            may_appoint=member.erased_at is None
            and member.pk != self.request.user.pk
            and bool(self.request.user.reach(Area.MEMBERS, Capability.APPOINT)),
            **kwargs,
        )


class MemberCreateView(PlacesOfferedMixin, CreateView):
    model = Member
    form_class = MemberCreateForm
    template_name = "members/member_create.html"
    title = _("Add a person")
    submit_label = _("Add to the roster")
    success_message = _("The person is on the roster.")

    service = member_create

    def dispatch(self, request, *args, **kwargs):
        actor = request.user
        if actor.is_authenticated and actor.is_desk and not rules.enters_people(actor):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def reached(self):
        return rosters_to_enter(self.request.user)

    def refused(self, form, error):
        """Offer a transfer request if the number is on another roster; on the same roster, only say so."""
        number, unit = form.cleaned_data["identity_number"], form.cleaned_data["organization"]
        if error.code == "known" and person_elsewhere(clean_code(number), unit):
            mark = term_keep(self.request.session, number)
            self.transfer_url = reverse("members:transfer-create", query={"from": mark})
        return super().refused(form, error)

    def get_context_data(self, **kwargs):
        return super().get_context_data(transfer_url=getattr(self, "transfer_url", ""), **kwargs)


class MemberUpdateView(UpdateView):
    model = Member
    form_class = MemberUpdateForm
    rule = rules.can_edit_member
    title = _("Edit a person")
    submit_label = _("Save changes")

    def get_initial(self):
        member = self.object
        return {
            "name": member.name,
            "marital_status": member.marital_status,
            "version": member.version,
        }

    def perform(self, form):
        held = roster_update(actor=self.request.user, member=self.object, **form.cleaned_data)
        waits = bool(form.cleaned_data.get("phone")) and waiting_change(held) is not None
        messages.success(self.request, NUMBER_WAITS if waits else _("The changes are saved."))
        return held

    def next_url(self, result):
        """Return the page on which a waiting change of number can be confirmed, if there is one."""
        change = waiting_change(self.object)
        return change.get_absolute_url() if change else super().next_url(result)
