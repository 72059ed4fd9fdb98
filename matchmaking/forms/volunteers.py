"""Forms of volunteer matchmakers."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PAST
from portal.core.choices import Area, Capability
from portal.core.form_fields import DayFormField
from portal.core.querysets import within
from portal.core.text import clean_prose
from portal.members.forms.picking import PersonByPhoneMixin
from portal.organizations.choices import OrganizationKind
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


def places_of(actor):
    """Return the organisations above unit level where ``actor`` may edit matchmaking."""
    reach = within(actor.reach(Area.MATCHMAKING, Capability.EDIT), "path")
    rows = Organization.objects.filter(closed_on=None).exclude(kind=OrganizationKind.GRASSROOTS)
    return rows.filter(reach).order_by("path") if reach is not None else rows.none()


class VolunteerApplyForm(PortalForm):
    motive = forms.CharField(
        label=_("Why I want to help"),
        help_text=_("Your union reads it. A sentence or two is enough."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )

    def clean_motive(self):
        return clean_prose(self.cleaned_data["motive"])


class PledgeForm(PortalForm):
    agree = forms.BooleanField(
        label=_("I have read the pledge and I sign it"),
        error_messages={"required": _("To sign the pledge, please tick the box.")},
    )


class MostForm(PortalForm):
    most = forms.IntegerField(
        label=_("Maximum number of people at a time"),
        initial=20,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )


class VolunteerCreateForm(PersonByPhoneMixin, MostForm):
    """Takes on a member as a volunteer matchmaker."""

    area = Area.MATCHMAKING
    gives = ("organization", "member", "most")

    organization = forms.ModelChoiceField(label=_("Serves at"), queryset=Organization.objects.none())

    field_order = ("organization", "phone", "most")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["organization"].queryset = places_of(actor)


class VolunteerTrainForm(MostForm):
    takes_object = True

    trained_on = DayFormField(span=PAST, label=_("Trained on"))

    field_order = ("trained_on", "most")

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trained_on"].initial = about.trained_on or timezone.localdate()
        self.fields["most"].initial = about.most


class ShareForm(PortalForm):
    """The organisation below which singles without a matchmaker are shared among volunteers."""

    takes_actor = True

    organization = forms.ModelChoiceField(
        label=_("Assign within"),
        queryset=Organization.objects.none(),
        help_text=_("Singles and volunteers of this organisation and all below it."),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_of(actor)
