"""Forms for giving, proposing, standing in for, ending and handing over duties."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import VALIDITY
from portal.core.form_fields import DayFormField
from portal.core.roles import ADMINISTRATORS, Role
from portal.members.forms.people import ReasonForm
from portal.members.selectors import administrators_to_replace, places_to_appoint
from portal.organizations.models import Organization
from portal.web.forms import PortalForm

ORDER = _("A duty must end after it begins.")


class DatesMixin:
    """Validates that the first day comes before the last."""

    def clean(self):
        data = super().clean()
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last <= first:
            self.add_error("valid_until", ORDER)
        return data


class ReplacedField(forms.ModelChoiceField):
    """A field to choose an administrator's duty, shown by role and name."""

    def label_from_instance(self, obj):
        return f"{obj.get_role_display()} · {obj.member.name}"


class DutyForm(DatesMixin, PortalForm):
    """A form for a duty of one member.

    ``offered`` are the organisations to choose from; any other that the actor's duties reach is accepted too.
    """

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
        span=VALIDITY,
        label=_("Until (not included)"),
        required=False,
        help_text=_("Leave empty if the duty lasts until somebody ends it."),
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
    on = DayFormField(span=VALIDITY, label=_("From this day on the member no longer holds the duty"))

    field_order = ("on", "reason")


class SuccessorField(forms.ModelChoiceField):
    """A field to choose a member, shown by name."""

    def label_from_instance(self, obj):
        return obj.name


class HandOverForm(PortalForm):
    """A form that says which items go to which successor; all items are ticked at first.

    ``items`` are to-do items, identified by the URL of their page.
    """

    about_others = True

    successor = SuccessorField(
        label=_("Successor"),
        queryset=None,
        help_text=_(
            "A member who holds a duty here or above. Tasks that their duties do not permit "
            "stay unassigned and are listed."
        ),
    )
    keys = forms.MultipleChoiceField(label=_("What is handed over"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, items, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors
        self.fields["keys"].choices = [(item.url, item.title) for item in items]
        self.fields["keys"].initial = [item.url for item in items]
