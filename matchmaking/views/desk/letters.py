"""Desk pages of letters to the people of an event."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matchmaking.forms.letters import LetterForm
from matchmaking.services.letters import letter_people, letter_send
from matchmaking.views.desk.events import OfEventFormView


class EventLettersView(OfEventFormView):
    """Letters to the people of an event: write, preview with the number of readers, send."""

    template_name = "matchmaking/event_letters.html"
    form_class = LetterForm
    title = _("Letters to participants")
    success_message = _("The letter is sent.")

    def form_valid(self, form):
        if "send" in self.request.POST:
            return super().form_valid(form)
        data = form.cleaned_data
        preview = {**data, "count": letter_people(self.event, data["to"]).count()}
        return self.render_to_response(self.get_context_data(form=form, preview=preview))

    def get_context_data(self, **kwargs):
        letters = self.event.letters.select_related("sent_by")[:50]
        return super().get_context_data(letters=letters, **kwargs)

    def perform(self, form):
        letter_send(actor=self.request.user, event=self.event, **form.cleaned_data)

    def next_url(self, result):
        return reverse("matchmaking:event-letters", args=[self.event.pk])
