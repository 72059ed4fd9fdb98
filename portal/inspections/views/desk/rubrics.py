"""Desk pages of rubrics: everyone who works in the area reads them, the province writes them."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from portal.audit.records import RecordView
from portal.inspections import rules
from portal.inspections.actions.rubrics import RUBRIC, VERSION
from portal.inspections.choices import VersionState
from portal.inspections.models import Rubric, RubricVersion
from portal.members.selectors import second_persons
from portal.web.templatetags.portal_ui import amount
from portal.web.views import ListView


class RubricTable(tables.Table):
    name = tables.Column(linkify=True)
    area = tables.Column(accessor="get_area_display", verbose_name=_("Work area"), order_by="area")
    code = tables.Column()

    class Meta:
        model = Rubric
        fields = ("name", "area", "code")
        order_by = ("area", "code")


class RubricListView(ListView):
    model = Rubric
    table_class = RubricTable
    narrowed = False
    title = _("Rubrics")
    empty_title = _("No rubrics here yet")
    empty_text = _("An administrator loads the rubrics that ship with the portal.")

    def can_create(self):
        return False


class RubricDetailView(RecordView):
    """A rubric and its versions."""

    model = Rubric
    actions = RUBRIC
    template_name = "inspections/rubric_detail.html"
    facts = ("area", "code")
    back_name = "inspections:rubric-list"

    def get_title(self):
        return self.object.name

    def get_context_data(self, **kwargs):
        seen = RubricVersion.objects.visible_to(self.request.user)
        versions = seen.filter(rubric=self.object).order_by("-number")
        return super().get_context_data(versions=versions, **kwargs)


class VersionDetailView(RecordView):
    """A version with its items and grades; the items of a draft can be changed here."""

    model = RubricVersion
    actions = VERSION
    template_name = "inspections/version_detail.html"

    def get_title(self):
        return _("%(name)s, version %(number)s") % {"name": self.object.rubric.name, "number": self.object.number}

    def facts_of(self, version):
        items = list(version.items.order_by("number"))
        self.groups = {}
        for item in items:
            self.groups.setdefault(item.group, []).append(item)
        facts = [
            (_("In force from"), version.valid_from),
            (_("Replaced on"), version.replaced_on),
            (_("Rubric items"), len(items)),
            (_("Points at most"), amount(sum(item.most for item in items), "odd")),
        ]
        return [{"label": label, "value": value} for label, value in facts if value not in (None, "")]

    def get_context_data(self, **kwargs):
        version = self.object
        waits = version.state == VersionState.SUBMITTED
        context = super().get_context_data(
            grades=version.grades.all(),
            changes=rules.can_change_version(self.request.user, version),
            people=second_persons(version, version.rubric.area)[:5] if waits else [],
            back_url=version.rubric.get_absolute_url(),
            **kwargs,
        )
        context["groups"] = [
            {"name": name, "items": items, "most": sum(item.most for item in items)}
            for name, items in self.groups.items()
        ]
        return context
