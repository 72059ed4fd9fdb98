"""Forms of enrolments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.text import clean_line
from portal.members.forms.fields import PhoneField
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


class ContactForm(PortalForm):
    """Whom the teachers call if the guardian does not answer."""

    contact_name = forms.CharField(
        label=_("Second contact"),
        max_length=60,
        help_text=_("Another adult whom the teachers call if you do not answer."),
    )
    contact_phone = PhoneField(label=_("Number of the second contact"))

    def clean_contact_name(self):
        return clean_line(self.cleaned_data["contact_name"])


class SignForm(ContactForm):
    """The second contact, and the guardian's own name, typed as a signature."""

    name = forms.CharField(label=_("Your full name, as your signature"), max_length=60)

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])


class CareForm(PortalForm):
    """What the teachers must know about the child, and the consent that it is kept."""

    takes_object = True

    allergies = forms.CharField(label=_("Allergies"), max_length=100, required=False)
    medicines = forms.CharField(label=_("Medicines"), max_length=100, required=False)
    notes = forms.CharField(
        label=_("What else the class teacher must know"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only class teachers read this."),
    )
    agree = forms.BooleanField(label=_("I have read this and agree, as the child's parent or guardian"), required=False)

    def __init__(self, *args, about, **kwargs):
        names = ("allergies", "medicines", "notes")
        kwargs["initial"] = {**(kwargs.get("initial") or {}), **{name: getattr(about, name) for name in names}}
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        return {name: clean_line(value) if isinstance(value, str) else value for name, value in data.items()}


class RateForm(PortalForm):
    """How satisfied the guardian is with the class."""

    rating = forms.TypedChoiceField(
        label=_("How satisfied are you with the class?"),
        coerce=int,
        choices=[
            (5, _("Very satisfied")),
            (4, _("Satisfied")),
            (3, _("So-so")),
            (2, _("Not satisfied")),
            (1, _("Not satisfied at all")),
        ],
        widget=forms.RadioSelect,
    )
