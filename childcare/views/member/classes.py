"""Holiday classes for guardians, who apply for their children, and for the teachers of a class."""

import io

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import generic

from childcare import contract
from childcare.choices.terms import Course
from childcare.consents import ENROLMENT
from childcare.filters.terms import ClassFindFilter
from childcare.forms.enrolments import EnrolForm, SignForm
from childcare.models import ClassDay, ClassTerm, Enrolment
from childcare.selectors.days import attendance_lines, days_of
from childcare.selectors.enrolments import line_up, mark_twins, places_said
from childcare.services import enrolments as services
from childcare.tables.enrolments import ClassPeopleTable
from portal.audit.services import audit_record
from portal.exchange.export import write_xlsx
from portal.exchange.storage import attachment
from portal.exchange.workbooks import XLSX
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.organizations.selectors import working_calendar
from portal.signups.choices import SignUpState
from portal.web.own import OwnActionView, OwnFormView, OwnRowMixin
from portal.web.views import PartMixin, ShellMixin

# How many days of classes that are over the page lists, for a late report of an incident.
SHOWN = 20


class ClassFindView(PartMixin, ShellMixin, generic.ListView):
    """Holiday classes: those in which own children are enrolled or wait, those taught, and all that are announced."""

    shell = "member"
    template_name = "childcare/class_find.html"
    part_name = "childcare/_class_open.html"
    title = _("Holiday classes")
    paginate_by = 20

    def get_queryset(self):
        found = ClassTerm.objects.announced().for_list().order_by("first_on", "pk")
        self.filterset = ClassFindFilter(self.request.GET, found, request=self.request)
        return self.filterset.qs

    def get_context_data(self, **kwargs):
        me = self.request.user
        return super().get_context_data(
            mine=Enrolment.objects.own(me).for_list().order_by("first_on", "pk"),
            past=Enrolment.objects.past(me).for_list().order_by("-last_on", "pk"),
            reportable=ClassDay.objects.reported_by(me)
            .filter(term__last_on__lt=timezone.localdate())
            .for_list()[:SHOWN],
            taught=ClassTerm.objects.taught_by(me).for_list().order_by("first_on", "pk"),
            filter=self.filterset,
            **kwargs,
        )


class ClassMixin(OwnRowMixin):
    """A page of one class term that the member may read."""

    model = ClassTerm
    row_name = "term"

    def own_rows(self):
        return ClassTerm.objects.readable_by(self.request.user).for_list()

    def get_title(self):
        return self.title or self.object.title


class ClassShowView(ClassMixin, generic.TemplateView):
    """When and where the class is, whom it takes, its places, and the enrolments of own children."""

    template_name = "childcare/class_show.html"

    def get_context_data(self, **kwargs):
        term = self.object
        mine = Enrolment.objects.own(self.request.user).filter(offering=term).for_list().order_by("place")
        found = days_of(row for row in mine if row.state == SignUpState.CONFIRMED)
        return super().get_context_data(
            mine=[(row, line_up(row), found.get(row.pk, ())) for row in mine],
            places=places_said(term),
            courses=[Course(value).label for value in term.courses],
            draw=term.found_draw,
            closed=term.closed(timezone.now()),
            **kwargs,
        )


class ClassEnrolView(FreshRequiredMixin, ClassMixin, OwnFormView):
    """Applies for a child: which child, and the consent of its guardian."""

    template_name = "childcare/class_enrol.html"
    form_class = EnrolForm
    title = _("Apply for a place")
    submit_label = _("Apply")
    success_message = _("The application is recorded.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            purpose=ENROLMENT,
            children_url=reverse("members:child-list"),
            back_url=self.object.get_member_url(),
            **kwargs,
        )

    def perform(self, form):
        return services.enrolment_apply(actor=self.request.user, term=self.object, child=form.cleaned_data["child"])

    def next_url(self, result):
        return self.object.get_member_url()


class EnrolmentMixin(OwnActionView):
    """One action of the guardian on an enrolment."""

    model = Enrolment
    row_name = "enrolment"

    def own_rows(self):
        return Enrolment.objects.own(self.request.user).for_list()

    def next_url(self, result):
        return self.object.offering.get_member_url()


class EnrolmentAcceptView(EnrolmentMixin):
    service = services.enrolment_accept
    title = _("Confirm the place")
    consequence = _("A place is held for your child. You can confirm it or leave it to the next child.")
    success_message = _("The place is confirmed.")

    def get(self, request, *args, **kwargs):
        if self.object.state != SignUpState.OFFERED:
            return redirect(self.next_url(None))
        return super().get(request, *args, **kwargs)


class EnrolmentSignView(OwnFormView):
    """The agreement, signed with the typed name."""

    model = Enrolment
    row_name = "enrolment"
    template_name = "childcare/enrolment_sign.html"
    form_class = SignForm
    service = services.enrolment_sign
    title = contract.TITLE
    submit_label = _("Sign")
    success_message = _("The agreement is signed.")

    def own_rows(self):
        return Enrolment.objects.own(self.request.user).for_list()

    def get(self, request, *args, **kwargs):
        if self.object.state != SignUpState.CONFIRMED or self.object.signed_at:
            return redirect(self.next_url(None))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        term = self.object.offering
        return super().get_context_data(term=term, lines=contract.LINES, back_url=term.get_member_url(), **kwargs)

    def next_url(self, result):
        return self.object.offering.get_member_url()


class EnrolmentLeaveView(FreshRequiredMixin, EnrolmentMixin):
    service = services.enrolment_leave
    title = _("Withdraw the child")
    consequence = _("The place, or the position in line, goes to the next child at once.")
    danger = True
    success_message = _("The child is withdrawn.")

    def next_url(self, result):
        return reverse("childcare:class-find")


class ClassPeopleView(FreshRequiredMixin, ShellMixin, generic.ListView):
    """The children who hold a place in a class, for its teachers; each look is recorded."""

    shell = "member"
    template_name = "childcare/class_people.html"
    title = _("Children of the class")

    @cached_property
    def term(self):
        return get_object_or_404(ClassTerm.objects.taught_by(self.request.user).for_list(), pk=self.kwargs["pk"])

    def get_queryset(self):
        rows = Enrolment.objects.visible_to(self.request.user).filter(offering=self.term)
        return rows.for_list().order_by("place")

    def get(self, request, *args, **kwargs):
        services.children_read(actor=request.user, term=self.term)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        mark_twins(self.object_list)
        table = ClassPeopleTable(self.object_list, orderable=False)
        now = timezone.localdate()
        days = list(self.term.days.filter(on__lte=now).order_by("-on"))
        return super().get_context_data(
            term=self.term,
            table=table,
            today=next((day for day in days if day.on == now), None),
            meets_today=self.term.meets_on(now, working_calendar()),
            days=[day for day in days if day.on < now],
            **kwargs,
        )


class ClassAttendanceView(FreshRequiredMixin, OwnActionView):
    """The attendance of a class as an Excel file, for its teachers; each download is recorded."""

    cost_of_post = "document"
    model = ClassTerm
    row_name = "term"
    title = _("Attendance list")
    consequence = _("An Excel file with each child on each day. Keep it as you keep the children safe: it bears names.")

    def own_rows(self):
        return ClassTerm.objects.taught_lately(self.request.user).for_list()

    def form_valid(self, form):
        term, me = self.object, self.request.user
        days, lines = attendance_lines(term)
        audit_record(actor=me, action="term.attendance", about=term, data={"rows": len(lines)})
        stream = io.BytesIO()
        write_xlsx(
            stream,
            title=gettext("Attendance list"),
            cover=(
                (gettext("Class term"), term.title),
                (gettext("Exported by"), me.name),
                (gettext("As of"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
            ),
            columns=(
                (gettext("Child"), lambda line: line.name),
                *((f"{day:%m-%d}", said_of(day)) for day in days),
                (gettext("Days of children"), lambda line: line.came),
            ),
            rows=lines,
        )
        return attachment(stream.getvalue(), f"attendance-{term.pk}.xlsx", XLSX)

    def next_url(self, result):
        return reverse("childcare:class-find")


def said_of(day):
    """Return the function that reads what a line says of ``day``."""
    return lambda line: line.days.get(day, "")
