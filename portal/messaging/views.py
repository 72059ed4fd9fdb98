"""Her messages."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views import View, generic

from portal.messaging import services
from portal.messaging.models import Message
from portal.web.views import MAX_PK, ShellMixin


class InboxView(ShellMixin, generic.ListView):
    shell = None
    model = Message
    template_name = "messaging/message_list.html"
    paginate_by = 20
    title = _("Messages")

    def get_queryset(self):
        return Message.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["rows"] = [(row, *services.message_words(row)) for row in context["object_list"]]
        context["unread"] = Message.objects.visible_to(self.request.user).unread().exists()
        return context


class MessageOpenView(View):
    """Notes that she has read it and goes to what it is about."""

    http_method_names = ["post"]

    def post(self, request, pk):
        message = get_object_or_404(Message.objects.visible_to(request.user), pk=min(pk, MAX_PK))
        services.message_read(message=message, actor=request.user)
        return redirect(message.url or "messaging:inbox")


class ReadAllView(View):
    http_method_names = ["post"]

    def post(self, request):
        services.messages_read_all(actor=request.user)
        return redirect("messaging:inbox")
