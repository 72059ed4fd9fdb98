"""Forms of guardians about who may collect a child."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from childcare.models import Enrolment, PickUpPerson
from portal.core.bounds import PAST, VALIDITY
from portal.core.form_fields import DayFormField
from portal.core.text import clean_line
from portal.members.forms.fields import PhoneField
from portal.members.models import Child
from portal.web.forms import PortalForm


class PickUpForm(PortalForm):
    """An adult who may collect the child."""

    name = forms.CharField(label=_("Full name"), max_length=60, help_text=_("As on the person's identity card."))
    phone = PhoneField()
    relation = forms.CharField(
        label=_("What the person is to the child"), max_length=30, help_text=_("For example: grandmother.")
    )
    born_on = DayFormField(span=PAST, label=_("Birth date"))
    valid_from = DayFormField(span=VALIDITY, label=_("Valid from"), initial=timezone.localdate)
    valid_until = DayFormField(
        span=VALIDITY,
        label=_("Valid until (included)"),
        required=False,
        help_text=_("Empty: until you remove the person. The first day again: for that day, once."),
    )

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])

    def clean_relation(self):
        return clean_line(self.cleaned_data["relation"])


class BarForm(PortalForm):
    """Somebody who must not collect the child."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = PhoneField(required=False)
    document = forms.CharField(
        label=_("Number of the decision"),
        max_length=60,
        help_text=_("Of the court or the authority. Show the decision to the class teacher."),
    )

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])

    def clean_document(self):
        return clean_line(self.cleaned_data["document"])


class CodeForm(PortalForm):
    """For whom a code of today is, and which children it releases."""

    takes_actor = takes_object = True

    person = forms.ModelChoiceField(
        label=_("Who comes"),
        queryset=PickUpPerson.objects.none(),
        required=False,
        empty_label=_("I come myself"),
        widget=forms.RadioSelect,
    )
    children = forms.ModelMultipleChoiceField(
        label=_("Children"), queryset=Child.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, actor, about, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        person, children = self.fields["person"], self.fields["children"]
        person.queryset = PickUpPerson.objects.listed(about.child, today)
        person.label_from_instance = lambda row: f"{row.name} · {row.relation}"
        children.queryset = Child.objects.visible_to(actor).filter(
            enrolments__in=Enrolment.objects.own(actor).placed(about.offering.site, today)
        )
        children.label_from_instance = lambda child: child.name
        children.initial = [about.child_id]
