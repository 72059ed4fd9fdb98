"""Forms of findings: what was found, the answer of the unit, the re-check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.core.text import clean_prose
from portal.exchange.documents import document_clean
from portal.inspections.choices import Severity
from portal.inspections.models import RubricItem
from portal.web.forms import PortalForm


class ItemField(forms.ModelChoiceField):
    def label_from_instance(self, item):
        return f"{item.number} {item.text}"


class FindingForm(PortalForm):
    """A finding of an inspection, ``about``; it may concern an item of the rubric."""

    takes_object = True

    item = ItemField(
        label=_("Rubric item"),
        queryset=RubricItem.objects.none(),
        required=False,
        empty_label=_("No item of the rubric"),
    )
    text = forms.CharField(label=_("What was found"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.ORDINARY, widget=forms.RadioSelect
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = about.rubric_version.items.order_by("number")

    def clean_text(self):
        return clean_prose(self.cleaned_data["text"])


class AnswerForm(PortalForm):
    answer = forms.CharField(
        label=_("What was done"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Do not enter names or phone numbers here."),
    )
    upload = forms.FileField(
        label=_("Photo or file as evidence"),
        required=False,
        help_text=_("A photograph, a PDF or an Office document, at most 10 MB."),
        widget=forms.FileInput(),
    )

    def clean_answer(self):
        return clean_prose(self.cleaned_data["answer"])

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        try:
            return document_clean(upload)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None


class RecheckForm(PortalForm):
    accepted = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("Rectified: close the finding")), ("no", _("Not rectified: open it again"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was seen"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed if the finding is opened again."),
    )

    def clean_note(self):
        return clean_prose(self.cleaned_data["note"])

    def clean(self):
        data = super().clean()
        if data.get("accepted") is False and not data.get("note"):
            self.add_error("note", _("Say what is still to be rectified."))
        return data
