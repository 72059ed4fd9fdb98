"""The form of one item on the page where inspectors enter scores."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError
from portal.core.text import clean_prose
from portal.exchange.documents import document_clean
from portal.exchange.pictures import picture_clean
from portal.inspections.choices import EvidenceKind
from portal.web.forms import PortalForm

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
PICTURES = "image/jpeg,image/png,image/webp"
# The end of 2099.
LATEST = 4_102_444_799_000
CONTROL = {"class": "form-control"}


def answers_of(item):
    """Return the choices of an item: yes and no, or each number of points, and "does not apply" if it is optional."""
    if item.by_yes_or_no:
        found = [(YES, _("Yes")), (NO, _("No"))]
    else:
        found = [(str(points), str(points)) for points in range(item.points, -1, -1)]
    return found if item.required else [*found, (NOT_APPLICABLE, _("Does not apply"))]


def answer_in(line):
    """Return the stored answer of a line as a choice of its item; "" without one."""
    mark = line.mark
    if not mark.applies:
        return NOT_APPLICABLE
    if mark.met is None:
        return ""
    return (YES if mark.met else NO) if line.item.by_yes_or_no else str(mark.points)


class ScoreForm(PortalForm):
    """The answer to one item; the prefix keeps the items of a page apart."""

    answer = forms.ChoiceField(label=_("Score"), required=False, widget=forms.RadioSelect)
    number = forms.DecimalField(
        label=_("Measured"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", **CONTROL}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 1, **CONTROL})
    )
    upload = forms.FileField(required=False)
    # Milliseconds since 1970; a script takes them from the file. The photo itself is stored without metadata.
    taken = forms.IntegerField(required=False, min_value=0, max_value=LATEST, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, line):
        self.line, self.item = line, line.item
        score = line.score
        super().__init__(
            data,
            files,
            prefix=f"i{self.item.pk}",
            initial={
                "answer": answer_in(line),
                "number": score.number if score else None,
                "note": score.note if score else "",
            },
        )
        self.fields["answer"].choices = answers_of(self.item)
        if self.item.evidence != EvidenceKind.NUMBER:
            del self.fields["number"]
        upload = self.fields["upload"]
        if self.item.evidence == EvidenceKind.FILE:
            upload.label, upload.widget = _("File"), forms.FileInput(attrs=CONTROL)
        else:
            upload.label = _("Photo")
            upload.widget = forms.FileInput(attrs={"accept": PICTURES, "capture": "environment", **CONTROL})

    def clean_note(self):
        return clean_prose(self.cleaned_data["note"])

    def clean_upload(self):
        """Return the upload as (name, content, content type), or None."""
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        try:
            if self.item.evidence == EvidenceKind.FILE:
                return document_clean(upload)
            return "photo.jpg", picture_clean(upload), "image/jpeg"
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from None

    def clean_taken(self):
        """Return when the photo was taken as a moment, or None."""
        taken = self.cleaned_data["taken"]
        return datetime.fromtimestamp(taken / 1000, tz=timezone.get_current_timezone()) if taken else None

    @property
    def given(self):
        """The answer as ``score_set`` takes it."""
        answer = self.cleaned_data["answer"]
        by_points = answer.isdecimal()
        return {
            "points": int(answer) if by_points else None,
            "met": None if by_points or answer in ("", NOT_APPLICABLE) else answer == YES,
            "applies": answer != NOT_APPLICABLE,
            "note": self.cleaned_data["note"],
            "number": self.cleaned_data.get("number"),
        }

    @property
    def says_something(self):
        """Whether the form has anything to save: an empty item without a row has not."""
        return (
            self.line.score is not None
            or any(self.cleaned_data.get(name) for name in ("answer", "note"))
            or (self.cleaned_data.get("number") is not None)
        )
