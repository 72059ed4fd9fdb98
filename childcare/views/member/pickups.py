"""Pages of guardians about an enrolled child: absences, who may collect it, codes, what teachers must know."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import generic

from childcare.consents import CARE
from childcare.forms.days import AbsenceForm
from childcare.forms.enrolments import CareForm, ContactForm, RateForm
from childcare.forms.pickups import BarForm, CodeForm, PickUpForm
from childcare.models import Attendance, Enrolment, PickUpBar, PickUpCode, PickUpPerson
from childcare.selectors.pickups import attempts_of
from childcare.services import days, enrolments, pickups, results
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.signups.choices import SignUpState
from portal.web.own import OwnActionView, OwnFormView, OwnRowMixin


class PlaceMixin(OwnRowMixin):
    """A page about a confirmed place of an own child."""

    model = Enrolment
    row_name = "enrolment"

    def own_rows(self):
        rows = Enrolment.objects.own(self.request.user).filter(state=SignUpState.CONFIRMED)
        return rows.for_list()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            subtitle=self.object.child.name, back_url=kwargs.pop("back_url", self.back()), **kwargs
        )

    def back(self):
        return self.object.offering.get_member_url()

    def next_url(self, result):
        return self.back()


class EnrolmentAbsenceView(PlaceMixin, OwnFormView):
    service = days.absence_tell
    form_class = AbsenceForm
    title = _("My child does not come")
    submit_label = _("Tell the teachers")
    success_message = _("The teachers see it.")


class AttendanceComeView(OwnActionView):
    """Takes back an absence that the guardian told."""

    model = Attendance
    row_name = "attendance"
    service = days.absence_take_back
    title = _("My child comes after all")
    consequence = _("The teachers expect your child on this day.")
    success_message = _("The teachers see it.")

    def own_rows(self):
        return Attendance.objects.own(self.request.user).current().for_list()

    def next_url(self, result):
        return self.object.day.term.get_member_url()


class EnrolmentCareView(FreshRequiredMixin, PlaceMixin, OwnFormView):
    """What the teachers must know; asked once the child has a place."""

    template_name = "childcare/enrolment_care.html"
    service = enrolments.enrolment_care
    form_class = CareForm
    title = _("What the teachers must know")
    submit_label = _("Save")
    success_message = _("Saved.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(purpose=CARE, **kwargs)


class EnrolmentContactView(PlaceMixin, OwnFormView):
    service = enrolments.enrolment_contact
    form_class = ContactForm
    title = _("Second contact")
    submit_label = _("Save")
    success_message = _("Saved.")

    def get_initial(self):
        return {"contact_name": self.object.contact_name, "contact_phone": self.object.contact_phone}


class EnrolmentPickupsView(FreshRequiredMixin, PlaceMixin, generic.TemplateView):
    """Who may collect the child, who must not, today's codes, and who came lately."""

    template_name = "childcare/enrolment_pickups.html"
    title = _("Collecting")

    def get_context_data(self, **kwargs):
        me, child, today = self.request.user, self.object.child, timezone.localdate()
        codes = PickUpCode.objects.visible_to(me).valid().filter(on=today, children=child).select_related("person")
        return super().get_context_data(
            persons=PickUpPerson.objects.filter(child=child).order_by("pk"),
            bars=PickUpBar.objects.standing().filter(child=child).order_by("pk"),
            codes=codes.prefetch_related("children").order_by("pk"),
            attempts=attempts_of(self.object),
            today=today,
            **kwargs,
        )


class PickupsMixin(FreshRequiredMixin, PlaceMixin, OwnFormView):
    """A form behind the page of who collects the child."""

    def back(self):
        return reverse("childcare:enrolment-pickups", args=[self.object.pk])


class EnrolmentPickupView(PickupsMixin):
    form_class = PickUpForm
    title = _("List somebody who may collect the child")
    submit_label = _("List this person")
    success_message = _("The person is listed.")

    def perform(self, form):
        return pickups.pickup_add(actor=self.request.user, child=self.object.child, **form.cleaned_data)


class EnrolmentBarView(PickupsMixin):
    form_class = BarForm
    title = _("Bar somebody from collecting")
    submit_label = _("Enter the bar")
    success_message = _("The bar is entered. No code of this person works.")

    def perform(self, form):
        return pickups.bar_add(actor=self.request.user, child=self.object.child, **form.cleaned_data)


class EnrolmentCodeView(PickupsMixin):
    service = pickups.code_make
    form_class = CodeForm
    title = _("Make a code for today")
    submit_label = _("Make the code")
    success_message = _("The code is below. It works once, today.")


class PickupRemoveView(FreshRequiredMixin, OwnActionView):
    model = PickUpPerson
    row_name = "pickup"
    service = pickups.pickup_remove
    title = _("Take somebody off the list")
    consequence = _("This person can no longer collect the child. A code that you gave ends at once.")
    danger = True
    success_message = _("The person is off the list.")

    def next_url(self, result):
        return reverse("childcare:class-find")


class BarEndView(FreshRequiredMixin, OwnActionView):
    """Ends a bar: by the guardian who entered it, or by a second teacher for one that a teacher entered."""

    model = PickUpBar
    row_name = "bar"
    service = pickups.bar_end
    title = _("End a bar")
    consequence = _("The decision no longer holds. The person can be listed again.")
    danger = True
    success_message = _("The bar has ended.")

    def own_rows(self):
        me = self.request.user
        own = PickUpBar.objects.own(me)
        taught = Enrolment.objects.visible_to(me).filter(child__isnull=False)
        return (own | PickUpBar.objects.filter(child__in=taught.values("child"))).standing().distinct()

    def next_url(self, result):
        return reverse("childcare:class-find")


class EnrolmentRateView(OwnFormView):
    """How satisfied a guardian is, once the class is over."""

    model = Enrolment
    row_name = "enrolment"
    service = results.enrolment_rate
    form_class = RateForm
    title = _("Rate the class")
    submit_label = _("Send")
    success_message = _("Thank you.")

    def own_rows(self):
        return Enrolment.objects.past(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        back = reverse("childcare:class-find")
        return super().get_context_data(subtitle=self.object.offering.title, back_url=back, **kwargs)

    def next_url(self, result):
        return reverse("childcare:class-find")
