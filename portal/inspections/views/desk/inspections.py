"""Base pages of inspections: an area names its model and actions."""

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views import generic
from django.views.generic.detail import SingleObjectMixin

from portal.audit.records import RecordView
from portal.exchange.storage import file_response
from portal.inspections import rules
from portal.inspections.choices import OPEN_FINDINGS, WITH_RESULT, InspectionState
from portal.inspections.selectors import groups_of, progress_of, result_of
from portal.inspections.views.desk.scores import ScoreFileView, ScoreGroupView, ScoreItemView, ScoreStartView
from portal.organizations.records import Records
from portal.web.views import ScopedMixin


class InspectionDetailView(RecordView):
    """An inspection: its team and progress, then its result, the scores by group, and the findings."""

    shell = None
    template_name = "inspections/inspection_detail.html"

    def get_title(self):
        return _("Inspection no. %(number)s: %(subject)s") % {
            "number": self.object.pk,
            "subject": self.object.subject,
        }

    def facts_of(self, inspection):
        version = inspection.rubric_version
        facts = [
            {"label": _("Inspected unit"), "value": inspection.unit.name},
            {"label": _("Inspecting organisation"), "value": inspection.organization.name},
            {"label": _("Planned on"), "value": inspection.planned_on},
            {"label": _("Held on"), "value": inspection.held_on},
            {
                "label": _("Rubric"),
                "value": _("%(name)s, version %(number)s") % {"name": version.rubric.name, "number": version.number},
                "url": version.get_absolute_url(),
            },
        ]
        return [fact for fact in facts if fact["value"]]

    def get_context_data(self, **kwargs):
        inspection, actor = self.object, self.request.user
        begun = inspection.state in (InspectionState.UNDER_WAY, *WITH_RESULT)
        groups = groups_of(inspection) if begun else []
        has_result = inspection.state in WITH_RESULT
        result = result_of(inspection, groups) if has_result else None
        done, count = progress_of(groups)
        findings = inspection.findings.select_related("item").order_by("pk")
        return super().get_context_data(
            **{
                "subtitle": inspection.unit.name,
                "team": sorted(inspection.inspectors.all(), key=lambda row: (not row.lead, row.pk)),
                "groups": groups if has_result or rules.can_edit_inspection(actor, inspection) else [],
                "notice_url": reverse(
                    f"{self.model._meta.app_label}:{self.actions.prefix}-document", args=[inspection.pk]
                )
                if inspection.notice_file_id
                else "",
                "file_url_name": f"{self.model._meta.app_label}:{self.actions.prefix}-file",
                "result": result,
                "has_result": has_result,
                "done": done,
                "count": count,
                "findings": findings,
                "open_findings": sum(finding.state in OPEN_FINDINGS for finding in findings),
                **({} if actor.is_desk else {"entries": [], "back_url": inspection.keepers_url()}),
                **kwargs,
            }
        )


class NoticeDocumentView(ScopedMixin, SingleObjectMixin, generic.View):
    """The rectification notice, for everyone who may see the inspection."""

    shell = None

    def get(self, request, *args, **kwargs):
        inspection = self.get_object()
        if inspection.notice_file is None:
            raise Http404
        return file_response(inspection.notice_file)


class InspectionPages(Records):
    """List, page, scoring and steps of the inspections of an area.

    An area sets ``model``, ``area``, ``prefix``, ``path``, ``title``, ``columns`` and ``actions`` (see
    ``inspection_actions``). Inspections are planned by an action on what is inspected (``plan_action``).
    """

    row_name = "inspection"
    title = _("Inspections")
    empty_title = _("No inspections here yet")
    empty_text = _("An inspection is planned on the page of what is inspected.")
    detail_view = InspectionDetailView

    @classmethod
    def urls(cls):
        """Return the URL patterns of the pages, of the actions, and of the scores."""
        row = f"{cls.path}<int:pk>/"
        common = {"model": cls.model, "prefix": cls.prefix, "__module__": cls.__module__}
        pages = (
            (f"{row}score/", "score", ScoreStartView),
            (f"{row}score/<int:group>/", "group", ScoreGroupView),
            (f"{row}items/<int:item>/", "item", ScoreItemView),
            (f"{row}files/<int:score>/", "file", ScoreFileView),
        )
        found = super().urls()
        if cls.model.notice_code:
            pages += ((f"{row}notice/file/", "document", NoticeDocumentView),)
        for route, name, view in pages:
            made = type(f"{cls.prefix.title()}{view.__name__}", (view,), common)
            found.append(path(route, made.as_view(), name=f"{cls.prefix}-{name}"))
        return found
