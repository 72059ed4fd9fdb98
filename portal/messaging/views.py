"""Pages of messages: inbox, choice of channels, e-mail address, given-up messages, delegation."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.core.choices import Area, Capability
from portal.core.errors import DomainError
from portal.core.guard import each
from portal.messaging.choices import Channel
from portal.messaging.forms import ChannelsForm, DelegateForm, MailboxForm
from portal.messaging.models import ChannelChoice, Mailbox, Message, TodoDelegation
from portal.messaging.selectors import areas, own_items
from portal.messaging.services.choosing import (
    channels_choose,
    mailbox_confirm,
    mailbox_of_token,
    mailbox_remove,
    mailbox_set,
)
from portal.messaging.services.delegating import todo_delegate, todo_take_back
from portal.messaging.services.messages import message_read, message_words, messages_read_all, messages_retry
from portal.messaging.tables import DeadMessageTable
from portal.web.forms import ConfirmForm
from portal.web.lists import Bulk
from portal.web.views import BulkListView, CapabilityMixin, FormPageView, ShellMixin


class InboxView(ShellMixin, generic.ListView):
    provisional = True
    shell = None
    model = Message
    template_name = "messaging/message_list.html"
    paginate_by = 20
    title = _("Messages")

    def get_queryset(self):
        return Message.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["rows"] = list(each(context["object_list"], lambda row: (row, *message_words(row))))
        context["unread"] = Message.objects.visible_to(self.request.user).unread().exists()
        return context


class MessageOpenView(View):
    """Marks a message as read and redirects to the page it is about."""

    provisional = True
    http_method_names = ["post"]

    def post(self, request, pk):
        message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
        message_read(message=message, actor=request.user)
        return redirect(message.url or "messaging:inbox")


class ReadAllView(View):
    provisional = True
    http_method_names = ["post"]

    def post(self, request):
        messages_read_all(actor=request.user)
        return redirect("messaging:inbox")


class ChannelChoiceView(FormPageView):
    """The member's choice of channels for each app."""

    provisional = True
    shell = None
    template_name = "messaging/channel_choice_update.html"
    form_class = ChannelsForm
    title = _("How you receive messages")
    success_message = _("Your choices are saved.")
    success_url = reverse_lazy("messaging:channel-choice-update")

    def get_initial(self):
        kept = {
            f"{row.channel}-{row.area}": row.wanted for row in ChannelChoice.objects.filter(member=self.request.user)
        }
        return {**{f"{Channel.SMS}-{area}": True for area in areas()}, **kept}

    def get_context_data(self, **kwargs):
        box = Mailbox.objects.filter(member=self.request.user).first()
        return super().get_context_data(box=box, **kwargs)

    def perform(self, form):
        channels_choose(actor=self.request.user, wanted=form.wanted())


class MailboxUpdateView(FormPageView):
    """The member's e-mail address; a mail with a confirmation link is sent to it."""

    shell = None
    form_class = MailboxForm
    title = _("Your e-mail address")
    submit_label = _("Save and send the e-mail")
    success_message = _("An e-mail is being sent. Open the link in it within a day.")
    success_url = reverse_lazy("messaging:channel-choice-update")
    back_url = success_url

    service = mailbox_set


class MailboxConfirmView(FormPageView):
    """The page that the link in the confirmation mail opens."""

    shell = None
    template_name = "components/confirm_page.html"
    form_class = ConfirmForm
    title = _("Confirm your e-mail address")
    success_message = _("Your address is confirmed. Choose below which messages are sent to it.")
    success_url = reverse_lazy("messaging:channel-choice-update")

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            try:
                mailbox_of_token(request.user, kwargs["token"])
            except DomainError:
                raise Http404 from None
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            action_label=_("Confirm"),
            consequence=_("From now on the portal can send e-mail to this address."),
            back_url=self.success_url,
            **kwargs,
        )

    def perform(self, form):
        mailbox_confirm(actor=self.request.user, token=self.kwargs["token"])


class MailboxRemoveView(View):
    http_method_names = ["post"]

    def post(self, request):
        mailbox_remove(actor=request.user)
        notes.success(request, _("Your e-mail address is deleted."))
        return redirect("messaging:channel-choice-update")


class MessageDeadView(CapabilityMixin, BulkListView):
    """Given-up messages, which system administrators can send again."""

    model = Message
    area = Area.SYSTEM
    table_class = DeadMessageTable
    title = _("Messages that could not be sent")
    narrowed = False
    bulk_actions = (Bulk("retry", _("Send once more"), "refresh", "retry"),)
    empty_title = _("No failed messages")
    empty_text = _("Messages that could not be sent after six attempts appear here.")

    def get_queryset(self):
        return Message.objects.given_up(self.request.user).order_by("-pk")

    def can_bulk(self):
        return bool(self.request.user.reach(Area.SYSTEM, Capability.EDIT))

    def retry(self, rows):
        return messages_retry(messages=rows, actor=self.request.user)


class TodoDelegationCreateView(FormPageView):
    """Passes a to-do item of the actor on to a colleague; ``?item=`` is the address of its page."""

    form_class = DelegateForm
    title = _("Pass on this item")
    submit_label = _("Pass on")
    success_message = _("Passed on. The item stays in your list until it is completed, and you can withdraw it.")
    success_url = reverse_lazy("home")
    back_url = success_url

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            key = request.GET.get("item", "")
            self.item = next((item for item in own_items(request.user) if item.url == key), None)
            if self.item is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def subtitle(self):
        return self.item.title

    def perform(self, form):
        todo_delegate(actor=self.request.user, key=self.item.url, **form.cleaned_data)


class TodoDelegationEndView(View):
    """Takes a delegated to-do item back."""

    http_method_names = ["post"]

    def post(self, request, pk):
        row = get_object_or_404(TodoDelegation.objects.visible_to(request.user).standing(), pk=pk)
        todo_take_back(delegation=row, actor=request.user)
        notes.success(request, _("Withdrawn."))
        return redirect("home")
