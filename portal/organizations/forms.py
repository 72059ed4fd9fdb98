"""Forms of organisations."""

from django import forms
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_number

from portal.core.choices import Capability
from portal.core.text import clean_code, clean_line
from portal.organizations.choices import EmploymentForm, OrganizationKind
from portal.organizations.models import Organization, Region
from portal.web.forms import PortalForm

KINDS = [choice for choice in OrganizationKind.choices if choice[0] != OrganizationKind.PROVINCE]


class OrganizationForm(PortalForm):
    """Facts of an organisation; its place in the tree is chosen when it is founded."""

    name = forms.CharField(label=_("Name"), max_length=100, min_length=2)
    short_name = forms.CharField(label=_("Short name"), max_length=30, required=False)
    region = forms.CharField(
        label=_("Region code"), max_length=6, required=False, help_text=_("Six digits, such as 230102.")
    )
    uscc = forms.CharField(label=_("Social credit code"), max_length=40, required=False)
    employment_form = forms.ChoiceField(label=_("Form of employment"), choices=EmploymentForm.choices)
    founded_on = forms.DateField(label=_("Founded on"), required=False)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])

    def clean_short_name(self):
        return clean_line(self.cleaned_data["short_name"])

    def clean_region(self):
        code = clean_code(self.cleaned_data["region"])
        region = Region.objects.filter(code=code).first() if code else None
        if code and region is None:
            raise forms.ValidationError(_("There is no region with this code."))
        return region

    def clean_uscc(self):
        code = clean_code(self.cleaned_data["uscc"])
        if code and not uscc_number.is_valid(code):
            raise forms.ValidationError(
                _("This social credit code is not valid: 18 characters, the last is a check digit.")
            )
        return code


class OrganizationCreateForm(OrganizationForm):
    takes_actor = True

    parent = forms.ModelChoiceField(label=_("Under"), queryset=Organization.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)

    field_order = ("parent", "kind", "name", "short_name", "region", "uscc", "employment_form", "founded_on")

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        reached = Organization.objects.reached_by(actor, Capability.EDIT)
        upper = reached.exclude(kind=OrganizationKind.GRASSROOTS).filter(closed_on=None)
        self.fields["parent"].queryset = upper.order_by("path")


class OrganizationUpdateForm(OrganizationForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(PortalForm):
    on = forms.DateField(label=_("Closed on"), validators=[MaxValueValidator(timezone.localdate)])
