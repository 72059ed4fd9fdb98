"""Choosing a member by mobile number among those whom the actor's duties reach."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.errors import DomainError
from portal.core.querysets import within
from portal.members.identity import read_phone
from portal.members.models import Member
from portal.members.services.people import phone_index_of
from portal.web.forms import PhoneInput


class PersonByPhoneMixin(forms.Form):
    """A form that asks for a mobile number and cleans it to ``member``.

    The member's union must be one where the actor may edit ``area``.
    """

    takes_actor = True
    about_others = True
    area = None

    phone = forms.CharField(
        label=_("Mobile number"), help_text=_("As it is on the person's union roster."), widget=PhoneInput
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self):
        data = super().clean()
        typed = data.pop("phone", "")
        if not typed:
            return data
        reach = within(self.actor.reach(self.area, Capability.EDIT), "organization__path")
        try:
            index = phone_index_of(read_phone(typed, demo=settings.ALLOW_DEMO_PEOPLE))
        except DomainError as error:
            self.add_error("phone", error.message)
            return data
        people = Member.objects.filter(reach, phone_index=index, is_active=True) if reach is not None else None
        data["member"] = people.first() if people is not None else None
        if data["member"] is None:
            self.add_error("phone", _("Nobody with this number is on the roster of an organisation in your scope."))
        return data
