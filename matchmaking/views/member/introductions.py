"""Member pages of introductions, and the matchmaker's page about one.

The page of a single shows nothing of the other person's answer.
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents, promises, rules
from matchmaking.choices.introductions import Answer, IntroductionState
from matchmaking.forms.introductions import FeedbackForm, IntroductionAnswerForm, MeetingForm, PassOnForm
from matchmaking.models import Introduction
from matchmaking.selectors.cases import guide_line
from matchmaking.selectors.introductions import introduction_view, own_introductions
from matchmaking.services.introductions import (
    feedback_add,
    introduction_answer,
    introduction_contact_set,
    introduction_end,
    introduction_meeting_set,
    introduction_met,
    introduction_together,
)
from matchmaking.views.member.cases import profile_facts
from portal.audit.gate import can_step
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.web.forms import ConfirmForm
from portal.web.views import ActionView, DetailView, PerformMixin, ShellMixin


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
    """An introduction for its matchmaker: state, meeting, and what the matchmaker's own singles said."""

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
            found.append(step("introduction-guide-time", _("Set the meeting time"), "calendar-plus"))
        if can_step(row, IntroductionState.MET, actor):
            found.append(step("introduction-met", _("They met"), "check"))
        if can_step(row, IntroductionState.TOGETHER, actor):
            found.append(step("introduction-together", _("Still seeing each other"), "hearts"))
        if can_step(row, IntroductionState.ENDED, actor):
            found.append(step("introduction-guide-end", _("The introduction has ended"), "x"))
        return found


class GuideActionView(GuidedMixin, ActionView):
    def check(self, obj):
        if not rules.can_guide(self.request.user, obj):
            raise PermissionDenied


class GuideTimeView(GuideActionView):
    form_class = MeetingForm
    title = _("Set the meeting time")
    action_label = _("Save the time")
    consequence = _("Both people are told the meeting time and are asked for feedback afterwards.")
    success_message = _("The time is saved, and both people were told.")

    row_name = "introduction"
    service = introduction_meeting_set


class GuideMetView(GuideActionView):
    title = _("They met")
    action_label = _("They met")
    consequence = _("Each of them is asked for feedback within 72 hours.")
    success_message = _("Recorded.")

    row_name = "introduction"
    service = introduction_met


class GuideTogetherView(GuideActionView):
    title = _("Still seeing each other")
    action_label = _("Still seeing each other")
    consequence = _("Record this only after both people have told you.")
    success_message = _("That is good news.")

    row_name = "introduction"
    service = introduction_together


class GuideEndView(GuideActionView):
    title = _("The introduction has ended")
    action_label = _("The introduction has ended")
    consequence = promises.INTRODUCTION_END.words
    danger = True
    success_message = _("Recorded.")

    row_name = "introduction"
    service = introduction_end


class IntroductionListView(ShellMixin, generic.TemplateView):
    """The member's introductions, those that wait for the member first."""

    shell = "member"
    template_name = "matchmaking/introduction_list.html"
    title = _("Introductions")

    def get_context_data(self, **kwargs):
        return super().get_context_data(rows=own_introductions(self.request.user), **kwargs)


class OfIntroductionView(FreshRequiredMixin, PerformMixin, ShellMixin, generic.FormView):
    """One of the member's introductions; the member must have typed a code shortly before."""

    shell = "member"
    template_name = "matchmaking/introduction_form.html"
    submit_label = ""
    consequence = ""

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            rows = (
                Introduction.objects.shown_to(request.user)
                .for_list()
                .select_related("one__region", "two__region", "one__member", "two__member")
            )
            self.object = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def seen(self):
        return introduction_view(self.object, self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            object=self.object, seen=self.seen, submit_label=self.submit_label, consequence=self.consequence, **kwargs
        )

    def next_url(self, result):
        return self.object.get_absolute_url()


class IntroductionDetailView(OfIntroductionView):
    """The other's card; the member's answer while asked; contact and the meeting once both agreed."""

    template_name = "matchmaking/introduction_detail.html"
    form_class = IntroductionAnswerForm
    title = _("Would you like to meet?")
    success_message = _("Your answer is saved. Nobody sees it, and you can change it until the deadline.")

    row_name = "introduction"
    service = introduction_answer

    def get_title(self):
        return self.title if self.seen.asks_me else self.object.get_state_display()

    def get_initial(self):
        side = self.object.side(self.request.user)
        answer = getattr(self.object, f"{side}_answer")
        return {"answer": "" if answer == Answer.OPEN else answer}

    def get_context_data(self, **kwargs):
        other = self.object.other(self.request.user)
        return super().get_context_data(
            facts=profile_facts(other) if self.seen.agreed else [],
            card_url=reverse("matchmaking:single-detail", args=[other.pk]),
            **kwargs,
        )


class PassOnView(OfIntroductionView):
    form_class = PassOnForm
    title = _("Getting in touch")
    submit_label = _("Save my preferences")
    success_message = _("Your preferences are saved.")

    row_name = "introduction"
    service = introduction_contact_set

    def get_initial(self):
        return {"agree": self.seen.i_agreed}

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.INTRODUCTION_CONTACT, **kwargs)


class TimeView(OfIntroductionView):
    form_class = MeetingForm
    title = _("When will you meet?")
    submit_label = _("Save the time")
    consequence = _(
        "The other person and your matchmaker will see the time. For a first meeting, a "
        "public place during the day is best."
    )
    success_message = _("The time is saved, and the other person was told.")

    row_name = "introduction"
    service = introduction_meeting_set

    def get_initial(self):
        return {"meets_at": self.object.meets_at}


class FeedbackView(OfIntroductionView):
    form_class = FeedbackForm
    title = _("How was the meeting?")
    submit_label = _("Tell my matchmaker")
    consequence = _(
        "The other person never sees your answer. Only when both of you want to meet again are you both told."
    )
    success_message = _("Thank you for your feedback.")

    row_name = "introduction"
    service = feedback_add


class EndView(OfIntroductionView):
    form_class = ConfirmForm
    title = _("End this introduction")
    submit_label = _("End")
    consequence = promises.INTRODUCTION_END.words
    success_message = _("The introduction has ended.")

    row_name = "introduction"
    service = introduction_end
