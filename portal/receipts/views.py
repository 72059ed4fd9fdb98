"""Pages of an applicant: the code shown once, the way in by the code, the request with its messages, the way out.

An area subclasses the five views with its ``model``, ``url_base`` and, if it likes, templates and titles. They are open
without sign-in, show nothing of the account that is signed in, and no address holds a number or a code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.core.errors import TooMany
from portal.receipts import openings
from portal.receipts.codes import code_grouped
from portal.receipts.forms import ReceiptCodeForm, ReceiptMessageForm, ReceiptNotedForm
from portal.receipts.services import message_write, messages_read, receipt_note, receipt_open
from portal.web.address import visitor_key
from portal.web.views import FormPageView

if TYPE_CHECKING:
    from portal.receipts.models import ReceiptRequest

LAPSED = _("The page was open for half an hour without use. Enter the code again: what you wrote is kept.")


class ReceiptMixin:
    """What the pages of an area share.

    ``url_base`` begins the names of their addresses: with ``area:request`` they are ``area:request-code``, ``-follow``,
    ``-followed`` and ``-leave``. The button to leave opens LEAVE_PAGE_URL; without scripts, ``leave_to`` in the portal.
    """

    shell = "plain"
    model: type[ReceiptRequest]
    url_base = ""
    leave_to = "/"

    def address_of(self, page):
        """Return the address of another of these pages."""
        return reverse(f"{self.url_base}-{page}")

    def get_context_data(self, **kwargs):
        way_out = {"leave_url": self.address_of("leave"), "leave_to": settings.LEAVE_PAGE_URL}
        return super().get_context_data(**{**way_out, **kwargs})


@method_decorator(login_not_required, name="dispatch")
class ReceiptSendView(ReceiptMixin, FormPageView):
    """A form by which a request is sent; the code is shown on the next page."""

    def create(self, form):
        """Create the request and return (the row, its code), as ``services.request_create`` gives it."""
        raise NotImplementedError

    def perform(self, form):
        row, code = self.create(form)
        openings.code_keep(self.request, row, code)

    def next_url(self, result):
        return self.address_of("code")


@method_decorator(login_not_required, name="dispatch")
class ReceiptCodeView(ReceiptMixin, FormPageView):
    """Shows the new code until it is typed back or confirmed; then it is gone, and Back leads elsewhere."""

    template_name = "receipts/receipt_code.html"
    form_class = ReceiptNotedForm
    title = _("Your receipt code")
    success_message = _("The code is no longer shown. Keep it in a safe place.")

    def dispatch(self, request, *args, **kwargs):
        self.kept = openings.code_kept(request, self.model)
        if self.kept is None:
            return redirect(self.address_of("follow"))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "about": self.kept.text}

    def get_context_data(self, **kwargs):
        return super().get_context_data(code=self.kept.text, **kwargs)

    def perform(self, form):
        row = self.model._default_manager.filter(pk=self.kept.pk).first()
        if row is not None:
            receipt_note(row=row)
        openings.code_drop(self.request)

    def next_url(self, result):
        return self.address_of("follow")


@method_decorator(login_not_required, name="dispatch")
class ReceiptFollowView(ReceiptMixin, FormPageView):
    """Takes the code and opens the request to this session for half an hour.

    A wrong, a closed and an expired code get the same words, status and number of queries.
    """

    template_name = "receipts/receipt_follow.html"
    form_class = ReceiptCodeForm
    title = _("Follow my request")

    def perform(self, form):
        code = code_grouped(form.cleaned_data["code"])
        row = receipt_open(model=self.model, code=code, source=visitor_key(self.request))
        messages_read(row=row, by_staff=False)
        openings.opening_begin(self.request, row)

    def refused(self, form, error):
        response = super().refused(form, error)
        if isinstance(error, TooMany):
            response.status_code = error.status
        return response

    def next_url(self, result):
        return self.address_of("followed")


@method_decorator(login_not_required, name="dispatch")
class ReceiptFollowedView(ReceiptMixin, FormPageView):
    """The request that is open in this session: its state in plain words, the messages, a form to write.

    Without an opening it redirects to the page that asks for the code, whatever the reason.
    """

    template_name = "receipts/receipt_followed.html"
    form_class = ReceiptMessageForm
    title = _("My request")
    success_message = _("Your message has been sent.")

    def dispatch(self, request, *args, **kwargs):
        opening = openings.opening_of(request, self.model)
        row = self.model._default_manager.filter(pk=opening.pk).first() if opening else None
        if row is None or not row.receipt_works(timezone.localdate()):
            if request.method == "POST" and openings.draft_keep(request, self.model, request.POST.get("text", "")):
                messages.warning(request, LAPSED)
            return redirect(self.address_of("follow"))
        self.object = row
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        return {**super().get_initial(), "text": openings.draft_of(self.request, self.object)}

    def state_words(self):
        """Return the state of the request in plain words; an area says more than the name of the state."""
        return getattr(self.object, "get_state_display", str)()

    def get_facts(self):
        """Return (label, value) pairs that the applicant may see; an area adds its own."""
        return [(_("State"), self.state_words())]

    def get_context_data(self, **kwargs):
        thread = self.object.messages.in_order()
        return super().get_context_data(object=self.object, facts=self.get_facts(), thread=thread, **kwargs)

    def perform(self, form):
        self.write(form.cleaned_data["text"])
        messages_read(row=self.object, by_staff=False)
        openings.opening_extend(self.request, self.object)

    def write(self, text):
        """Store the message; an area also tells the staff."""
        message_write(actor=None, row=self.object, text=text, from_staff=False)

    def next_url(self, result):
        return self.address_of("followed")


@method_decorator(login_not_required, name="dispatch")
class ReceiptLeaveView(ReceiptMixin, View):
    """Forgets what is open and leads to a harmless page."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        openings.forget(request)
        return redirect(self.leave_to)
