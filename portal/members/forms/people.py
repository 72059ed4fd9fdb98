"""Forms of people: sign-in, duties, roster entries, requests about own data."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.choices import Sex
from portal.core.errors import DomainError
from portal.core.form_fields import DayFormField
from portal.core.text import clean_code, clean_line, clean_prose, mask_phone
from portal.members.choices import (
    DataRequestKind,
    DataRequestState,
    IdentityKind,
    InvitationPurpose,
    MaritalStatus,
    RevealReason,
    SightingMeans,
)
from portal.members.identity import read_phone
from portal.members.selectors import rosters_to_enter
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.web.forms import CodeInput, DateInput, PhoneInput, PortalForm


class PhoneField(forms.CharField):
    """A mobile number typed by a person; its value is eleven digits."""

    widget = PhoneInput

    def __init__(self, **kwargs):
        super().__init__(max_length=24, label=kwargs.pop("label", _("Mobile number")), **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return ""
        try:
            return read_phone(value, demo=settings.ALLOW_DEMO_PEOPLE)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None


class SignInForm(PortalForm):
    phone = PhoneField()


class CodeForm(PortalForm):
    code = forms.CharField(label=_("Six-digit code"), max_length=8, widget=CodeInput)


class NameField(forms.CharField):
    """The person's own name, typed to make sure that the number is not somebody else's; it proves nothing."""

    def __init__(self, **kwargs):
        super().__init__(
            **{
                "label": _("Your full name"),
                "help_text": _("As your union has it."),
                "max_length": 60,
                "widget": forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
                **kwargs,
            }
        )


class ActivateForm(PortalForm):
    name = NameField()


class RecoveryForm(PortalForm):
    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("Twelve letters and digits, as on the paper."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class PhoneOwnForm(PortalForm):
    phone = PhoneField(label=_("New mobile number"))


class OtherNumberForm(PortalForm):
    """Who had an account with another number."""

    autocomplete = {"name": "name", "identity_number": "off"}

    name = NameField()
    identity_number = forms.CharField(label=_("Identity number"), help_text=_("18 characters."), max_length=30)
    recovery_code = forms.CharField(
        label=_("Recovery code, if you have one"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class StopForm(PortalForm):
    phone = PhoneField(label=_("The number that got the text message"))
    code = forms.CharField(
        label=_("Code in the text message"), max_length=10, widget=CodeInput(attrs={"inputmode": "text"})
    )


class SeenForm(PortalForm):
    about_others = True

    how = forms.ChoiceField(
        label=_("How"),
        choices=[(means.value, means.label) for means in (SightingMeans.IN_PERSON, SightingMeans.VIDEO)],
        widget=forms.RadioSelect,
    )
    code = forms.CharField(
        label=_("The code that the person reads out"), max_length=8, widget=CodeInput(attrs={"autocomplete": "off"})
    )


class PeopleConfirmForm(PortalForm):
    """Codes that phones show, one a line or divided by blanks."""

    about_others = True

    codes = forms.CharField(
        label=_("Codes on the people's phones"),
        help_text=_("Eight digits each; one a line when there are several, thirty at most."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "numeric", "spellcheck": "false"}),
    )
    how = forms.ChoiceField(
        label=_("How"),
        choices=[(means.value, means.label) for means in (SightingMeans.IN_PERSON, SightingMeans.VIDEO)],
        initial=SightingMeans.IN_PERSON,
        widget=forms.RadioSelect,
    )

    def clean_codes(self):
        digits = "".join(sign for sign in clean_code(self.cleaned_data["codes"]) if sign.isdecimal())
        if not digits or len(digits) % 8 or len(digits) > 30 * 8:
            raise forms.ValidationError(_("Each code has eight digits. Compare them with the phones."), code="codes")
        return list(dict.fromkeys(digits[at : at + 8] for at in range(0, len(digits), 8)))


class StaffSignInForm(PortalForm):
    autocomplete = {"login_name": "username", "password": "current-password"}

    login_name = forms.CharField(label=_("Login name"), max_length=255)
    password = forms.CharField(label=_("Password"), max_length=1024, strip=False, widget=forms.PasswordInput)


class FactorForm(PortalForm):
    code = forms.CharField(
        label=_("Six digits from your authenticator"),
        help_text=_("Or one of your recovery codes."),
        max_length=20,
        widget=CodeInput(length=14),
    )


def _new_password(**kwargs):
    return forms.CharField(max_length=1024, strip=False, widget=forms.PasswordInput, **kwargs)


class NewPasswordForm(PortalForm):
    """A new password, typed twice; the service judges it by the rules."""

    autocomplete = {"password": "new-password", "again": "new-password"}

    password = _new_password(
        label=_("New password"),
        help_text=_(
            "At least 12 characters, of three kinds: small letters, capital letters, digits, other characters."
        ),
    )
    again = _new_password(label=_("New password again"))

    def clean(self):
        data = super().clean()
        again = data.pop("again", None)
        if data.get("password") and again is not None and data["password"] != again:
            self.add_error("again", _("The two are not the same."))
        return data


class PasswordChangeForm(NewPasswordForm):
    autocomplete = {**NewPasswordForm.autocomplete, "current": "current-password"}

    current = _new_password(label=_("Present password"))

    field_order = ("current", "password", "again")


class InvitationCodeForm(PortalForm):
    phone = PhoneField()
    code = forms.CharField(
        label=_("Code from the text message"),
        help_text=_("Six letters and digits."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class InvitationForm(NewPasswordForm):
    """What an invited person chooses; ``about`` is the invitation."""

    takes_object = True
    autocomplete = {**NewPasswordForm.autocomplete, "login_name": "username"}

    login_name = forms.RegexField(
        regex=r"^[\w.@-]+$",
        label=_("Login name"),
        help_text=_("2 to 40 letters, digits or . _ - @; you sign in with it from now on."),
        min_length=2,
        max_length=40,
        error_messages={"invalid": _("Letters, digits and . _ - @ only, without blanks.")},
    )
    name = NameField()

    field_order = ("name", "login_name", "password", "again")

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.purpose == InvitationPurpose.PASSWORD:
            del self.fields["login_name"]


class ReasonForm(PortalForm):
    """Why something is settled for another person; it stands in the audit."""

    about_others = True

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with your name. Write no names and no numbers."),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_reason(self):
        return clean_prose(self.cleaned_data["reason"])


class PhoneReplaceForm(ReasonForm):
    phone = PhoneField(label=_("New mobile number"))

    field_order = ("phone", "reason")


class VouchingAskForm(PortalForm):
    """Who asks a unit to vouch for her."""

    autocomplete = {"name": "name", "identity_number": "off"}

    organization = forms.ModelChoiceField(
        queryset=Organization.objects.filter(kind=OrganizationKind.GRASSROOTS, closed_on=None),
        widget=forms.HiddenInput,
    )
    name = forms.CharField(label=_("Full name"), max_length=60, min_length=2)
    identity_number = forms.CharField(label=_("Identity number"), max_length=30)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class VouchingGrantForm(PortalForm):
    about_others = True

    until = DayFormField(
        span=VALIDITY,
        label=_("Holds until (not included)"),
        help_text=_("For three years at most; you can renew it."),
        widget=DateInput,
    )


class FreshForm(PortalForm):
    """Nothing to fill in: it asks for a code."""


class RosterForm(PortalForm):
    """What a roster says of a person; the service checks document and phone."""

    about_others = True

    name = forms.CharField(label=_("Full name"), max_length=60, min_length=2)
    phone = PhoneField()
    marital_status = forms.ChoiceField(label=_("Marital status as the unit stated it"), choices=MaritalStatus.choices)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class MemberCreateForm(RosterForm):
    """``offered`` are the organisations to choose from; any on whose roster the actor puts people may be sent."""

    takes_actor = True

    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    identity_number = forms.CharField(label=_("Identity number"), max_length=30)
    organization = forms.ModelChoiceField(label=_("Unit"), queryset=Organization.objects.none())

    field_order = ("organization", "name", "sex", "identity_number", "phone", "marital_status")

    def __init__(self, *args, actor, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = rosters_to_enter(actor)
        self.offer("organization", offered)

    def clean(self):
        return {**super().clean(), "identity_kind": IdentityKind.RESIDENT}


class MemberUpdateForm(RosterForm):
    """The phone stays masked while the entry is edited: left empty it is kept, typed it is a new one."""

    takes_object = True

    phone = PhoneField(label=_("New mobile number"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.phone:
            kept = _("Kept as it is when this stays empty: %(masked)s") % {"masked": mask_phone(about.phone)}
            self.fields["phone"].help_text = kept

    def clean(self):
        data = super().clean()
        if not data.get("phone"):
            data.pop("phone", None)
        return data


class RevealForm(PortalForm):
    """Why somebody looks at a masked field."""

    reason = forms.ChoiceField(label=_("Why do you need it?"), choices=RevealReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("In a few words"),
        help_text=_("Which matter it is about. Without names and numbers of people."),
        min_length=2,
        max_length=200,
    )


class DataRequestForm(PortalForm):
    """What she asks for, in her own words."""

    words = forms.CharField(label=_("In your own words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class DataRequestSettleForm(PortalForm):
    """The answer to a request: what was done, or why not; of a deletion that is done nothing is kept."""

    takes_object = True

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(state.value, state.label) for state in (DataRequestState.DONE, DataRequestState.REFUSED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to her"),
        help_text=_("What was done, or why it cannot be done. She reads exactly this."),
        min_length=2,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.kind == DataRequestKind.DELETE:
            self.fields["answer"].help_text = _("She reads it when it is refused; when it is done it goes with her.")


class FindForm(forms.Form):
    """A name, a phone or an identity number to look up; sent by POST, so that it stands in no address and no log."""

    term = forms.CharField(label=_("Name, mobile or identity number"), max_length=60, required=False)
