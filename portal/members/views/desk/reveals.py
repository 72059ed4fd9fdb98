"""The view for looking at one masked field of a member on the roster."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.members.forms.reveals import RevealForm
from portal.members.models import Member
from portal.members.services.reveals import FIELDS, field_reveal
from portal.web.address import client_address
from portal.web.views import RowFormView

SECONDS = 60


class MemberRevealView(RowFormView):
    """Asks for the reason, then shows the value in the response to the POST for one minute.

    The value is stored nowhere. The Refresh header leaves the page without a script too; the script blanks the value on
    the second.
    """

    model = Member
    capability = Capability.REVEAL
    form_class = RevealForm
    submit_label = _("Show for one minute")
    note = _("Your view, the data you look at and your reason are recorded. The person can see the record.")

    def dispatch(self, request, *args, **kwargs):
        if kwargs["field"] not in FIELDS:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_title(self):
        return _("Show: %(field)s") % {"field": self.label}

    @property
    def label(self):
        return Member._meta.get_field(self.kwargs["field"]).verbose_name

    def get_context_data(self, **kwargs):
        note = {"note": self.note, "back_url": self.object.get_absolute_url()}
        return super().get_context_data(**note, **kwargs)

    def form_valid(self, form):
        try:
            value = field_reveal(
                actor=self.request.user,
                member=self.object,
                field=self.kwargs["field"],
                address=client_address(self.request),
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(None, error.message)
            response = self.form_invalid(form)
            response.status_code = error.status if error.status != 400 else 422
            return response
        context = {"object": self.object, "title": self.get_title(), "label": self.label, "value": value}
        response = render(self.request, "members/member_reveal.html", {**context, "seconds": SECONDS})
        response["Cache-Control"] = "no-store, private"
        response["Refresh"] = f"{SECONDS}; url={self.object.get_absolute_url()}"
        return response
