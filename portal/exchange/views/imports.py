"""Pages of imports: choose a list, upload, see the dry run, confirm or discard, take back."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views import generic

from portal.audit.selectors import history
from portal.core.choices import Capability
from portal.core.text import whole_number
from portal.exchange import rules, storage
from portal.exchange.choices import RunState
from portal.exchange.filters import ImportRunFilter
from portal.exchange.forms import ImportStartForm
from portal.exchange.models import ImportRun
from portal.exchange.registers import registers
from portal.exchange.services.imports import import_confirm, import_discard, import_start, import_take_back
from portal.exchange.tables import ImportRunTable, run_badge
from portal.exchange.workbooks import XLSX, faults_workbook, template_workbook
from portal.web.context import Shell
from portal.web.views import ActionView, DetailView, ListView, PerformMixin, ShellMixin

FAULTS_SHOWN = 50
STEPS = (_("Template"), _("Upload"), _("Check"), _("Confirm"), _("Result"))


def step_line(current, stopped=False):
    """Return the five steps of an import for the step line.

    ``current`` counts from 1; 6 means "all done".
    """
    line = []
    for number, label in enumerate(STEPS, start=1):
        state = "done" if number < current else "next"
        if number == current:
            state = "stopped" if stopped else "current"
        line.append({"label": label, "state": state})
    return line


class RegisterMixin(ShellMixin):
    """A page about one register.

    Answers 404 for a code that no app declares or without the right to view its area, and 403 without the right to fill
    the register anywhere.
    """

    def dispatch(self, request, *args, **kwargs):
        self.register = registers().get(kwargs["register"])
        if self.register is None:
            raise Http404
        if request.user.is_authenticated:
            if not request.user.reach(self.register.area, Capability.VIEW):
                raise Http404
            if not request.user.reach(self.register.area, self.register.capability):
                raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class RegisterListView(ShellMixin, generic.TemplateView):
    """The registers that the actor may fill."""

    template_name = "exchange/import_run_registers.html"
    title = _("Lists from Excel")

    def get_context_data(self, **kwargs):
        actor = self.request.user
        open_to_her = [r for r in registers().values() if actor.reach(r.area, r.capability)]
        return super().get_context_data(registers=open_to_her, **kwargs)


class ImportStartView(PerformMixin, RegisterMixin, generic.FormView):
    """Steps 1 and 2: the template and the upload, with the latest uploads."""

    cost_of_post = "import"
    template_name = "exchange/import_run_start.html"
    form_class = ImportStartForm

    def get_title(self):
        return self.register.title

    def get_form_kwargs(self):
        asked = self.request.GET.get("organization", "")
        asked = whole_number(asked)
        return {
            **super().get_form_kwargs(),
            "actor": self.request.user,
            "register": self.register,
            "here": Shell(self.request).here,
            "asked": asked,
        }

    def perform(self, form):
        return import_start(
            actor=self.request.user,
            organization=form.cleaned_data["organization"],
            register=self.register,
            upload=form.cleaned_data["file"],
        )

    def get_context_data(self, **kwargs):
        recent = ImportRun.objects.visible_to(self.request.user).filter(register=self.register.code).for_list()
        runs = list(recent[:5])
        return super().get_context_data(
            register=self.register,
            columns=self.register.columns,
            steps=step_line(2),
            recent=[{"run": run, "badge": run_badge(run)} for run in runs],
            template_url=reverse("exchange:import-template", args=[self.register.code]),
            **kwargs,
        )


class TemplateView(RegisterMixin, generic.View):
    """The template of a register as a workbook in the reader's language."""

    cost = "import"

    def get(self, request, *args, **kwargs):
        return workbook_response(template_workbook(self.register), slugify(self.register.code) + "-template")


def workbook_response(content, name):
    """Return a workbook made by the portal as a download."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return storage.guard(response)


class ImportRunListView(ListView):
    """The history of imports."""

    model = ImportRun
    table_class = ImportRunTable
    filterset_class = ImportRunFilter
    title = _("Previous lists from Excel")
    empty_title = _("No list has been uploaded yet")
    empty_text = _("Every upload appears here with its result.")

    def can_create(self):
        return False


class RunMixin:
    """A page about one import.

    Answers 404 outside the reader's scope, and 403 to a reader who may see the area there but not fill its registers.
    """

    model = ImportRun
    rule = rules.can_edit_run

    def get_queryset(self):
        return ImportRun.objects.reached_by(self.request.user, Capability.VIEW).select_related(
            "organization", "uploaded_by", "file", "job"
        )


class ImportRunView(RunMixin, DetailView):
    """Steps 3 to 5: progress, findings, decision and result."""

    template_name = "exchange/import_run_detail.html"

    def get_title(self):
        register = self.object.declared
        return register.title if register else self.object.register

    def get_context_data(self, **kwargs):
        run, actor = self.object, self.request.user
        stuck = rules.is_stuck(run)
        register = run.declared
        return super().get_context_data(
            run=run,
            badge=run_badge(run),
            steps=run_steps(run, stuck),
            facts=run_facts(run),
            working=run.needs_worker and not stuck and not rules.is_held(run),
            held=rules.is_held(run),
            stuck=stuck,
            job_title=_("Being imported") if run.state == RunState.IMPORTING else _("Being checked"),
            faults=run.faults[:FAULTS_SHOWN],
            faults_total=run.fault_count + run.warning_count + run.known,
            can_confirm=rules.can_confirm_run(actor, run),
            can_discard=rules.can_discard_run(actor, run),
            can_take_back=rules.can_take_back_run(actor, run),
            rows_url=register.rows_url(run) if register and run.state == RunState.IMPORTED else "",
            new_rows=run.rows - run.known,
            entries=history(run),
            **kwargs,
        )


def run_steps(run, stuck):
    """Return the step line of a run."""
    if run.state in (RunState.UPLOADED, RunState.CHECKED_FAULTY, RunState.UNREADABLE, RunState.REPEATED):
        return step_line(3, stopped=stuck or run.state != RunState.UPLOADED)
    if run.state in (RunState.CHECKED_CLEAN, RunState.DISCARDED):
        return step_line(4, stopped=run.state == RunState.DISCARDED)
    if run.state == RunState.IMPORTED:
        return step_line(6)
    return step_line(5, stopped=stuck or run.state == RunState.TAKEN_BACK)


def run_facts(run):
    """Return the key facts of a run."""
    facts = [
        {"label": _("Organisation"), "value": run.organization.name},
        {"label": _("File"), "value": run.file.name},
        {"label": _("Uploaded by"), "value": run.uploaded_by.name},
        {"label": _("Rows"), "value": str(run.rows)},
        {"label": _("Cells with errors"), "value": str(run.fault_count)},
        {"label": _("Warnings"), "value": str(run.warning_count)},
        {"label": _("Already there"), "value": str(run.known)},
    ]
    if run.state in (RunState.IMPORTED, RunState.TAKEN_BACK):
        facts.append({"label": _("Added"), "value": str(run.added)})
    return facts


class ImportRunPartView(RunMixin, DetailView):
    """The fragment that polls the progress of the job; when the job is over, the whole page reloads."""

    def render_to_response(self, context, **kwargs):
        run = self.object
        over = not run.needs_worker or rules.is_stuck(run)
        response = render(
            self.request,
            "components/job.html",
            {
                "job": run.job,
                "url": reverse("exchange:run-part", args=[run.pk]),
                "title": run.get_state_display(),
            },
        )
        if over:
            response["HX-Refresh"] = "true"
        return response


class FaultsView(RunMixin, DetailView):
    """The list of wrong cells as a workbook."""

    cost = "import"

    def render_to_response(self, context, **kwargs):
        return workbook_response(faults_workbook(self.object), f"import-{self.object.pk}-to-correct")


class RunActionView(RunMixin, ActionView):
    """An action on one import."""


class ImportConfirmView(RunActionView):
    """Step 4: confirm the list."""

    title = _("Import this list")
    action_label = _("Import the list")
    consequence = _("Either all lines of the list are written, or none.")

    row_name = "run"
    service = import_confirm


class ImportDiscardView(RunActionView):
    title = _("Discard this list")
    action_label = _("Discard the list")
    consequence = _("The uploaded file is deleted. None of its content has been written.")
    success_message = _("The list was discarded.")

    row_name = "run"
    service = import_discard


class ImportTakeBackView(RunActionView):
    title = _("Undo this import")
    action_label = _("Undo the import")
    consequence = _("All lines that this file added are deleted. This is possible only while none of them is in use.")
    danger = True
    success_message = _("The import was undone.")

    row_name = "run"
    service = import_take_back
