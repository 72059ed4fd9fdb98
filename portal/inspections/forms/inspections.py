"""Forms of inspections: the plan, the team, the minutes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PLANNED
from portal.core.choices import Capability
from portal.core.form_fields import DayFormField
from portal.core.text import clean_prose
from portal.inspections.selectors import candidates
from portal.members.models import Member
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


def person_words(member):
    place = member.organization.label if member.organization else ""
    return f"{member.name} ({place})" if place else member.name


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, member):
        return person_words(member)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, member):
        return person_words(member)


class TeamForm(PortalForm):
    """The inspectors and the lead, chosen among the people who may inspect for the inspecting organisation."""

    takes_actor = True
    takes_object = True

    inspectors = PeopleField(label=_("Inspectors"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple)
    lead = PersonField(
        label=_("Lead inspector"),
        queryset=Member.objects.none(),
        help_text=_("One of the inspectors. The lead inspector finishes the inspection."),
    )

    def __init__(self, *args, actor, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor, self.about = actor, about
        people = self.people()
        for name in ("inspectors", "lead"):
            self.fields[name].queryset = people
        if not self.is_bound and not self.initial.get("lead"):
            self.initial.update(self.standing())

    def people(self):
        """Return the members to choose from."""
        found = [person for person in candidates(self.about.area, self.about.organization) if self.may_inspect(person)]
        found = Member.objects.filter(pk__in=[person.pk for person in found])
        return found.select_related("organization").order_by("pinyin", "pk")

    def may_inspect(self, person):
        """Return whether ``person`` may be offered; the service checks the same."""
        return not self.about.barred(person)

    def standing(self):
        """Return what is chosen at first: the present team."""
        team = list(self.about.inspectors.all())
        lead = next((row.member_id for row in team if row.lead), None)
        return {"inspectors": [row.member_id for row in team], "lead": lead}

    def clean_inspectors(self):
        return list(self.cleaned_data["inspectors"])

    def clean(self):
        data = super().clean()
        if data.get("lead") and data.get("inspectors") and data["lead"] not in data["inspectors"]:
            self.add_error("lead", _("The lead inspector must be one of the inspectors."))
        return data


class PlanForm(TeamForm):
    """The plan of an inspection of ``about``, a row of the area; a form class names the ``area``.

    The people offered work in the area at the organisations of the actor's own duties, or above them. ``barred`` of the
    new inspection is checked by the service.
    """

    area = None
    field_order = ("organization", "planned_on", "inspectors", "lead")

    organization = forms.ModelChoiceField(
        label=_("Inspecting organisation"), queryset=Organization.objects.none(), empty_label=None
    )
    planned_on = DayFormField(span=PLANNED, label=_("Planned on"))

    def __init__(self, *args, actor, about, **kwargs):
        self.places = list(Organization.objects.filter(path__in=actor.reach(self.area, Capability.EDIT)))
        super().__init__(*args, actor=actor, about=about, **kwargs)
        field = self.fields["organization"]
        field.queryset = Organization.objects.filter(pk__in=[place.pk for place in self.places]).order_by("path")
        field.label_from_instance = lambda place: place.label

    def people(self):
        pks = {person.pk for place in self.places for person in candidates(self.area, place)}
        return Member.objects.filter(pk__in=pks).select_related("organization").order_by("pinyin", "pk")

    def standing(self):
        return {"inspectors": [self.actor.pk], "lead": self.actor.pk}


class FinishForm(PortalForm):
    minutes = forms.CharField(
        label=_("Minutes"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was inspected and said, in which order, and by whom (positions, no names)."),
    )
    confirmed = forms.BooleanField(label=_("The person present for the unit has read and confirmed the minutes."))

    def clean_minutes(self):
        return "\n".join(filter(None, map(clean_prose, self.cleaned_data["minutes"].splitlines())))
