"""Base pages of findings: an area names its model and actions."""

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django.views.generic.detail import SingleObjectMixin

from portal.audit.records import RecordView
from portal.deadlines.selectors import counted
from portal.exchange.storage import file_response
from portal.inspections.choices import FindingState
from portal.organizations.records import Records
from portal.web.views import ScopedMixin


class FindingDetailView(RecordView):
    """A finding: what was found, its due day and how it is counted, the answer, the re-check.

    It is opened on a phone by those who answer for the unit without a duty.
    """

    shell = None
    template_name = "inspections/finding_detail.html"

    def get_title(self):
        return _("Finding no. %(number)s") % {"number": self.object.pk}

    def facts_of(self, finding):
        inspection = finding.inspection
        facts = [
            {"label": _("Inspection"), "value": str(inspection.subject), "url": inspection.get_absolute_url()},
            {"label": _("Severity"), "value": finding.get_severity_display()},
            {"label": _("Rubric item"), "value": f"{finding.item.number} {finding.item.text}" if finding.item else ""},
            {"label": _("Law or rule"), "value": finding.item.source if finding.item else ""},
            {"label": _("Recorded by"), "value": finding.created_by.name},
            {"label": _("Opened again"), "value": finding.returned},
        ]
        return [fact for fact in facts if fact["value"]]

    def get_context_data(self, **kwargs):
        finding = self.object
        runs = finding.state == FindingState.TO_RECTIFY and finding.due_on is not None
        name = f"{self.model._meta.app_label}:{self.actions.prefix}-file"
        return super().get_context_data(
            **{
                "subtitle": finding.inspection.subject,
                "runs": runs,
                "source": counted(finding, finding.clock_code) if runs else "",
                "file_url": reverse(name, args=[finding.pk]) if finding.file_id else "",
                "back_url": finding.inspection.get_absolute_url(),
                **({} if self.request.user.is_desk else {"entries": []}),
                **kwargs,
            }
        )


class FindingFileView(ScopedMixin, SingleObjectMixin, generic.View):
    """The evidence of an answer, for everyone who may see the finding."""

    shell = None

    def get(self, request, *args, **kwargs):
        finding = self.get_object()
        if finding.file is None:
            raise Http404
        return file_response(finding.file)


class FindingPages(Records):
    """List, page and steps of the findings of an area.

    An area sets ``model``, ``area``, ``prefix``, ``path`` and ``actions`` (see ``finding_actions``).
    """

    row_name = "finding"
    title = _("Findings")
    empty_title = _("No findings here yet")
    empty_text = _("Findings are recorded during inspections.")
    columns = ("text", "severity", "due_on", "state")
    detail_view = FindingDetailView

    @classmethod
    def urls(cls):
        """Return the URL patterns of the pages, of the actions, and of the evidence."""
        common = {"model": cls.model, "__module__": cls.__module__}
        made = type(f"{cls.prefix.title()}FileView", (FindingFileView,), common)
        return [
            *super().urls(),
            path(f"{cls.path}<int:pk>/file/", made.as_view(), name=f"{cls.prefix}-file"),
        ]
