"""The form of parents who look for a class or a nursery place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childcare.selectors.finder import Wanted
from portal.core.bounds import PAST, PLANNED
from portal.core.form_fields import DayFormField
from portal.organizations.models import Region
from portal.web.forms import FilterForm


class FinderForm(FilterForm):
    """City, a day, and the child's birth date; what cannot be read filters nothing."""

    city = forms.ModelChoiceField(
        label=_("City"),
        queryset=Region.objects.filter(level=2, statistical=False),
        required=False,
        to_field_name="code",
    )
    on = DayFormField(span=PLANNED, label=_("Care on this day"), required=False)
    born_on = DayFormField(span=PAST, label=_("The child's birth date"), required=False)
    open = forms.BooleanField(
        label=_("With free places only"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def wanted(self):
        """Return what is looked for."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(found.get("city"), found.get("on"), found.get("born_on"), found.get("open", False))
