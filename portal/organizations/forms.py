"""Forms for organisations."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_number

from portal.core.bounds import VALIDITY
from portal.core.choices import Area, Capability
from portal.core.form_fields import DayFormField
from portal.core.text import clean_code, clean_line
from portal.organizations.choices import CommitteeKind, EmploymentForm, Industry, OrganizationKind, Ownership
from portal.organizations.models import Employer, Organization
from portal.organizations.selectors import own_regions, places_kept
from portal.web.forms import PortalForm, PortalModelForm

INDUSTRIES = [(letter, format_lazy("{} {}", letter, label)) for letter, label in Industry.choices]
KINDS = [choice for choice in OrganizationKind.choices if choice[0] != OrganizationKind.PROVINCE]


class CodesMixin:
    """Cleans a region code and a social credit code as people type them."""

    def clean_region(self):
        code = clean_code(self.cleaned_data["region"])
        region = own_regions().filter(code=code).first() if code else None
        if code and region is None:
            raise forms.ValidationError(_("There is no region with this code."))
        return region

    def clean_uscc(self):
        code = clean_code(self.cleaned_data["uscc"])
        if code and not uscc_number.is_valid(code):
            raise forms.ValidationError(
                _(
                    "This social credit code is not valid: it must have 18 characters, of which the "
                    "last is a check digit."
                )
            )
        return code


class OrganizationForm(CodesMixin, PortalForm):
    """Form for the facts of an organisation; its position in the tree is chosen when it is created."""

    takes_actor = True

    name = forms.CharField(label=_("Name"), max_length=100, min_length=2)
    short_name = forms.CharField(label=_("Short name"), max_length=30, required=False)
    region = forms.CharField(
        label=_("Region code"), max_length=6, required=False, help_text=_("Six digits, such as 230102.")
    )
    uscc = forms.CharField(label=_("Social credit code"), max_length=40, required=False)
    employment_form = forms.ChoiceField(label=_("Form of employment"), choices=EmploymentForm.choices)
    industry = forms.ChoiceField(label=_("Industry"), choices=[("", _("not stated")), *INDUSTRIES], required=False)
    ownership = forms.ChoiceField(
        label=_("Ownership"), choices=[("", _("not stated")), *Ownership.choices], required=False
    )
    founded_on = DayFormField(span=VALIDITY, label=_("Founded on"), required=False)

    employer = forms.CharField(
        label=_("Employer's social credit code"),
        max_length=40,
        required=False,
        help_text=_("The code of an employer that is registered here."),
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])

    def clean_short_name(self):
        return clean_line(self.cleaned_data["short_name"])

    def clean_employer(self):
        code = clean_code(self.cleaned_data["employer"])
        found = Employer.objects.visible_to(self.actor).filter(uscc=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("No employer with this code is registered in your scope. Register it first."))
        return found


class OrganizationCreateForm(OrganizationForm):
    parent = forms.ModelChoiceField(label=_("Parent organisation"), queryset=Organization.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)

    field_order = (
        "parent",
        "kind",
        "name",
        "short_name",
        "region",
        "uscc",
        "employment_form",
        "industry",
        "ownership",
        "employer",
        "founded_on",
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, actor=actor, **kwargs)
        reached = Organization.objects.reached_by(actor, Capability.EDIT)
        upper = reached.exclude(kind=OrganizationKind.GRASSROOTS).filter(closed_on=None)
        self.fields["parent"].queryset = upper.order_by("path")


class OrganizationUpdateForm(OrganizationForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(PortalForm):
    on = DayFormField(span=VALIDITY, label=_("Closed on"), validators=[MaxValueValidator(timezone.localdate)])


class DayForm(PortalForm):
    on = DayFormField(span=VALIDITY, label=_("Effective from"))


class MergeForm(PortalForm):
    """Form with the chosen organisation and the day."""

    place = forms.ModelChoiceField(queryset=Organization.objects.none(), widget=forms.HiddenInput)
    on = DayFormField(span=VALIDITY, label=_("Effective from"))

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = candidates


class MoveForm(MergeForm):
    name = forms.CharField(
        label=_("New name"),
        max_length=100,
        min_length=2,
        required=False,
        help_text=_("Only needed if an organisation there has the same name."),
    )

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.name


class CommitteeForm(PortalForm):
    takes_actor = True
    takes_object = True

    kind = forms.ChoiceField(label=_("Kind"), choices=CommitteeKind.choices, widget=forms.RadioSelect)
    founded_on = DayFormField(span=VALIDITY, label=_("First founded on"), required=False)
    term_from = DayFormField(span=VALIDITY, label=_("This term begins"))
    term_years = forms.IntegerField(
        label=_("Years of a term"),
        min_value=1,
        max_value=10,
        required=False,
        help_text=_("3 or 5 years, the same as the union's own term; a commissioner has none."),
    )
    chair = PersonField(
        label=_("Chair or commissioner"),
        queryset=None,
        required=False,
        empty_label=_("not stated"),
        help_text=_("One of the people on this organisation's roster."),
    )
    chair_post = forms.CharField(label=_("Other position of the chair"), max_length=60, required=False)

    def __init__(self, *args, actor, about, **kwargs):
        super().__init__(*args, **kwargs)
        people = get_user_model()._default_manager.visible_to(actor)
        self.fields["chair"].queryset = people.filter(organization=about, is_active=True).order_by("pinyin", "pk")

    def clean_chair_post(self):
        return clean_line(self.cleaned_data["chair_post"])


class HeadCountForm(PortalForm):
    on = DayFormField(span=VALIDITY, label=_("As of"))
    workers = forms.IntegerField(label=_("Workers"), min_value=0)
    women_workers = forms.IntegerField(label=_("Women workers"), min_value=0)
    members = forms.IntegerField(label=_("Union members"), min_value=0)
    women_members = forms.IntegerField(label=_("Women members"), min_value=0)


class EmployerForm(CodesMixin, PortalForm):
    name = forms.CharField(label=_("Name"), max_length=100, min_length=2)
    uscc = forms.CharField(label=_("Social credit code"), max_length=40, required=False)
    region = forms.CharField(
        label=_("Region code"), max_length=6, required=False, help_text=_("Six digits, such as 230102.")
    )

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class EmployerCreateForm(EmployerForm):
    takes_actor = True

    organization = forms.ModelChoiceField(label=_("Registered by"), queryset=Organization.objects.none())
    field_order = ("organization", "name", "uscc", "region")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        tops = [int(path.rstrip("/").rpartition("/")[2]) for path in actor.reach(Area.ORGANIZATIONS, Capability.EDIT)]
        self.fields["organization"].queryset = Organization.objects.filter(pk__in=tops, closed_on=None).order_by("path")
        self.fields["organization"].initial = tops[0] if tops else None


class EmployerUpdateForm(EmployerForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlaceField(forms.ModelChoiceField):
    """A choice among the organisations that the form offers."""

    def __init__(self, **kwargs):
        super().__init__(**{"queryset": Organization.objects.none(), "label": _("Organisation"), **kwargs})

    def label_from_instance(self, place):
        return place.label


class KeptForm(PortalModelForm):
    """Form for a row that belongs to an organisation.

    For a new row, ``area`` decides which organisations are offered.
    """

    takes_actor = True
    area = None

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        if "organization" in self.fields:
            field = self.fields["organization"]
            field.queryset = places_kept(actor, self.area)
            field.label_from_instance = lambda place: place.label
