"""Member pages of cases: a matchmaker's singles, and a single's page about their matchmaker."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.forms.cases import CaseForm, ContactForm
from matchmaking.forms.introductions import CallForm, ProposeForm
from matchmaking.models import EventMatchmaker, MatchCase, Participation, SingleProfile, Volunteer
from matchmaking.selectors.cases import case_of, caseload, guide_lines, my_helper, waiting_of
from matchmaking.selectors.follow_ups import caseload_follow_ups
from matchmaking.selectors.introductions import age_of, introduction_suggestions
from matchmaking.selectors.pairs import caseload_pairs
from matchmaking.services.cases import case_ask, case_contact_set, case_leave, case_update, contact_add
from matchmaking.services.introductions import introduction_propose
from matchmaking.tables.pairs import pair_code
from matchmaking.views.member.singles import OfSingleMixin
from portal.core.text import listed
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.signups.choices import LIVE
from portal.web.views import ActionView, ConfirmMixin, DetailView, FormPageView, ShellMixin, UpdateView


class CaseloadView(ShellMixin, generic.TemplateView):
    """A matchmaker's open tasks, singles and introductions, and their cards and pairs at events.

    A member who is no matchmaker gets 404.
    """

    shell = None
    template_name = "matchmaking/caseload_list.html"
    title = _("My singles")

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


class OfCaseMixin:
    """One of the matchmaker's own cases; anybody else gets 404."""

    model = MatchCase
    shell = "member"
    rule = None

    def check(self, obj):
        """Allow everything: only the case's matchmaker sees it, and may take every action on it."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(card=case_of(self.object), **kwargs)


class CaseDetailView(OfCaseMixin, DetailView):
    """A single in the matchmaker's care: card, next step, introductions, and the private log."""

    template_name = "matchmaking/match_case_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("profile__wish_region").prefetch_related("profile__hobbies")

    def get_title(self):
        return self.object.profile.nickname

    def get_context_data(self, **kwargs):
        case = self.object
        lines = guide_lines(self.request.user, profile=case.profile)
        return super().get_context_data(
            contacts=case.contacts.all()[:50],
            lines=lines,
            facts=profile_facts(case.profile),
            wishes=wish_facts(case.profile),
            **kwargs,
        )


def profile_facts(profile):
    """Return what a matchmaker reads of a profile: the same as verified singles.

    Name, unit and number are not part of it.
    """
    return [
        {"label": _("Where I live"), "value": profile.region.name if profile.region else "–"},
        {"label": _("Height in cm"), "value": profile.height_cm or "–"},
        {"label": _("Education"), "value": profile.get_education_display() if profile.education else "–"},
        {"label": _("Kind of work"), "value": profile.occupation or "–"},
        {"label": _("Hobbies"), "value": listed(tag.name for tag in profile.hobbies.all()) or "–"},
    ]


def wish_facts(profile):
    """Return a single's wishes for a partner, each marked where it must hold."""

    def words(lowest, highest):
        if lowest is None and highest is None:
            return ""
        return f"{'' if lowest is None else lowest}–{'' if highest is None else highest}"

    wishes = (
        (_("Age"), words(profile.wish_age_from, profile.wish_age_to), profile.wish_age_hard),
        (_("Height in cm"), words(profile.wish_height_from, profile.wish_height_to), profile.wish_height_hard),
        (
            _("Education at least"),
            profile.get_wish_education_display() if profile.wish_education else "",
            profile.wish_education_hard,
        ),
        (_("Lives in"), profile.wish_region.name if profile.wish_region else "", profile.wish_region_hard),
    )
    return [
        {"label": label, "value": value, "quiet": _("required") if hard else ""}
        for label, value, hard in wishes
        if value
    ]


class CaseUpdateView(OfCaseMixin, UpdateView):
    form_class = CaseForm
    title = _("Next step")
    submit_label = _("Save the next step")
    success_message = _("The next step is saved.")

    row_name = "case"
    service = case_update

    def get_initial(self):
        names = ("next_action", "next_due", "block", "version")
        return {name: getattr(self.object, name) for name in names}


class CaseContactView(OfCaseMixin, UpdateView):
    form_class = ContactForm
    title = _("Record a contact")
    submit_label = _("Save the note")
    success_message = _("The note is saved. Only you can read it.")

    row_name = "case"
    service = contact_add

    def get_initial(self):
        return {"at": timezone.localtime().replace(second=0, microsecond=0)}


class CaseSuggestionsView(OfCaseMixin, DetailView):
    """Profiles that suit a single in the matchmaker's care, the best first, with reasons."""

    template_name = "matchmaking/match_case_suggestions.html"
    title = _("Possible matches")

    def get_queryset(self):
        return super().get_queryset().prefetch_related("profile__hobbies")

    def get_context_data(self, **kwargs):
        found = introduction_suggestions(self.object.profile)
        return super().get_context_data(suggestions=found, **kwargs)


class CaseIntroduceView(OfCaseMixin, ActionView):
    """Propose one introduction; both are asked, and nobody sees one answer alone."""

    template_name = "matchmaking/match_case_introduce.html"
    form_class = ProposeForm
    title = _("Propose an introduction")
    action_label = _("Ask both")
    consequence = _(
        "Both people are asked and have seven days to answer. You see the result only when both have said yes."
    )
    success_message = _("Both people have been asked.")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            case = get_object_or_404(MatchCase.objects.visible_to(request.user).for_list(), pk=kwargs["pk"])
            people = SingleProfile.objects.findable_by(case.profile).for_list().prefetch_related("hobbies")
            self.other = get_object_or_404(people, pk=kwargs["other"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            other=self.other,
            other_age=age_of(self.other),
            facts=profile_facts(self.other),
            **kwargs,
        )

    def perform(self, form):
        introduction_propose(
            case=self.object, profile=self.other, actor=self.request.user, words=form.cleaned_data["words"]
        )


class MyHelperView(FreshRequiredMixin, OfSingleMixin, FormPageView):
    """A single's matchmaker, what the matchmaker sees, and whether they may call."""

    needs_profile = True
    template_name = "matchmaking/my_matchmaker_detail.html"
    form_class = CallForm
    title = _("My matchmaker")
    success_url = reverse_lazy("matchmaking:my-matchmaker-detail")
    success_message = _("Your preferences are saved.")

    def get_initial(self):
        helper = my_helper(self.request.user)
        return {"agree": helper is not None and helper.may_call}

    def get_context_data(self, **kwargs):
        helper = my_helper(self.request.user)
        return super().get_context_data(helper=helper, purpose=consents.CASE_CONTACT, **kwargs)

    def perform(self, form):
        return case_contact_set(member=self.request.user, **form.cleaned_data)


class MyHelperActionView(ConfirmMixin, OfSingleMixin, FormPageView):
    needs_profile = True
    success_url = reverse_lazy("matchmaking:my-matchmaker-detail")

    def back_url(self):
        return self.success_url


class MyHelperLeaveView(MyHelperActionView):
    title = _("I do not need a matchmaker")
    consequence = _(
        "Your matchmaker no longer sees any of your information and is not told why. You "
        "will not be assigned to anybody else."
    )
    danger = True
    success_message = _("You no longer have a matchmaker.")

    def perform(self, form):
        return case_leave(member=self.request.user)


class MyHelperAskView(MyHelperActionView):
    title = _("I would like a matchmaker")
    consequence = _(
        "At the next assignment you will be assigned a matchmaker. They can see your profile but not your name."
    )
    success_message = _("You will be assigned a matchmaker at the next assignment.")

    def perform(self, form):
        return case_ask(member=self.request.user)
