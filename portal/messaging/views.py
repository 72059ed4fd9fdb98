"""Her messages, how she wants to hear, and what could not be sent."""

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
from portal.messaging.selectors import own_items, rooms
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
    """Notes that she has read it and goes to what it is about."""

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
    """By which ways each room may reach her."""

    provisional = True
    shell = None
    template_name = "messaging/channel_choice_update.html"
    form_class = ChannelsForm
    title = _("How you want to hear")
    success_message = _("Your choices are kept.")
    success_url = reverse_lazy("messaging:channel-choice-update")

    def get_initial(self):
        kept = {
            f"{row.channel}-{row.room}": row.wanted for row in ChannelChoice.objects.filter(member=self.request.user)
        }
        return {**{f"{Channel.SMS}-{room}": True for room in rooms()}, **kept}

    def get_context_data(self, **kwargs):
        box = Mailbox.objects.filter(member=self.request.user).first()
        return super().get_context_data(box=box, **kwargs)

    def perform(self, form):
        channels_choose(actor=self.request.user, wanted=form.wanted())


class MailboxUpdateView(FormPageView):
    """Her e-mail address; a letter with a link goes there."""

    shell = None
    form_class = MailboxForm
    title = _("Your e-mail address")
    submit_label = _("Keep and send the letter")
    success_message = _("A letter is on its way. Open the link in it within a day.")
    success_url = reverse_lazy("messaging:channel-choice-update")
    back_url = success_url

    service = mailbox_set


class MailboxConfirmView(FormPageView):
    """The page that the link of the letter opens."""

    shell = None
    template_name = "components/confirm_page.html"
    form_class = ConfirmForm
    title = _("Confirm your e-mail address")
    success_message = _("Your address is confirmed. Choose below what should go there.")
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
            consequence=_("From now on the portal may write to this address."),
            back_url=self.success_url,
            **kwargs,
        )

    def perform(self, form):
        mailbox_confirm(actor=self.request.user, token=self.kwargs["token"])


class MailboxRemoveView(View):
    http_method_names = ["post"]

    def post(self, request):
        mailbox_remove(actor=request.user)
        notes.success(request, _("Your e-mail address is forgotten."))
        return redirect("messaging:channel-choice-update")


class MessageDeadView(CapabilityMixin, BulkListView):
    """What was given up, for system administrators: send it once more."""

    model = Message
    area = Area.SYSTEM
    table_class = DeadMessageTable
    title = _("Messages given up")
    narrowed = False
    bulk_actions = (Bulk("retry", _("Send once more"), "refresh", "retry"),)
    empty_title = _("Nothing was given up")
    empty_text = _("Messages that could not be sent after six tries appear here.")

    def get_queryset(self):
        return Message.objects.given_up(self.request.user).order_by("-pk")

    def can_bulk(self):
        return bool(self.request.user.reach(Area.SYSTEM, Capability.EDIT))

    def retry(self, rows):
        return messages_retry(messages=rows, actor=self.request.user)


class TodoDelegationCreateView(FormPageView):
    """Passes an item of her to-do list on to a colleague; ``?item=`` is the address of its page."""

    form_class = DelegateForm
    title = _("Pass this on")
    submit_label = _("Pass on")
    success_message = _("Passed on. It stays in your list until it is settled, and you can take it back.")
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
    """Takes an item back."""

    http_method_names = ["post"]

    def post(self, request, pk):
        row = get_object_or_404(TodoDelegation.objects.visible_to(request.user).standing(), pk=pk)
        todo_take_back(delegation=row, actor=request.user)
        notes.success(request, _("Taken back."))
        return redirect("home")
