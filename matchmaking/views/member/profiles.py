"""Member pages of profiles of singles."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic

from matchmaking import consents
from matchmaking.choices.profiles import ProfileState, VettedBy
from matchmaking.choices.vetting import AppealState
from matchmaking.forms.profiles import (
    AboutForm,
    FoundForm,
    HobbiesForm,
    SubmitForm,
    UnitSearchForm,
    VersionedForm,
    WishesForm,
)
from matchmaking.selectors.profiles import answers, vetting_due
from matchmaking.services.profiles import (
    entry_refusal,
    judges_of,
    profile_create,
    profile_hide,
    profile_save,
    profile_submit,
    profile_unhide,
    vetting_place,
)
from matchmaking.views.member.singles import OfSingleMixin
from portal.audit.gate import can_step
from portal.core.errors import DomainError
from portal.organizations.models import Organization
from portal.organizations.selectors import found_by_name
from portal.web.views import PerformMixin

# Name of the page, and its label in the line of steps.
STEPS = (
    ("about", _("About me")),
    ("wishes", _("Whom I hope to meet")),
    ("hobbies", _("Hobbies")),
    ("photos", _("Photos")),
    ("found", _("Who can find me")),
    ("check", _("Check and submit")),
)
UNSENT = (ProfileState.DRAFT, ProfileState.REFUSED)
LINE = (ProfileState.DRAFT, ProfileState.UNIT_VETTING, ProfileState.VERIFIED, ProfileState.ACTIVE)


def step_url(name):
    return reverse(f"matchmaking:single-{name}")


class SingleHomeView(OfSingleMixin, generic.TemplateView):
    """The state of the member's profile, what comes next, and every action on it."""

    template_name = "matchmaking/single_home.html"
    title = _("My profile")

    def get_context_data(self, **kwargs):
        mine = self.mine
        if mine is None:
            return super().get_context_data(refusal=entry_refusal(self.request.user), **kwargs)
        appeal = mine.appeals.order_by("-pk").first() if mine.state == ProfileState.REFUSED else None
        return super().get_context_data(
            steps=self.step_line(mine),
            edit_steps=[{"label": label, "url": step_url(name)} for name, label in STEPS[:-1]],
            waiting_for=judges_of(mine.vetting_organization, but={mine.member_id})
            if mine.state == ProfileState.UNIT_VETTING
            else [],
            appeal=appeal,
            may_appeal=mine.state == ProfileState.REFUSED and (appeal is None or appeal.state != AppealState.OPEN),
            unsent=mine.state in UNSENT,
            actions=self.actions(mine),
            facts=answers(mine),
            **kwargs,
        )

    @staticmethod
    def step_line(mine):
        if mine.state == ProfileState.REFUSED:
            return [
                {"label": ProfileState.DRAFT.label, "state": "done"},
                {"label": mine.get_state_display(), "state": "stopped", "note": mine.refusal_reason},
            ]
        if mine.state in LINE:
            now = LINE.index(mine.state)
            return [
                {
                    "label": state.label,
                    "state": "done" if index < now else "current" if index == now else "next",
                    "at": mine.submitted_at if state == ProfileState.UNIT_VETTING and now >= 1 else None,
                }
                for index, state in enumerate(LINE)
            ]
        done = [{"label": state.label, "state": "done"} for state in LINE]
        return [*done, {"label": mine.get_state_display(), "state": "current"}]

    def actions(self, mine):
        """Return the actions that are possible now, as dicts of url, label and name."""
        actions = (
            ("start", _("Let others find me") if mine.state == ProfileState.VERIFIED else _("Continue"), "active"),
            ("pause", _("Pause for a while"), "paused"),
            ("matched", _("I am in a relationship"), "matched"),
            ("return", _("Rejoin"), "draft"),
        )
        return [
            {"url": step_url(name), "label": label, "name": name}
            for name, label, target in actions
            if can_step(mine, ProfileState(target), self.request.user)
            and not (name == "return" and mine.state != ProfileState.EXITED)
            and not (name == "start" and mine.held)
        ]


class StepView(PerformMixin, OfSingleMixin, generic.FormView):
    """One step of the profile: a form below the line of steps; a draft leads on to the next step."""

    template_name = "matchmaking/single_step.html"
    step = ""
    words = ""

    def get(self, request, *args, **kwargs):
        away = self.away()
        return redirect(away) if away else super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        away = self.away()
        return redirect(away) if away else super().post(request, *args, **kwargs)

    def away(self):
        """Return the URL to redirect a member to who cannot use this page, or ''."""
        if self.mine is None and self.step != "about":
            return step_url("about")
        if self.mine is not None and self.mine.state == ProfileState.EXITED:
            return step_url("home")
        return ""

    def get_title(self):
        return dict(STEPS)[self.step]

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if self.mine is not None and issubclass(self.form_class, VersionedForm):
            # A copy, because a form over a model writes what was typed into the row it is given.
            kwargs["instance"] = type(self.mine).objects.get(pk=self.mine.pk)
        return kwargs

    def get_initial(self):
        return {"version": self.mine.version if self.mine else 0}

    def get_context_data(self, **kwargs):
        names = [name for name, _label in STEPS]
        now = names.index(self.step)
        unsent = self.mine is None or self.mine.state in UNSENT
        line = [
            {"label": label, "state": "done" if index < now else "current" if index == now else "next"}
            for index, (_name, label) in enumerate(STEPS)
        ]
        back = step_url(names[now - 1]) if unsent and now else step_url("home")
        context = {
            "steps": line if unsent else [],
            "words": self.words,
            "back_url": back,
            "submit_label": _("Save and continue") if unsent else _("Save"),
        }
        return super().get_context_data(**context | kwargs)

    def perform(self, form):
        data = dict(form.cleaned_data)
        version = data.pop("version", None)
        if self.mine is None:
            return profile_create(member=self.request.user, **data)
        return profile_save(profile=self.mine, actor=self.request.user, version=version, **data)

    def next_url(self, result):
        if self.mine is not None and self.mine.state not in UNSENT:
            messages.success(self.request, _("Saved."))
            return step_url("home")
        names = [name for name, _label in STEPS]
        return step_url(names[names.index(self.step) + 1])


class SingleAboutView(StepView):
    step = "about"
    form_class = AboutForm

    def get_context_data(self, **kwargs):
        refusal = entry_refusal(self.request.user) if self.mine is None else ""
        return super().get_context_data(refusal=refusal, **kwargs)


class SingleWishesView(StepView):
    step = "wishes"
    form_class = WishesForm
    words = _("Leave a field empty if it does not matter to you. Age is calculated from the year of birth.")


class SingleHobbiesView(StepView):
    step = "hobbies"
    form_class = HobbiesForm

    def get_initial(self):
        chosen = self.mine.hobbies.values_list("pk", flat=True) if self.mine else []
        return {**super().get_initial(), "hobbies": list(chosen)}


class SingleFoundView(StepView):
    step = "found"
    form_class = FoundForm

    def get_context_data(self, **kwargs):
        hidden = self.mine.hidden_from.order_by("path") if self.mine else []
        return super().get_context_data(hidden=hidden, hides=True, **kwargs)


class SingleUnitsView(OfSingleMixin, generic.TemplateView):
    """Further organisations that the single hides from: searched by name, added and removed one by one."""

    template_name = "matchmaking/single_units.html"
    title = _("Units I hide from")

    def get(self, request, *args, **kwargs):
        if self.mine is None:
            return redirect("matchmaking:single-about")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        words = self.request.GET.get("q", "")[:60].replace("\x00", "")
        found = found_by_name(Organization.objects.filter(closed_on=None), words, limit=20) if words.strip() else []
        hidden = list(self.mine.hidden_from.order_by("path"))
        taken = {row.pk for row in hidden}
        return super().get_context_data(
            form=UnitSearchForm(initial={"q": words}),
            words=words,
            found=[(row, line) for row, line in found if row.pk not in taken],
            hidden=hidden,
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        if self.mine is None:
            raise Http404
        value = request.POST.get("organization", "")
        pk = int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0
        organization = get_object_or_404(Organization, pk=pk)
        change = profile_unhide if request.POST.get("action") == "remove" else profile_hide
        try:
            change(profile=self.mine, actor=request.user, organization=organization)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("matchmaking:single-units")


class SingleCheckView(StepView):
    """All answers once more, the declaration, and submitting the profile."""

    step = "check"
    form_class = SubmitForm
    template_name = "matchmaking/single_check.html"

    def away(self):
        return super().away() or ("" if self.mine.state in UNSENT else step_url("home"))

    def get_initial(self):
        return {"vetted_by": VettedBy.ABOVE}

    def get_context_data(self, **kwargs):
        member = self.request.user
        places = []
        if member.organization_id:
            places = [(choice.label, vetting_place(member, choice).name) for choice in VettedBy]
        return super().get_context_data(
            purposes=[consents.SINGLE, consents.PROFILE],
            places=places,
            answers=answers(self.mine),
            refusal=entry_refusal(member),
            **kwargs | {"submit_label": _("Sign and submit")},
        )

    def perform(self, form):
        return profile_submit(
            profile=self.mine,
            actor=self.request.user,
            signature=form.cleaned_data["signature"],
            vetted_by=form.cleaned_data["vetted_by"],
        )

    def next_url(self, result):
        return step_url("sent")


class SingleSentView(OfSingleMixin, generic.TemplateView):
    """The receipt after submitting: what happens next and by when."""

    template_name = "matchmaking/single_sent.html"
    title = _("Your profile was submitted")

    def get(self, request, *args, **kwargs):
        if self.mine is None or self.mine.state != ProfileState.UNIT_VETTING:
            return redirect("matchmaking:single-home")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        due = vetting_due(self.mine)
        place = self.mine.vetting_organization.name
        return super().get_context_data(
            next_steps=[
                {"words": _("%(place)s checks your entry against its roster") % {"place": place}, "at": due},
                {
                    "words": _("You get a message with the result; a rejection gives the reason, and you can object"),
                    "at": None,
                },
                {
                    "words": _("After confirmation, you check your card and decide when to let others find you"),
                    "at": None,
                },
            ],
            **kwargs,
        )
