"""Views of one's own data: who sees what, the download, requests for correction or deletion."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.deadlines.services import deadline_day
from portal.exchange import storage
from portal.exchange.workbooks import XLSX
from portal.members import disclosure
from portal.members.choices import DataRequestKind
from portal.members.forms.data_requests import DataRequestForm
from portal.members.models import Child, DataRequest
from portal.members.own_data import look_rows
from portal.members.services.data_requests import CLOCK, data_request_open, data_request_withdraw, own_data_note
from portal.members.views.member.sign_in import FreshRequiredMixin
from portal.web.views import FormPageView, ScopedMixin, ShellMixin

LOOKS_SHOWN = 50
FORMS = {"xlsx": (disclosure.as_workbook, XLSX), "json": (disclosure.as_json, "application/json")}


class MemberReadersView(ShellMixin, generic.TemplateView):
    """Shows who sees which data of the member today, and who looked at masked fields."""

    cost = "own"
    shell = None
    template_name = "members/member_readers.html"
    title = _("Who can see which of my data")

    def get_context_data(self, **kwargs):
        me = self.request.user
        return super().get_context_data(
            disclosures=disclosure.disclosures(me),
            assignments=disclosure.assignments(me),
            looks=look_rows(me)[:LOOKS_SHOWN],
            children=Child.objects.visible_to(me).count(),
            **kwargs,
        )


class MemberDownloadView(FreshRequiredMixin, ShellMixin, generic.TemplateView):
    """Shows what the download contains; the file is the response to a POST and is stored nowhere."""

    shell = None
    template_name = "members/member_download.html"
    title = _("Download my data")

    def get_context_data(self, **kwargs):
        return super().get_context_data(sources=disclosure.sources(), **kwargs)

    def post(self, request):
        form = request.POST.get("form", "")
        if form not in FORMS:
            return redirect("members:member-download")
        own_data_note(member=request.user, form=form)
        make, kind = FORMS[form]
        response = HttpResponse(make(request.user), content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y%m%d}.{form}"'
        return storage.guard(response)


class DataRequestCreateView(FormPageView):
    """Requests a correction or deletion of the member's own data."""

    shell = None
    form_class = DataRequestForm
    submit_label = _("Send the request")
    success_message = _("Your request has been sent. You find it under “Me”, with its due date.")

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in DataRequestKind.values:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self):
        return DataRequestKind(self.kwargs["kind"]).label

    def get_context_data(self, **kwargs):
        if self.kwargs["kind"] == DataRequestKind.DELETE:
            words = _(
                "Data that the law obliges the union to keep is kept; the answer says which data and "
                "why. You get an answer by %(day)s."
            )
        else:
            words = _("Say what is wrong and what is right. Your unit's women's committee answers by %(day)s.")
        words = words % {"day": deadline_day(CLOCK, on=timezone.localdate()).day.isoformat()}
        return super().get_context_data(subtitle=words, back_url=reverse("members:me"), **kwargs)

    def perform(self, form):
        return data_request_open(member=self.request.user, kind=self.kwargs["kind"], words=form.cleaned_data["words"])


class DataRequestWithdrawView(ScopedMixin, generic.detail.SingleObjectMixin, View):
    """Withdraws the member's own request."""

    model = DataRequest
    shell = None
    http_method_names = ["post"]

    @staticmethod
    def rule(actor, row):
        return row.member_id == actor.pk

    def post(self, request, pk):
        data_request_withdraw(row=self.get_object(), actor=request.user)
        messages.success(request, _("The request is withdrawn."))
        return redirect("members:me")
