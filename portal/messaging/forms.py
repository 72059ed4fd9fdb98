"""How she wants to hear."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_prose
from portal.messaging.choices import Channel
from portal.messaging.selectors import colleagues, rooms
from portal.web.forms import PortalForm

CHOSEN = (Channel.SMS, Channel.EMAIL)


class ChannelsForm(PortalForm):
    """Two boxes a room: text messages, and a copy by e-mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for room, name in rooms().items():
            for channel in CHOSEN:
                label = f"{name}: {channel.label}"
                box = forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": label})
                self.fields[f"{channel}-{room}"] = forms.BooleanField(label=label, required=False, widget=box)

    def rows(self):
        """Return the rooms with their boxes."""
        return [
            {"name": name, "sms": self[f"{Channel.SMS}-{room}"], "email": self[f"{Channel.EMAIL}-{room}"]}
            for room, name in rooms().items()
        ]

    def wanted(self):
        """Return (room, channel) -> yes or no."""
        return {(room, channel): self.cleaned_data[f"{channel}-{room}"] for room in rooms() for channel in CHOSEN}


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, member):
        return member.name


class DelegateForm(PortalForm):
    """To whom an item goes, with a word to her."""

    takes_actor = True

    to = ColleagueField(label=_("Colleague"), queryset=None)
    note = forms.CharField(label=_("A word to her"), max_length=200, required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues(actor)

    def clean_note(self):
        return clean_prose(self.cleaned_data["note"])


class MailboxForm(PortalForm):
    autocomplete = {"address": "email"}

    address = forms.EmailField(
        label=_("E-mail address"), max_length=120, help_text=_("We send a letter with a link there first.")
    )
