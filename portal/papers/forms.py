"""Forms of agency words and letter templates in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.papers.kinds import letter_kinds, number_kinds
from portal.papers.models import AgencyWord, LetterTemplate
from portal.papers.services.letters import letter_check


def number_names():
    return [(code, kind.name) for code, kind in number_kinds().items()]


def letter_names():
    return [(code, kind.name) for code, kind in letter_kinds().items()]


class AgencyWordForm(forms.ModelForm):
    """Form for the agency word of an organisation for a kind of number."""

    class Meta:
        model = AgencyWord
        fields = ("organization", "kind", "word")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=number_names)


class LetterTemplateForm(forms.ModelForm):
    """Form for a new version of a template; the upload is rendered with sample values before it is accepted."""

    kind = forms.ChoiceField(label=_("Kind of letter"), choices=letter_names)
    upload = forms.FileField(label=_("Template (.docx)"))

    class Meta:
        model = LetterTemplate
        fields = ("kind", "note")

    def clean(self):
        cleaned = super().clean()
        if {"kind", "upload"} <= cleaned.keys():
            try:
                letter_check(kind=cleaned["kind"], upload=cleaned["upload"])
            except DomainError as error:
                self.add_error("upload", error.message)
        return cleaned
