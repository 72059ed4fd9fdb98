"""Forms of enrolments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_line
from portal.members.models import Child
from portal.web.forms import PortalForm


class EnrolForm(PortalForm):
    """Chooses one of the guardian's children that is not in the class yet, and asks for the consent."""

    takes_actor = takes_object = True

    child = forms.ModelChoiceField(
        label=_("Child"), queryset=Child.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    agree = forms.BooleanField(label=_("I have read this and agree, as the child's parent or guardian"))

    def __init__(self, *args, actor, about, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["child"]
        applied = about.signups.live().filter(member=actor).values("child")
        field.queryset = Child.objects.visible_to(actor).exclude(pk__in=applied).order_by("born_on", "pk")
        field.label_from_instance = lambda child: child.name


class SignForm(PortalForm):
    """The guardian's own name, typed as a signature."""

    name = forms.CharField(label=_("Your full name, as your signature"), max_length=60)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])
