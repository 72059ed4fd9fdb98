"""Forms of rubrics: items and grades of a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_prose, whole_number
from portal.inspections.models import RubricItem
from portal.inspections.scoring import Grade
from portal.web.forms import PortalForm, PortalModelForm

MOST_GRADES = 10
NAME_LENGTH = 20


class ItemForm(PortalModelForm):
    class Meta:
        model = RubricItem
        fields = (
            "number",
            "group",
            "text",
            "source",
            "points",
            "weight",
            "required",
            "veto",
            "evidence",
            "help",
        )
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "help": forms.Textarea(attrs={"rows": 2})}

    def clean_group(self):
        return clean_prose(self.cleaned_data["group"])

    def clean_text(self):
        return clean_prose(self.cleaned_data["text"])

    def clean_source(self):
        return clean_prose(self.cleaned_data["source"])

    def clean_help(self):
        return clean_prose(self.cleaned_data["help"])


class GradesForm(PortalForm):
    """The grades of a version as lines of text: the least percentage and the name."""

    grades = forms.CharField(
        label=_("Grades"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One grade on each line: the least percent of the maximum, a space, and the name. Example: 90 A"),
    )

    def clean_grades(self):
        found = [self._grade(line) for line in self.cleaned_data["grades"].splitlines() if line.strip()]
        if len(found) > MOST_GRADES:
            raise forms.ValidationError(_("At most %(count)s grades.") % {"count": MOST_GRADES})
        if len({one.least for one in found}) < len(found) or len({one.name for one in found}) < len(found):
            raise forms.ValidationError(_("Two grades have the same percentage or the same name."))
        return found

    @staticmethod
    def _grade(line):
        first, _space, name = clean_prose(line).partition(" ")
        least = whole_number(first, 100)
        if least is None or not 0 < len(name.strip()) <= NAME_LENGTH:
            raise forms.ValidationError(
                _("This line is not a percentage from 0 to 100 and a name of at most 20 characters: %(line)s")
                % {"line": line[:40]}
            )
        return Grade(least, name.strip())
