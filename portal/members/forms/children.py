"""Forms for the children of a member."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PAST
from portal.core.choices import Sex
from portal.core.form_fields import DayFormField
from portal.core.text import clean_line, clean_prose
from portal.members.choices import ChildRelation
from portal.web.forms import PortalForm


class ChildForm(PortalForm):
    about_others = True

    name = forms.CharField(label=_("The child's full name"), min_length=2, max_length=60)
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    born_on = DayFormField(span=PAST, label=_("Birth date"), help_text=_("Only children under 18 can be entered."))
    relation = forms.ChoiceField(
        label=_("Your relationship to the child"), choices=[("", _("Please choose")), *ChildRelation.choices]
    )

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class ChildCreateForm(ChildForm):
    """A form for a child's data, with the consent without which nothing is kept."""

    agree = forms.BooleanField(label=_("I have read this and agree, as the child's parent or guardian"))

    def clean(self):
        data = super().clean()
        data.pop("agree", None)
        return data


class ChildUpdateForm(ChildForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ChildCareForm(PortalForm):
    """A form for what carers must know; it asks for the consent as long as that is not given."""

    about_others = True

    care_notes = forms.CharField(
        label=_("What carers must know"),
        help_text=_("Allergies, illnesses, medicines and their doses, and what to do if something happens."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    agree = forms.BooleanField(label=_("I have read this and agree, as the child's parent or guardian"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, agreed, **kwargs):
        super().__init__(*args, **kwargs)
        if agreed:
            del self.fields["agree"]

    def clean_care_notes(self):
        return "\n".join(map(clean_prose, self.cleaned_data["care_notes"].splitlines())).strip()
