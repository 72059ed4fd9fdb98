"""Forms of class terms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childcare.choices.terms import Course
from childcare.models import CareSite, ClassTerm
from portal.core.bounds import PLANNED
from portal.core.choices import Capability
from portal.core.form_fields import MomentFormField
from portal.core.text import clean_prose
from portal.web.forms import PortalForm, PortalModelForm


class TermForm(PortalModelForm):
    """A class term at one of the sites that the person may edit."""

    takes_actor = True
    courses = forms.MultipleChoiceField(label=_("Courses"), choices=Course.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ClassTerm
        fields = (
            "site",
            "title",
            "first_on",
            "last_on",
            "starts",
            "ends",
            "courses",
            "summary",
            "age_from",
            "age_to",
            "reference_on",
            "places_total",
            "fee",
            "enrol_from",
            "enrol_until",
            "by_draw",
        )
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "reference_on": _("A child has the right age if its full years on this day are within the ages above."),
            "courses": _("School subjects are not taught in holidays."),
        }

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        sites = CareSite.objects.reached_by(actor, Capability.EDIT).in_use()
        self.fields["site"].queryset = sites.order_by("region", "name")

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])


class TermUpdateForm(TermForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class FreezeForm(PortalForm):
    """Where the seed of the draw comes from, and when it is known."""

    seed_source = forms.CharField(
        label=_("Where the seed comes from"),
        max_length=200,
        help_text=_(
            "For example: the numbers of a public lottery of a named day, all of one week, or dice thrown before "
            "witnesses. Everybody reads it."
        ),
    )
    seed_after = MomentFormField(span=PLANNED, label=_("The seed is known after"))

    def clean_seed_source(self):
        return clean_prose(self.cleaned_data["seed_source"])


class DeclineForm(PortalForm):
    """The position of an application, and why it is declined."""

    place = forms.IntegerField(
        label=_("Position of the application"),
        min_value=1,
        max_value=2_000_000_000,
        help_text=_("As the refusal to freeze the list names it."),
    )
    reason = forms.CharField(label=_("Reason, as the guardian reads it"), max_length=300)


class DrawForm(PortalForm):
    """The seed, as its public source says it."""

    seed = forms.CharField(
        label=_("Seed"),
        max_length=200,
        help_text=_("Exactly as the source gives it: digits, or a hexadecimal number. The draw takes place once."),
    )


class SettleForm(PortalForm):
    """How many safety incidents there were: none is stated as 0."""

    incidents = forms.IntegerField(
        label=_("Safety incidents in the whole class"),
        min_value=0,
        max_value=1000,
        help_text=_("State 0 if there was none. It is compared with the reports of the teachers."),
    )


class ReservedForm(PortalForm):
    """How many places are given on paper, and why."""

    reserved = forms.IntegerField(label=_("Reserved places"), min_value=0, max_value=1000)
    reason = forms.CharField(
        label=_("Reason for the reserved places"),
        max_length=120,
        help_text=_("Everybody reads it on the page of the class."),
    )
