"""Forms of entries on the roster, and the reason that several steps ask for."""

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


class FindForm(forms.Form):
    """A name, a phone or an identity number to look up; sent by POST, so that it stands in no address and no log."""

    term = forms.CharField(label=_("Name, mobile or identity number"), max_length=60, required=False)
