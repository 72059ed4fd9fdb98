"""Forms of the days of a class."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.choices.days import Absence, OutingKind
from childcare.choices.incidents import IncidentKind
from portal.core.bounds import PAST, PLANNED
from portal.core.form_fields import DayFormField, MomentFormField
from portal.core.text import clean_code, clean_line
from portal.web.forms import CodeInput, PortalForm

# A week in milliseconds.
OLDEST = 7 * 24 * 3600 * 1000


class TapForm(forms.Form):
    """One tap on the list of a day: what it says of the child, and when it was tapped."""

    to = forms.ChoiceField(choices=[("here", "here"), ("expected", "expected")])
    # How many milliseconds ago it was tapped: the clock of the device may be wrong, but not what it measures.
    age = forms.IntegerField(required=False, min_value=0, max_value=OLDEST)

    def moment(self):
        """Return when it was tapped, or None for now."""
        age = self.cleaned_data["age"]
        return timezone.now() - timedelta(milliseconds=age) if age else None


class OutingTapForm(TapForm):
    """One tap on a child of an outing."""

    to = forms.ChoiceField(choices=[("out", "out"), ("back", "back"), ("stays", "stays")])


class OutingForm(PortalForm):
    """An outing or a ride."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OutingKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Where to, and the number of the vehicle"), max_length=60)


class PresenceForm(forms.Form):
    """One tap on somebody of the staff: here, at a training elsewhere, or gone."""

    staff = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    to = forms.ChoiceField(choices=[("here", "here"), ("elsewhere", "elsewhere"), ("gone", "gone")])


class AwayForm(PortalForm):
    """Why a child does not come today."""

    absence = forms.ChoiceField(label=_("Why absent"), choices=Absence.choices, widget=forms.RadioSelect)


class AbsenceForm(AwayForm):
    """The day on which a child does not come, as its guardian says it."""

    on = DayFormField(span=PLANNED, label=_("Day"), initial=timezone.localdate)
    field_order = ("on", "absence")


class CollectForm(PortalForm):
    """Who collects a child: a code, or a listed adult whose identity card was compared, or somebody else."""

    takes_object = True

    code = forms.CharField(
        label=_("Pick-up code"), max_length=20, required=False, widget=CodeInput(attrs={"autocomplete": "off"})
    )
    is_person = forms.BooleanField(label=_("The code is for the person who stands here"), required=False)
    adult = forms.ChoiceField(label=_("Without a code: who came"), required=False, widget=forms.RadioSelect)
    compared = forms.BooleanField(label=_("I have compared the identity card with this name"), required=False)
    who = forms.CharField(
        label=_("Name of somebody else"),
        max_length=60,
        required=False,
        help_text=_("The child is not given to this person. The attempt is recorded, and the guardian is told."),
    )
    also = forms.MultipleChoiceField(
        label=_("Siblings who leave too"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_read = forms.BooleanField(label=_("I have read the allergies and medicines of the child"), required=False)

    ELSE = "else"

    def __init__(self, *args, about, adults, siblings, **kwargs):
        super().__init__(*args, **kwargs)
        self.adults = {adult.key: adult for adult in adults}
        named = [(key, self._words(adult)) for key, adult in self.adults.items()]
        self.fields["adult"].choices = [*named, (self.ELSE, _("Somebody who is not on the list"))]
        self.siblings = {str(row.pk): row for row in siblings}
        self.fields["also"].choices = [(pk, row.enrolment.child.name) for pk, row in self.siblings.items()]
        if not siblings:
            del self.fields["also"]
        if not any(row.enrolment.has_alert for row in [about, *siblings]):
            del self.fields["is_read"]

    @staticmethod
    def _words(adult):
        return f"{adult.name} · {adult.relation or _('Parent or guardian')}"

    def clean(self):
        data = super().clean()
        code, chosen = clean_code(data.get("code") or ""), data.get("adult")
        who = clean_line(data.get("who") or "")
        if not code and not chosen:
            self.add_error("code", _("Type the code, or choose who came."))
        elif not code and chosen == self.ELSE and not who:
            self.add_error("who", _("Type the name that this person gives."))
        elif not code and chosen != self.ELSE and not data.get("compared"):
            self.add_error("compared", _("Without a code the identity card must be compared."))
        return {
            "code": code,
            "adult": None if code or chosen == self.ELSE else self.adults.get(chosen),
            "who": who if not code and chosen == self.ELSE else "",
            "is_read": data.get("is_read", False),
            "is_person": data.get("is_person", False),
            "also": [self.siblings[pk] for pk in data.get("also") or () if pk in self.siblings],
        }


class IncidentForm(PortalForm):
    """A safety incident on a day of a class."""

    takes_object = True

    kind = forms.ChoiceField(label=_("Kind"), choices=IncidentKind.choices)
    happened_at = MomentFormField(span=PAST, label=_("Happened at"), initial=timezone.now)
    attendance = forms.ModelChoiceField(
        label=_("Child concerned"),
        queryset=None,
        required=False,
        help_text=_("Only the teachers of the class see which child it is."),
    )
    text = forms.CharField(
        label=_("What happened, and what was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The union reads this. Write no name of a child here. It cannot be changed, only added to."),
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["attendance"]
        field.queryset = about.rows.current().for_list().order_by("enrolment__place")
        field.label_from_instance = lambda row: row.enrolment.child.name


class IncidentNoteForm(PortalForm):
    """What is added to the report of an incident."""

    text = forms.CharField(label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
