"""Forms of what comes after the reveal: what the two say, follow-ups, weddings, publicity, the hotline."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from matchmaking.choices.after import SAYINGS, STAGES, FollowUpResult, PairState
from matchmaking.models import FollowUp, GroupWedding, HotlineTicket, MatchEvent, MediaRelease, Nomination
from matchmaking.selectors.hotline import ticket_places
from portal.core.bounds import PAST
from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.form_fields import DayFormField
from portal.core.text import clean_prose
from portal.members.identity import read_phone
from portal.members.models import Member
from portal.members.selectors import holders
from portal.organizations.forms import PlaceField
from portal.organizations.models import Organization
from portal.organizations.selectors import found_by_name, places_kept
from portal.web.forms import PhoneInput, PortalForm, PortalModelForm

SAYING_WORDS = {
    PairState.DATING: _("We are dating"),
    PairState.ENGAGED: _("We are engaged"),
    PairState.REGISTERED: _("We are married"),
    PairState.ENDED: _("We have parted"),
}


def typed_phone(text):
    """Return the number that was typed; ValidationError in words when it is none."""
    try:
        return read_phone(text, demo=settings.ALLOW_DEMO_PEOPLE)
    except DomainError as error:
        raise forms.ValidationError(error.message, code=error.code) from None


class SayForm(PortalForm):
    """What one of the two says of them; nothing below what both have said is offered."""

    takes_object = True

    says = forms.ChoiceField(label=_("How are the two of you?"), widget=forms.RadioSelect)
    on = DayFormField(
        span=PAST,
        label=_("Day your marriage was registered"),
        help_text=_("Only if you are married: the day on the certificate."),
        required=False,
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        now = STAGES.index(about.state) if about.state in STAGES else 0
        self.fields["says"].choices = [
            (state.value, SAYING_WORDS[state])
            for state in SAYINGS
            if state == PairState.ENDED or STAGES.index(state) >= now
        ]

    def clean(self):
        data = super().clean()
        if data.get("says") == PairState.REGISTERED and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Please say on which day your marriage was registered."))
        return data


class FollowUpForm(PortalForm):
    about_others = True

    result = forms.ChoiceField(label=_("Result"), choices=FollowUpResult.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Note"),
        help_text=_("Read by you and by those who hold the event. No health, no income, nothing of others."),
        max_length=FollowUp._meta.get_field("words").text_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WeddingForm(PortalModelForm):
    class Meta:
        model = GroupWedding
        fields = ("title", "summary", "on", "place", "couples_most", "closes_at")
        widgets = {"summary": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "summary": _("What happens, what is provided, who may apply. It costs the couples nothing."),
            "closes_at": _("Then the list closes by itself."),
        }

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])


class WeddingCreateForm(WeddingForm):
    takes_actor = True

    organization = PlaceField(label=_("Held by"))
    field_order = ("organization", *WeddingForm.Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)


class WeddingUpdateForm(WeddingForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class CoupleAskForm(PortalForm):
    """Names the other one by a number that stays out of address and page."""

    phone = forms.CharField(
        label=_("Mobile number of the one you marry"),
        help_text=_("She or he then finds your question on her or his own page of this wedding, and confirms there."),
        max_length=24,
        widget=PhoneInput(attrs={"autocomplete": "off"}),
    )
    registered_on = DayFormField(span=PAST,
        label=_("Marriage registered on"), help_text=_("Leave it empty if you are not registered yet."),
        required=False,
    )  # fmt: skip
    agree = forms.BooleanField(
        label=_("I have read who sees what, and I agree"),
        error_messages={"required": _("To apply, please tick that you agree.")},
    )

    def clean_phone(self):
        return typed_phone(self.cleaned_data["phone"])


class CoupleConfirmForm(PortalForm):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes, we apply together")), ("no", _("No, do not show me this again"))],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label=_("I have read who sees what, and I agree"), required=False)

    def clean(self):
        data = super().clean()
        if data.get("answer") == "yes" and not data.get("agree"):
            self.add_error("agree", _("To apply, please tick that you agree."))
        return data


class NominationForm(PortalModelForm):
    """Proposes a person, found by a number that stays out of address and page."""

    takes_actor = True
    about_others = True

    organization = PlaceField(label=_("Organisation"))
    phone = forms.CharField(
        label=_("Mobile number of the person"),
        help_text=_("Somebody at or below this organisation. She is asked first; nothing is passed on before."),
        max_length=24,
        widget=PhoneInput,
    )

    class Meta:
        model = Nomination
        fields = ("medium", "programme", "purpose")
        help_texts = {"purpose": _("The person reads this sentence before she agrees.")}

    field_order = ("organization", "phone", *Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)

    def clean_phone(self):
        return typed_phone(self.cleaned_data["phone"])


class NominationAnswerForm(PortalForm):
    """Yes or no to one medium for one purpose; there is no third button and no default."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("I agree to this, and to nothing else")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )


# What is published is about an event of late.
EVENTS_OFFERED = 100


class ReleaseForm(PortalModelForm):
    takes_actor = True

    organization = PlaceField(label=_("Organisation"))
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")

    class Meta:
        model = MediaRelease
        fields = ("title", "medium", "outlet", "published_on", "event", "url")

    field_order = ("organization", *Meta.fields)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        if "organization" in self.fields:
            self.fields["organization"].queryset = places_kept(actor, Area.MATCHMAKING)
        held = MatchEvent.objects.visible_to(actor).held().order_by("-starts_at")
        self.fields["event"].queryset = held
        self.offer("event", held[:EVENTS_OFFERED])


class ReleaseUpdateForm(ReleaseForm):
    organization = None
    version = forms.IntegerField(widget=forms.HiddenInput)


class TicketForm(PortalModelForm):
    takes_actor = True
    about_others = True

    organization = PlaceField(
        label=_("Who answers"), help_text=_("Never the caller's own unit: choose a level above it.")
    )
    caller_unit_name = forms.CharField(
        label=_("The caller's unit, as it stands in the register"),
        help_text=_("So that the call is kept away from that unit."),
        max_length=100,
        required=False,
    )

    class Meta:
        model = HotlineTicket
        fields = ("kind", "subject", "words", "caller", "caller_phone")
        widgets = {"words": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"caller": _("Not asked for when the caller does not want to say.")}

    field_order = ("kind", "subject", "words", "caller", "caller_phone", "caller_unit_name", "organization")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].widget = forms.Textarea(attrs={"rows": 5, "autocomplete": "off"})
        self.fields["organization"].queryset = ticket_places(actor)

    def clean_caller_unit_name(self):
        name = self.cleaned_data["caller_unit_name"].strip()
        if not name:
            return None
        exact = list(Organization.objects.filter(name=name, closed_on=None)[:2])
        found = exact or list(found_by_name(Organization.objects.filter(closed_on=None), name, limit=2))
        if len(found) != 1:
            raise forms.ValidationError(_("Please type the full name as it stands in the register."), code="unit")
        return found[0]

    def clean_subject(self):
        return clean_prose(self.cleaned_data["subject"])


class TicketAssignForm(PortalForm):
    takes_object = True

    handler = forms.ModelChoiceField(label=_("Who answers it"), queryset=Member.objects.none())

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["handler"]
        people = holders(Area.MATCHMAKING, Capability.EDIT, about.organization)
        field.queryset = Member.objects.filter(pk__in=[member.pk for member in people]).select_related("organization")
        field.label_from_instance = self._label

    @staticmethod
    def _label(member):
        return f"{member.name} · {member.organization.label}" if member.organization else member.name


class TicketTransferForm(PortalForm):
    takes_actor = True
    takes_object = True

    organization = PlaceField(label=_("Pass on to"))
    reason = forms.CharField(label=_("Reason, without names"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, actor, about, **kwargs):
        super().__init__(*args, **kwargs)
        places = ticket_places(actor, caller_unit=about.caller_unit)
        self.fields["organization"].queryset = places.exclude(pk=about.organization_id)


class TicketAnswerForm(PortalForm):
    about_others = True

    answer = forms.CharField(
        label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"})
    )
