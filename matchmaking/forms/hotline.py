"""Forms of hotline tickets."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.models import HotlineTicket
from matchmaking.selectors.hotline import ticket_places
from portal.core.choices import Area, Capability
from portal.core.text import clean_prose
from portal.members.models import Member
from portal.members.selectors import holders
from portal.organizations.forms import PlaceField
from portal.organizations.models import Organization
from portal.organizations.selectors import found_by_name
from portal.web.forms import PortalForm, PortalModelForm


class TicketForm(PortalModelForm):
    takes_actor = True
    about_others = True

    organization = PlaceField(
        label=_("Answering organisation"), help_text=_("It cannot be the caller's own unit: choose a level above it.")
    )
    caller_unit_name = forms.CharField(
        label=_("The caller's unit, as it appears in the register"),
        help_text=_("Used to keep the ticket away from that unit."),
        max_length=100,
        required=False,
    )

    class Meta:
        model = HotlineTicket
        fields = ("kind", "subject", "words", "caller", "caller_phone")
        widgets = {"words": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"caller": _("Leave this empty if the caller does not want to say.")}

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
            raise forms.ValidationError(_("Please enter the full name as it appears in the register."), code="unit")
        return found[0]

    def clean_subject(self):
        return clean_prose(self.cleaned_data["subject"])


class TicketAssignForm(PortalForm):
    takes_object = True

    handler = forms.ModelChoiceField(label=_("Assigned to"), queryset=Member.objects.none())

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

    organization = PlaceField(label=_("Forward to"))
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
