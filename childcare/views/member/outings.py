"""Outings and rides of a class for its teachers: the roll-call at both ends."""

from django.utils.translation import gettext_lazy as _
from django.views import generic

from childcare.forms.days import OutingForm, OutingTapForm
from childcare.models import Outing, OutingChild
from childcare.services import outings as services
from childcare.views.member.days import DayMixin, EarlierIsFreshMixin, TapView
from portal.audit.services import audit_record
from portal.web.own import OwnActionView, OwnFormView, OwnRowMixin


class DayOutingView(DayMixin, OwnFormView):
    service = services.outing_begin
    form_class = OutingForm
    title = _("Begin an outing")
    submit_label = _("Begin")

    def next_url(self, result):
        return result.get_absolute_url()


class OutingMixin(OwnRowMixin):
    """A page of one outing, for the teachers of the class."""

    model = Outing
    row_name = "outing"

    def own_rows(self):
        return Outing.objects.visible_to(self.request.user).for_list()


class OutingShowView(EarlierIsFreshMixin, OutingMixin, generic.TemplateView):
    """Which child left with the others, and which is back; each look is recorded."""

    template_name = "childcare/outing_show.html"

    def get_title(self):
        return self.object.title

    def get_context_data(self, **kwargs):
        audit_record(actor=self.request.user, action="outing.children_read", about=self.object)
        rows = list(self.object.children.for_list().order_by("attendance__enrolment__place"))
        return super().get_context_data(
            rows=rows,
            away=sum(row.out_at is not None and row.back_at is None for row in rows),
            back=sum(row.back_at is not None for row in rows),
            back_url=self.object.day.get_absolute_url(),
            **kwargs,
        )


class OutingEndView(OutingMixin, OwnActionView):
    service = services.outing_end
    title = _("End the outing")
    consequence = _("All children who left are counted back.")
    success_message = _("The outing has ended.")

    def next_url(self, result):
        return self.object.day.get_absolute_url() if result else self.object.get_absolute_url()


class OutingMarkView(OwnRowMixin, TapView):
    """Counts a child that leaves with the others, or is back."""

    model = OutingChild
    row_name = "child"
    form_class = OutingTapForm

    def own_rows(self):
        return OutingChild.objects.visible_to(self.request.user).for_list()

    def next_url(self, result):
        return self.object.get_absolute_url()

    def record(self, form):
        services.outing_mark(actor=self.request.user, child=self.object, to=form.cleaned_data["to"], at=form.moment())
