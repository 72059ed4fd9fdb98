"""The day of a class for its teachers: the list, arrivals and absences, staff, incidents, closing."""

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from childcare.choices.days import AttendanceState
from childcare.choices.sites import StaffRole
from childcare.forms import days as forms
from childcare.forms.pickups import BarForm
from childcare.models import Attendance, CareStaff, ClassDay, ClassTerm, Incident, IncidentNote
from childcare.selectors.days import head_count, ratio_of
from childcare.selectors.enrolments import mark_twins
from childcare.selectors.pickups import adults_of, bars_of, siblings_of
from childcare.services import days as services
from childcare.services import incidents, pickups
from portal.audit.services import audit_record
from portal.core.errors import DomainError
from portal.members.views.member.sign_in import FreshRequiredMixin, fresh_url, is_fresh
from portal.web.own import OwnActionView, OwnFormView, OwnRowMixin


class ClassTodayView(OwnActionView):
    """Opens today's list of a class, if the clock has not done it yet."""

    model = ClassTerm
    row_name = "term"
    title = _("Open today's list")
    consequence = _("The list of the children for today is opened.")

    def own_rows(self):
        return ClassTerm.objects.taught_by(self.request.user).for_list()

    def perform(self, form):
        return services.day_open(term=self.object, on=timezone.localdate())

    def next_url(self, result):
        return result.get_absolute_url() if result else reverse("childcare:class-people", args=[self.object.pk])


class DayMixin(OwnRowMixin):
    """A page of one day, for the teachers of the class."""

    model = ClassDay
    row_name = "day"

    def own_rows(self):
        return ClassDay.objects.visible_to(self.request.user).for_list()


class EarlierIsFreshMixin:
    """Asks for a fresh code on pages of earlier days; those of today open at once, because children wait.

    ``day_of`` returns the day of the page's row.
    """

    def day_of(self):
        return self.object.day

    def get(self, request, *args, **kwargs):
        if self.day_of().on != timezone.localdate() and not is_fresh(request):
            return redirect(fresh_url(request))
        return super().get(request, *args, **kwargs)


class DayShowView(EarlierIsFreshMixin, DayMixin, generic.TemplateView):
    """Which child is here, expected, absent or collected, and which staff are with them; each look is recorded."""

    def day_of(self):
        return self.object

    template_name = "childcare/day_show.html"

    def get_title(self):
        return self.object.term.title

    def get_context_data(self, **kwargs):
        day = self.object
        rows = list(day.rows.current().for_list().order_by("enrolment__place"))
        mark_twins([row.enrolment for row in rows])
        audit_record(actor=self.request.user, action="day.children_read", about=day)
        present = {row.staff_id: row for row in day.presences.filter(left_at=None)}
        staff = CareStaff.objects.current().filter(site=day.term.site_id, confirmed_by__isnull=False)
        return super().get_context_data(
            day=day,
            rows=rows,
            counts=head_count(rows),
            ratio=ratio_of(day),
            staff=[(row, present.get(row.pk)) for row in staff.select_related("member").order_by("role", "pk")],
            outings=day.outings.order_by("pk"),
            incidents=day.term.incidents.filter(happened_on=day.on).order_by("pk"),
            is_open=day.closed_at is None and day.on == timezone.localdate(),
            may_reopen=day.closed_at is not None and day.on == timezone.localdate(),
            **kwargs,
        )


class PresenceView(DayMixin, View):
    """One tap on somebody of the staff."""

    http_method_names = ["post"]

    def post(self, request, pk):
        form = forms.PresenceForm(request.POST)
        if form.is_valid():
            staff = get_object_or_404(
                CareStaff.objects.current(), pk=form.cleaned_data["staff"], site=self.object.term.site
            )
            to, about = form.cleaned_data["to"], {"actor": request.user, "day": self.object, "staff": staff}
            if to == "gone":
                services.presence_end(**about)
            else:
                services.presence_begin(**about, counts=to == "here")
        return HttpResponseRedirect(self.object.get_absolute_url())


class DayCloseView(DayMixin, OwnActionView):
    service = services.day_close
    title = _("Close the day")
    consequence = _(
        "Nothing of this day can be changed any more. Children who were expected and not explained are noted."
    )
    danger = True
    success_message = _("The day is closed.")


class DayReopenView(DayMixin, OwnActionView):
    service = services.day_reopen
    title = _("Open the day again")
    consequence = _("Entries of today can be made again.")
    success_message = _("The day is open.")


class DayIncidentView(DayMixin, OwnFormView):
    """Reports an incident, also some days after the class."""

    service = incidents.incident_report
    form_class = forms.IncidentForm
    title = _("Report an incident")
    submit_label = _("Report to the union")
    success_message = _("The union is told. Add more below the report when you know more.")

    def own_rows(self):
        return ClassDay.objects.reported_by(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        # The form names the children of the day.
        audit_record(actor=self.request.user, action="day.children_read", about=self.object)
        return super().get_context_data(back_url=reverse("childcare:class-find"), **kwargs)

    def next_url(self, result):
        return reverse("childcare:incident-show", args=[result.pk])


class IncidentMixin(OwnRowMixin):
    """The report of an incident, for the teachers of the class."""

    model = Incident
    row_name = "incident"

    def own_rows(self):
        rows = Incident.objects.taught_by(self.request.user)
        return rows.select_related("term__site__organization", "attendance__enrolment__child", "reported_by")


class IncidentShowView(IncidentMixin, generic.TemplateView):
    template_name = "childcare/incident_show.html"
    title = _("Safety incident")

    def get_context_data(self, **kwargs):
        audit_record(actor=self.request.user, action="incident.children_read", about=self.object)
        notes = IncidentNote.objects.filter(incident=self.object).select_related("written_by").order_by("pk")
        return super().get_context_data(notes=notes, back_url=reverse("childcare:class-find"), **kwargs)


class IncidentAddView(IncidentMixin, OwnFormView):
    service = incidents.incident_note
    form_class = forms.IncidentNoteForm
    title = _("Add to the report")
    submit_label = _("Add")
    success_message = _("Added.")

    def next_url(self, result):
        return reverse("childcare:incident-show", args=[self.object.pk])


class AttendanceMixin(OwnRowMixin):
    """A page about one child on one day, for the teachers of the class."""

    model = Attendance
    row_name = "attendance"

    def own_rows(self):
        return Attendance.objects.visible_to(self.request.user).current().for_list()

    def next_url(self, result):
        return self.object.day.get_absolute_url()


class TapView(View):
    """One tap on a page with a list; ``record(form)`` enters it. Answers the page's script with JSON."""

    http_method_names = ["post"]
    form_class = forms.TapForm

    def post(self, request, pk):
        form = self.form_class(request.POST)
        wants_json = request.accepts("application/json") and not request.accepts("text/html")
        if not form.is_valid():
            return self._said(wants_json, _("This cannot be read. Please reload the page."))
        try:
            self.record(form)
        except DomainError as error:
            if wants_json:
                return self._said(wants_json, error.message)
            raise
        return JsonResponse({}) if wants_json else HttpResponseRedirect(self.next_url(None))

    def _said(self, wants_json, message):
        if wants_json:
            return JsonResponse({"message": str(message)}, status=422)
        return HttpResponseRedirect(self.next_url(None))


class AttendanceMarkView(AttendanceMixin, TapView):
    """The child is here, or the last entry is taken back."""

    def record(self, form):
        is_here = form.cleaned_data["to"] == AttendanceState.HERE
        service = services.attendance_arrive if is_here else services.attendance_undo
        service(actor=self.request.user, attendance=self.object, at=form.moment())


class AttendanceAwayView(AttendanceMixin, OwnFormView):
    service = services.attendance_away
    form_class = forms.AwayForm
    title = _("Enter an absence")
    submit_label = _("Enter")
    success_message = _("The absence is entered.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subtitle=self.object.enrolment.child.name, back_url=self.next_url(None), **kwargs
        )


class AttendanceShowView(EarlierIsFreshMixin, AttendanceMixin, generic.TemplateView):
    """What the teachers must know about a child, its contacts, and who may collect it; each look is recorded."""

    template_name = "childcare/attendance_show.html"

    def get_title(self):
        return self.object.enrolment.child.name

    def get_context_data(self, **kwargs):
        me, row = self.request.user, self.object
        child = row.enrolment.child
        audit_record(actor=me, action="attendance.read", about=row)
        leads = CareStaff.objects.reading().filter(member=me, site=row.day.term.site_id, role=StaffRole.CLASS_TEACHER)
        return super().get_context_data(
            row=row,
            adults=adults_of(child, row.day.on),
            bars=bars_of(child),
            sees_notes=leads.exists(),
            attempts=row.attempts.select_related("teacher").order_by("-pk"),
            back_url=self.next_url(None),
            **kwargs,
        )


class AttendanceCollectView(AttendanceMixin, OwnFormView):
    """Gives a child to whoever came, if that person may collect it; a refusal is recorded and shown."""

    template_name = "childcare/attendance_collect.html"
    form_class = forms.CollectForm
    title = _("Collect a child")
    submit_label = _("Give the child")

    def get_form_kwargs(self):
        row = self.object
        return {
            **super().get_form_kwargs(),
            "adults": adults_of(row.enrolment.child, row.day.on),
            "siblings": siblings_of(row),
        }

    def get_context_data(self, **kwargs):
        # The page shows allergies and medicines.
        audit_record(actor=self.request.user, action="attendance.read", about=self.object)
        form = kwargs.get("form") or self.get_form()
        return super().get_context_data(
            **{**kwargs, "form": form},
            row=self.object,
            bars=bars_of(self.object.enrolment.child),
            alerts=[one for one in [self.object, *form.siblings.values()] if one.enrolment.has_alert],
            back_url=self.next_url(None),
        )

    def perform(self, form):
        return pickups.hand_over(actor=self.request.user, attendance=self.object, **form.cleaned_data)

    def form_valid(self, form):
        try:
            found = self.perform(form)
        except DomainError as error:
            return self.refused(form, error)
        if not found.is_released:
            form.add_error(None, _("Do not give the child: %(why)s.") % {"why": found.get_outcome_display()})
            return self.form_invalid(form)
        self.object.refresh_from_db()
        return HttpResponseRedirect(self.next_url(None))


class AttendanceBarView(FreshRequiredMixin, AttendanceMixin, OwnFormView):
    """Enters, as a teacher who has seen the decision, that somebody must not collect the child."""

    form_class = BarForm
    title = _("Bar somebody from collecting")
    submit_label = _("Enter the bar")
    success_message = _("The bar is entered. No code of this person works.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subtitle=self.object.enrolment.child.name, back_url=self.object.get_absolute_url(), **kwargs
        )

    def perform(self, form):
        child = self.object.enrolment.child
        return pickups.bar_add(actor=self.request.user, child=child, **form.cleaned_data)

    def next_url(self, result):
        return self.object.get_absolute_url()
