"""Forms of duties: giving, proposing, standing in, ending, handing over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.form_fields import DayFormField
from portal.core.roles import ADMINISTRATORS, Role
from portal.members.forms.people import ReasonForm
from portal.members.selectors import administrators_to_replace, places_to_appoint
from portal.organizations.models import Organization
from portal.web.forms import PortalForm

ORDER = _("A duty ends after it begins.")


class DatesMixin:
    """Days in order: the first before the last."""

    def clean(self):
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last <= first:
            self.add_error("valid_until", ORDER)
        return data


class ReplacedField(forms.ModelChoiceField):
    """An administrator's duty, by kind and name."""

    def label_from_instance(self, obj):
        return f"{obj.get_role_display()} · {obj.member.name}"


class DutyForm(DatesMixin, PortalForm):
    """A duty for one person. ``offered`` are the organisations to choose from; any in her reach may be sent."""

    about_others = True

    organization = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organization.objects.none(), empty_label=None
    )
    role = forms.ChoiceField(label=_("Role"))
    replaces = ReplacedField(
        label=_("Replaces"),
        queryset=None,
        required=False,
        help_text=_("The administrator whose duty ends when this one is approved."),
    )
    valid_from = DayFormField(span=VALIDITY, label=_("From"))
    valid_until = DayFormField(
        span=VALIDITY, label=_("Until (not included)"), required=False, help_text=_("Empty: until somebody ends it.")
    )

    def __init__(self, *args, actor, offered, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = places_to_appoint(actor)
        self.offer("organization", offered)
        self.fields["role"].choices = [("", _("Please choose")), *((role, Role(role).label) for role in roles)]
        self.fields["replaces"].queryset = administrators_to_replace(actor)
        if not any(role in ADMINISTRATORS for role in roles):
            del self.fields["replaces"]


class StandInForm(DatesMixin, PortalForm):
    about_others = True

    valid_from = DayFormField(span=VALIDITY, label=_("From"))
    valid_until = DayFormField(span=VALIDITY, label=_("Until (not included)"))


class DutyEndForm(ReasonForm):
    on = DayFormField(span=VALIDITY, label=_("From this day on she holds it no more"))

    field_order = ("on", "reason")


class SuccessorField(forms.ModelChoiceField):
    """A person by name."""

    def label_from_instance(self, obj):
        return obj.name


class HandOverForm(PortalForm):
    """What goes to whom; all of it is ticked. ``items`` are to-dos, named by the address of their page."""

    about_others = True

    successor = SuccessorField(
        label=_("Successor"),
        queryset=None,
        help_text=_("Who holds a duty here or above. What her duties do not open stays with nobody, and is shown."),
    )
    keys = forms.MultipleChoiceField(label=_("What is handed over"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, items, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors
        self.fields["keys"].choices = [(item.url, item.title) for item in items]
        self.fields["keys"].initial = [item.url for item in items]
