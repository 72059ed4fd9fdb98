"""Forms of roster entries, and the form for a reason that several actions ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Sex
from portal.core.text import clean_line, clean_prose, mask_phone
from portal.members.choices import IdentityKind, MaritalStatus
from portal.members.forms.fields import PhoneField
from portal.members.selectors import rosters_to_enter
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


class ReasonForm(PortalForm):
    """A form for the reason of an action on another person's behalf; the reason is kept in the audit."""

    about_others = True

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("This is stored with your name. Do not write names or numbers."),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_reason(self):
        return clean_prose(self.cleaned_data["reason"])


class RosterForm(PortalForm):
    """A form for a roster entry; the service checks the document number and the phone."""

    about_others = True

    name = forms.CharField(label=_("Full name"), max_length=60, min_length=2)
    phone = PhoneField()
    marital_status = forms.ChoiceField(label=_("Marital status as stated by the unit"), choices=MaritalStatus.choices)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class MemberCreateForm(RosterForm):
    """A form to add a member to a roster.

    ``offered`` are the organisations to choose from; any other on whose roster the actor may enter people is accepted
    too.
    """

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
    """A form to edit a roster entry, in which the phone stays masked.

    If the phone field is left empty, the phone is kept; a number typed there is the new one.
    """

    takes_object = True

    phone = PhoneField(label=_("New mobile number"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        if about.phone:
            kept = _("Leave empty to keep the present value: %(masked)s") % {"masked": mask_phone(about.phone)}
            self.fields["phone"].help_text = kept

    def clean(self):
        data = super().clean()
        if not data.get("phone"):
            data.pop("phone", None)
        return data


class FindForm(forms.Form):
    """A form to search by name, phone or identity number.

    It is sent by POST, so that the term appears in no URL and no log.
    """

    term = forms.CharField(label=_("Name, mobile or identity number"), max_length=60, required=False)
