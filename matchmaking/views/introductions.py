"""Introductions as a single meets them: asked, agreed, met. Of the other's answer there is nothing on any page."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents, promises
from matchmaking.choices.matchmakers import Answer
from matchmaking.forms.matchmakers import FeedbackForm, IntroductionAnswerForm, MeetingForm, PassOnForm
from matchmaking.models import Introduction
from matchmaking.selectors.introductions import introduction_view, own_introductions
from matchmaking.services.introductions import (
    feedback_add,
    introduction_answer,
    introduction_contact_set,
    introduction_end,
    introduction_meeting_set,
)
from matchmaking.views.cases import profile_facts
from portal.members.views.sign_in import FreshRequiredMixin
from portal.web.forms import ConfirmForm
from portal.web.views import PerformMixin, ShellMixin


class IntroductionListView(ShellMixin, generic.TemplateView):
    """Her introductions: what waits for her first."""

    shell = "member"
    template_name = "matchmaking/introduction_list.html"
    title = _("Introductions")

    def get_context_data(self, **kwargs):
        return super().get_context_data(rows=own_introductions(self.request.user), **kwargs)


class OfIntroductionView(FreshRequiredMixin, PerformMixin, ShellMixin, generic.FormView):
    """One introduction of hers, behind a second look at who she is."""

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
    """The other's card; her answer while she is asked; contact and the meeting once both agreed."""

    template_name = "matchmaking/introduction_detail.html"
    form_class = IntroductionAnswerForm
    title = _("Would you like to meet?")
    success_message = _("Your answer is kept. Nobody sees it; you can change it until the day given.")

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
    submit_label = _("Keep my wishes")
    success_message = _("Your wishes are kept.")

    row_name = "introduction"
    service = introduction_contact_set

    def get_initial(self):
        return {"agree": self.seen.i_agreed}

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=consents.INTRODUCTION_CONTACT, **kwargs)


class TimeView(OfIntroductionView):
    form_class = MeetingForm
    title = _("When do you meet?")
    submit_label = _("Keep the time")
    consequence = _("The other one and your matchmaker see the time. A public place by day is best the first time.")
    success_message = _("The time is kept, and the other one was told.")

    row_name = "introduction"
    service = introduction_meeting_set

    def get_initial(self):
        return {"meets_at": self.object.meets_at}


class FeedbackView(OfIntroductionView):
    form_class = FeedbackForm
    title = _("How was the meeting?")
    submit_label = _("Tell my matchmaker")
    consequence = _("The other one never reads it. When both want to meet again, both are told so.")
    success_message = _("Thank you for telling.")

    row_name = "introduction"
    service = feedback_add


class EndView(OfIntroductionView):
    form_class = ConfirmForm
    title = _("End this introduction")
    submit_label = _("End it")
    consequence = promises.INTRODUCTION_END.words
    success_message = _("It has ended.")

    row_name = "introduction"
    service = introduction_end
