"""What a matchmaker does for one of her people: the next step, the log, suggestions, introductions."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaking import promises, rules
from matchmaking.choices.matchmakers import IntroductionState
from matchmaking.forms.matchmakers import CaseForm, ContactForm, MeetingForm, ProposeForm
from matchmaking.models import Introduction, MatchCase, SingleProfile
from matchmaking.selectors.caseload import case_of, guide_line, guide_lines
from matchmaking.selectors.introductions import age_of, introduction_suggestions
from matchmaking.services.cases import case_update, contact_add
from matchmaking.services.introductions import (
    introduction_end,
    introduction_meeting_set,
    introduction_met,
    introduction_propose,
    introduction_together,
)
from portal.audit.gate import can_step
from portal.core.text import listed
from portal.web.views import ActionView, DetailView, UpdateView


class OfCaseMixin:
    """One case of her own; whoever else asks finds nothing."""

    model = MatchCase
    shell = "member"
    rule = None

    def check(self, obj):
        """A case is seen by its matchmaker alone, who may then do all of this."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(card=case_of(self.object), **kwargs)


class CaseDetailView(OfCaseMixin, DetailView):
    """Her person: the card, the next step, introductions, and the log that nobody else reads."""

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
    """Return what a matchmaker reads of a profile: what verified singles read, and no name, unit or number."""
    return [
        {"label": _("Where I live"), "value": profile.region.name if profile.region else "–"},
        {"label": _("Height in cm"), "value": profile.height_cm or "–"},
        {"label": _("Education"), "value": profile.get_education_display() if profile.education else "–"},
        {"label": _("Kind of work"), "value": profile.occupation or "–"},
        {"label": _("Hobbies"), "value": listed(tag.name for tag in profile.hobbies.all()) or "–"},
    ]


def wish_facts(profile):
    """Return what she wishes of the other one, each marked where it must hold."""

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
        {"label": label, "value": value, "quiet": _("must hold") if hard else ""}
        for label, value, hard in wishes
        if value
    ]


class CaseUpdateView(OfCaseMixin, UpdateView):
    form_class = CaseForm
    title = _("Next step")
    submit_label = _("Keep the next step")
    success_message = _("The next step is kept.")

    row_name = "case"
    service = case_update

    def get_initial(self):
        names = ("next_action", "next_due", "block", "version")
        return {name: getattr(self.object, name) for name in names}


class CaseContactView(OfCaseMixin, UpdateView):
    form_class = ContactForm
    title = _("Note a contact")
    submit_label = _("Keep the note")
    success_message = _("The note is kept. Nobody but you reads it.")

    row_name = "case"
    service = contact_add

    def get_initial(self):
        return {"at": timezone.localtime().replace(second=0, microsecond=0)}


class CaseSuggestionsView(OfCaseMixin, DetailView):
    """Who suits her person, best first, with reasons."""

    template_name = "matchmaking/match_case_suggestions.html"
    title = _("Who might suit")

    def get_queryset(self):
        return super().get_queryset().prefetch_related("profile__hobbies")

    def get_context_data(self, **kwargs):
        found = introduction_suggestions(self.object.profile)
        return super().get_context_data(suggestions=found, **kwargs)


class CaseIntroduceView(OfCaseMixin, ActionView):
    """Proposes one introduction; both are asked, and one answer alone is seen by nobody."""

    template_name = "matchmaking/match_case_introduce.html"
    form_class = ProposeForm
    title = _("Propose an introduction")
    action_label = _("Ask both")
    consequence = _("Both are asked and have seven days. You see what became of it only when both have said yes.")
    success_message = _("Both have been asked.")

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


class GuidedMixin:
    """One introduction that a matchmaker sees."""

    model = Introduction
    shell = "member"

    def get_queryset(self):
        return Introduction.objects.guided_by(self.request.user).for_list()

    def next_url(self, result):
        return self.object.get_guide_url()

    def back_url(self):
        return self.object.get_guide_url()


class IntroductionGuideView(GuidedMixin, DetailView):
    """An introduction she brought about: where it stands, the meeting, and what her own people said."""

    template_name = "matchmaking/introduction_guide.html"
    title = _("Introduction")

    def get_context_data(self, **kwargs):
        row, actor = self.object, self.request.user
        line = guide_line(row, actor)
        return super().get_context_data(line=line, actions=self.actions(row, actor, line), **kwargs)

    @staticmethod
    def actions(row, actor, line):
        if not line.mine:
            return []

        def step(name, label, icon):
            return {"url": reverse(f"matchmaking:{name}", args=[row.pk]), "label": label, "icon": icon}

        found = []
        if row.state == IntroductionState.AGREED:
            found.append(step("introduction-guide-time", _("Set the time"), "calendar-plus"))
        if can_step(row, IntroductionState.MET, actor):
            found.append(step("introduction-met", _("They met"), "check"))
        if can_step(row, IntroductionState.TOGETHER, actor):
            found.append(step("introduction-together", _("They go on together"), "hearts"))
        if can_step(row, IntroductionState.ENDED, actor):
            found.append(step("introduction-guide-end", _("It has ended"), "x"))
        return found


class GuideActionView(GuidedMixin, ActionView):
    def check(self, obj):
        if not rules.can_guide(self.request.user, obj):
            raise PermissionDenied


class GuideTimeView(GuideActionView):
    form_class = MeetingForm
    title = _("Set the time")
    action_label = _("Keep the time")
    consequence = _("Both are told when they meet, and are asked afterwards how it was.")
    success_message = _("The time is kept, and both were told.")

    row_name = "introduction"
    service = introduction_meeting_set


class GuideMetView(GuideActionView):
    title = _("They met")
    action_label = _("They met")
    consequence = _("Each of them is asked within 72 hours how it was.")
    success_message = _("Written down.")

    row_name = "introduction"
    service = introduction_met


class GuideTogetherView(GuideActionView):
    title = _("They go on together")
    action_label = _("They go on together")
    consequence = _("Write it down when both told you so.")
    success_message = _("How good to hear.")

    row_name = "introduction"
    service = introduction_together


class GuideEndView(GuideActionView):
    title = _("It has ended")
    action_label = _("It has ended")
    consequence = promises.INTRODUCTION_END.words
    danger = True
    success_message = _("Written down.")

    row_name = "introduction"
    service = introduction_end
