"""Forms for the choice of channels, the e-mail address and the delegation of a to-do item."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_prose
from portal.messaging.choices import Channel
from portal.messaging.selectors import areas, colleagues
from portal.web.forms import PortalForm

CHOSEN = (Channel.SMS, Channel.EMAIL)


class ChannelsForm(PortalForm):
    """Two boxes for each app: text messages, and a copy by e-mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for area, name in areas().items():
            for channel in CHOSEN:
                label = f"{name}: {channel.label}"
                box = forms.CheckboxInput(attrs={"class": "form-check-input", "aria-label": label})
                self.fields[f"{channel}-{area}"] = forms.BooleanField(label=label, required=False, widget=box)

    def rows(self):
        """Return the apps with their boxes."""
        return [
            {"name": name, "sms": self[f"{Channel.SMS}-{area}"], "email": self[f"{Channel.EMAIL}-{area}"]}
            for area, name in areas().items()
        ]

    def wanted(self):
        """Return a dict from (app, channel) to True or False."""
        return {(area, channel): self.cleaned_data[f"{channel}-{area}"] for area in areas() for channel in CHOSEN}


class ColleagueField(forms.ModelChoiceField):
    def label_from_instance(self, member):
        return member.name


class DelegateForm(PortalForm):
    """The colleague to whom a to-do item is passed on, and a note."""

    takes_actor = True

    to = ColleagueField(label=_("Colleague"), queryset=None)
    note = forms.CharField(label=_("Message to your colleague"), max_length=200, required=False)

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues(actor)

    def clean_note(self):
        return clean_prose(self.cleaned_data["note"])


class MailboxForm(PortalForm):
    autocomplete = {"address": "email"}

    address = forms.EmailField(
        label=_("E-mail address"), max_length=120, help_text=_("We first send an e-mail with a link to this address.")
    )
