"""Base of all forms: crispy helper, clean input, the right keyboard, dates that may be typed."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_prose, whole_number

DASHES = BLANK_CHOICE_DASH[0][1]

# PostgreSQL's integer; a form refuses a larger number with a message, before the database does.
LARGEST_INTEGER = 2_147_483_647

DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S", "%H：%M"]
DATETIME_FORMATS = [
    *(f"%Y-%m-%dT{clock}" for clock in TIME_FORMATS),
    *(f"{day} {clock}" for day in DATE_FORMATS for clock in TIME_FORMATS),
    *(f"{day}{clock}" for day in DATE_FORMATS[-1:] for clock in TIME_FORMATS),
]


class PhoneInput(forms.TextInput):
    """A phone number: number keys on a phone; spaces and +86 may be typed."""

    input_type = "tel"

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "tel", "autocomplete": "tel", "maxlength": 24, **(attrs or {})})


class CodeInput(forms.TextInput):
    """A one-time code: number keys, and the phone suggests the code it has just received."""

    def __init__(self, attrs=None, length=6):
        keys = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": length + 2, "size": length}
        super().__init__(
            {**keys, "class": "code-input", "autocapitalize": "off", "spellcheck": "false", **(attrs or {})}
        )


class DateInput(forms.DateInput):
    """A date, picked or typed; always sent to the browser as year-month-day."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """A date and time, picked or typed, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__({"step": 60, **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """A time of day, picked or typed."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


# Plain widgets that are replaced; a widget that a form chose on purpose stays.
_BETTER_WIDGETS = {
    forms.DateInput: (DateInput, DATE_FORMATS),
    forms.DateTimeInput: (DateTimeInput, DATETIME_FORMATS),
    forms.TimeInput: (TimeInput, TIME_FORMATS),
}


def without_nul(data):
    """Return form data without NUL characters, which PostgreSQL refuses.

    The same object is returned if there are none.
    """
    if not any("\x00" in value for _key, values in data.lists() for value in values if isinstance(value, str)):
        return data
    clean = data.copy()
    for key, values in data.lists():
        clean.setlist(key, [value.replace("\x00", "") if isinstance(value, str) else value for value in values])
    return clean


class PortalFormMixin:
    """Cleans the input and adds a crispy helper.

    ``autocomplete`` maps field names to the browser's hints. Fields without a hint get "off" if ``about_others`` is
    set: staff type other people's data.
    """

    autocomplete = {}
    about_others = False
    empty_choice = _("Please choose")

    def __init__(self, data=None, *args, **kwargs):
        if hasattr(data, "lists"):
            data = without_nul(data)
        super().__init__(data, *args, **kwargs)
        for name, field in self.fields.items():
            self._dress(name, field)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def _dress(self, name, field):
        better = _BETTER_WIDGETS.get(type(field.widget))
        if better:
            widget, formats = better
            field.widget = widget({k: v for k, v in field.widget.attrs.items() if k != "type"})
            field.widget.is_required = field.required
            field.input_formats = [*formats, *(f for f in field.input_formats or () if f not in formats)]
            self._limit(field)
        self._name_empty_choice(field)
        if type(field) is forms.IntegerField:
            if field.max_value is None:
                field.validators.append(MaxValueValidator(LARGEST_INTEGER))
            if field.min_value is None:
                field.validators.append(MinValueValidator(-LARGEST_INTEGER))
            field.widget.attrs.setdefault("inputmode", "numeric")
        hint = self.autocomplete.get(name) or ("off" if self.about_others else None)
        if hint and not isinstance(field.widget, (forms.CheckboxInput, forms.RadioSelect, forms.FileInput)):
            field.widget.attrs.setdefault("autocomplete", hint)

    @staticmethod
    def _limit(field):
        """Tell the browser the first and the last day that may be picked."""
        if hasattr(field, "span"):
            first, last = field.span.limits()
            clock = ("", "") if isinstance(field.widget, DateInput) else ("T00:00", "T23:59")
            field.widget.attrs |= {"min": f"{first}{clock[0]}", "max": f"{last}{clock[1]}"}

    def offer(self, name, rows):
        """Show ``rows`` and the chosen row in a field that accepts more rows than a list can show."""
        field, rows = self.fields[name], list(rows)
        chosen = whole_number(str(self[name].value() or ""))
        if chosen is not None and all(row.pk != chosen for row in rows):
            rows += field.queryset.filter(pk=chosen)
        empty = [("", field.empty_label)] if field.empty_label is not None else []
        field.widget.choices = [*empty, *((row.pk, field.label_from_instance(row)) for row in rows)]

    def _name_empty_choice(self, field):
        # Django's row of dashes says nothing; a form's own text stays.
        if getattr(field, "empty_label", None) == DASHES:
            field.empty_label = self.empty_choice
            if not hasattr(field, "queryset"):
                # django-filter's choices refer to the field they were created with; setting them again makes them refer
                # to this one.
                field.choices = [choice for choice in field.choices if choice[0] != ""]
        elif type(field) in (forms.ChoiceField, forms.TypedChoiceField):
            choices = list(field.choices)
            if choices and choices[0] == ("", DASHES):
                field.choices = [("", self.empty_choice), *choices[1:]]


class PortalForm(PortalFormMixin, forms.Form):
    """A form without a model."""


class ConfirmForm(PortalForm):
    """A form without fields; submitting it is the answer."""


class ReasonForm(PortalForm):
    """The reason of an action; the people concerned read it."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self):
        return clean_prose(self.cleaned_data["reason"])


class PortalModelForm(PortalFormMixin, forms.ModelForm):
    """A form of a model's fields; the view passes its cleaned data to a service, never calling ``save``."""


class FilterForm(PortalFormMixin, forms.Form):
    """The form of a filter set: no field is required, and the browser remembers nothing."""

    about_others = True
    empty_choice = _("All")
