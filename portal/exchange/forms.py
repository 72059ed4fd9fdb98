"""Forms of imports and exports."""

from django import forms
from django.apps import apps
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from portal.core.querysets import within
from portal.core.text import clean_prose
from portal.exchange.choices import ExportFormat
from portal.web.forms import PortalForm


class OrganizationField(forms.ModelChoiceField):
    def label_from_instance(self, organization):
        return organization.name


class ImportStartForm(PortalForm):
    """Form for a list and the organisation it belongs to.

    It offers the organisations where the actor has a duty and those directly below them.
    """

    organization = OrganizationField(
        label=_("Organisation of the list"),
        queryset=None,
        empty_label=None,
        help_text=_("Every line of the list belongs to this organisation or to one below it."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("An .xlsx workbook or a .csv file, at most 10 MB and 20,000 rows."),
        validators=[
            FileExtensionValidator(
                ["xlsx", "csv", "xls", "xlsm", "xlsb"], message=_("Upload an .xlsx workbook or a .csv file.")
            )
        ],
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, actor, register, here=None, asked=None, **kwargs):
        super().__init__(*args, **kwargs)
        paths = actor.reach(register.area, register.capability)
        organizations = apps.get_model("organizations", "Organization").objects
        inside = within(paths, "path")
        if inside is None:
            offered = organizations.none()
        else:
            reached = organizations.filter(inside, closed_on=None)
            tops = [path.rstrip("/").rpartition("/")[2] for path in paths]
            offered = reached.filter(pk__in=tops) | reached.filter(parent_id__in=tops)
            # Other pages link here with an organisation further down: ?organization=203
            if asked is not None:
                offered = offered | reached.filter(pk=asked)
            offered = offered.order_by("path")
        field = self.fields["organization"]
        field.queryset = offered
        chosen = asked or (here.pk if here is not None else None)
        if chosen is None and paths:
            chosen = min(paths, key=len).rstrip("/").rpartition("/")[2]
        field.initial = chosen


class ExportForm(PortalForm):
    """Format and reason of an export; the reason is written into the file and the audit."""

    format = forms.ChoiceField(
        label=_("Format"), choices=ExportFormat.choices, initial=ExportFormat.XLSX, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Purpose of the file"),
        max_length=300,
        min_length=2,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is written to the file and to the audit. Do not enter names here."),
    )

    def clean_reason(self):
        return clean_prose(self.cleaned_data["reason"])


class DeclineForm(PortalForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, min_length=2, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_reason(self):
        return clean_prose(self.cleaned_data["reason"])
