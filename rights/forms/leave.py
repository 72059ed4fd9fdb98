"""The form of the maternity-leave calculator."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import Span
from portal.core.form_fields import DayFormField
from portal.organizations.models import Region
from portal.web.forms import PortalForm
from rights.leave import LeaveKind
from rights.selectors.leave import provinces

CHILDREN = [(1, _("First child")), (2, _("Second child")), (3, _("Third child or later"))]
MOST_BABIES, MOST_MONTHS = 9, 10
# Also for a leave long past, as in a dispute; three years ahead is later than any leave that can be foreseen.
LEAVE_DAYS = Span(first=date(2015, 1, 1), last=date(2099, 12, 31), ahead=3)
# A birth is at most a year away from the first day of the leave.
FARTHEST_DAYS = 366


class LeaveForm(PortalForm):
    # The browser of a shared phone or computer must not offer these dates to the next person.
    about_others = True

    kind = forms.ChoiceField(
        label=_("Birth or miscarriage"), choices=LeaveKind.choices, widget=forms.RadioSelect, initial=LeaveKind.BIRTH
    )
    first_day = DayFormField(label=_("First day of the leave"), span=LEAVE_DAYS)
    region = forms.ModelChoiceField(label=_("Province of the employer"), queryset=Region.objects.none())
    child = forms.TypedChoiceField(label=_("Which child"), choices=CHILDREN, coerce=int, initial=1)
    babies = forms.IntegerField(
        label=_("Number of babies"),
        help_text=_("1, or 2 for twins, 3 for triplets."),
        min_value=1,
        max_value=MOST_BABIES,
        initial=1,
    )
    months = forms.IntegerField(
        label=_("Full months of the pregnancy"),
        help_text=_("Only after a miscarriage."),
        min_value=0,
        max_value=MOST_MONTHS,
        required=False,
    )
    born = DayFormField(
        label=_("Day of birth, or expected day of birth"),
        help_text=_("For nursing time and protection until the first birthday."),
        span=LEAVE_DAYS,
        required=False,
    )
    last_period = DayFormField(
        label=_("First day of the last period"),
        help_text=_("For the day from which there is no overtime and no night work."),
        span=LEAVE_DAYS,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = provinces()

    def clean(self):
        data = super().clean()
        first, born, last_period = data.get("first_day"), data.get("born"), data.get("last_period")
        if data.get("kind") == LeaveKind.MISCARRIAGE and data.get("months") is None and "months" not in self.errors:
            self.add_error("months", _("Enter the full months of the pregnancy: the days of leave depend on them."))
        if first and born and abs((born - first).days) > FARTHEST_DAYS:
            self.add_error("born", _("The day of birth is more than a year away from the first day of the leave."))
        if last_period and any(day and day <= last_period for day in (first, born)):
            self.add_error("last_period", _("The last period begins before the leave and before the birth."))
        return data
