"""Forms of people: sign-in, roster entries."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability, Sex
from portal.core.errors import DomainError
from portal.core.text import clean_line, mask_phone
from portal.members.choices import DataRequestState, IdentityKind, MaritalStatus, RevealReason
from portal.members.identity import read_phone
from portal.organizations.models import Organization
from portal.web.forms import CodeInput, PhoneInput, PortalForm


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


class ActivateForm(PortalForm):
    proof = forms.CharField(
        label=_("Last six characters of your identity number"),
        help_text=_("Only this first time. Without an identity card, type your name as your union has it."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class StaffSignInForm(PortalForm):
    autocomplete = {"login_name": "username", "password": "current-password"}

    login_name = forms.CharField(label=_("Login name"), max_length=255)
    password = forms.CharField(label=_("Password"), max_length=1024, strip=False, widget=forms.PasswordInput)


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
    takes_actor = True

    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    identity_number = forms.CharField(label=_("Identity number"), max_length=30)
    organization = forms.ModelChoiceField(label=_("Unit"), queryset=Organization.objects.none())

    field_order = ("organization", "name", "sex", "identity_number", "phone", "marital_status")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        units = Organization.objects.none()
        for path in actor.reach("members", Capability.EDIT):
            units = units | Organization.objects.filter(path__startswith=path)
        self.fields["organization"].queryset = units.filter(closed_on=None).order_by("pinyin", "pk")

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
    """The answer to a request: what was done, or why not."""

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


class FindForm(forms.Form):
    """A name, a phone or an identity number to look up; sent by POST, so that it stands in no address and no log."""

    term = forms.CharField(label=_("Name, mobile or identity number"), max_length=60, required=False)
