"""Forms of cases, for the applicant and for the staff."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.choices import Capability
from portal.core.form_fields import DayFormField
from portal.core.text import clean_line
from portal.members.models import Member
from portal.organizations.forms import PlaceField
from portal.organizations.models import Region
from portal.web.forms import PhoneInput, PortalForm
from rights.choices.cases import CaseCategory, Naming, Outcome, ProtectedPeriod, Solved
from rights.selectors.cases import receiving_places, who_may_handle

NAMING_WORDS = {
    Naming.NAMED: _("The staff of the union who handle the request see your name and phone."),
    Naming.HIDDEN: _("The staff see your name and phone. Your employer is not told who asked."),
    Naming.ANONYMOUS: _("Nobody sees who you are: neither name nor phone is stored. Only the code leads to you."),
}


FILE_HELP = _(
    "At most 20 MB. It is stored encrypted, as you send it. A photo may show where it was taken, a Word file who wrote "
    "it: the people who handle the case see a copy of photos without this."
)


class RegionChoiceField(forms.ModelChoiceField):
    """A choice of a county-level region, with its city."""

    def label_from_instance(self, region):
        return f"{region.parent.short_name} · {region.name}" if region.parent else region.name


class AskForm(PortalForm):
    """A request for help; name and phone only where they are wanted."""

    naming = forms.ChoiceField(
        label=_("Do you want to give your name?"),
        choices=[(value, label) for value, label in Naming.choices],
        widget=forms.RadioSelect,
        initial=Naming.HIDDEN,
    )
    name = forms.CharField(label=_("Your name"), max_length=50, required=False)
    phone = forms.CharField(
        label=_("Your phone"),
        help_text=_("The union may call you. Leave it empty if you only want to use the code."),
        max_length=30,
        required=False,
        widget=PhoneInput,
    )
    region = RegionChoiceField(
        label=_("Where do you work?"),
        queryset=Region.objects.filter(level=3, statistical=False).select_related("parent").order_by("code"),
        help_text=_("The union of this district or county receives the request, never a union at your workplace."),
    )
    employer = forms.CharField(
        label=_("Your employer"),
        help_text=_(
            "The full name. If the unions know it, people who belong to this unit are kept away from your request, and "
            "your receipt says so."
        ),
        max_length=100,
        required=False,
    )
    kept_away = forms.CharField(
        label=_("Is there anybody at the union who must not handle this?"),
        help_text=_("The names of the people. They are not told."),
        max_length=100,
        required=False,
    )
    category = forms.ChoiceField(label=_("What is it about?"), choices=CaseCategory.choices)
    period = forms.ChoiceField(
        label=_("Are you in one of these periods?"), choices=ProtectedPeriod.choices, initial=ProtectedPeriod.NONE
    )
    known_on = DayFormField(
        label=_("Since when have you known of it?"),
        help_text=_("Arbitration must be applied for within a year from this day in most cases."),
        required=False,
    )
    story = forms.CharField(
        label=_("What happened?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"})
    )
    wish = forms.CharField(
        label=_("What do you want to achieve?"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("A picture or document"),
        help_text=FILE_HELP,
        required=False,
    )
    agreed = forms.BooleanField(label=_("I agree that the union stores and uses what I write here."))

    about_others = True

    def clean_name(self):
        return clean_line(self.cleaned_data["name"])

    def clean_employer(self):
        return clean_line(self.cleaned_data["employer"])

    def clean_known_on(self):
        day = self.cleaned_data["known_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future."), code="future")
        return day

    def clean(self):
        data = super().clean()
        if data.get("naming") in (Naming.NAMED, Naming.HIDDEN) and not data.get("name"):
            self.add_error("name", _("Please enter your name, or choose to ask without it."))
        return data


class CaseFileForm(PortalForm):
    """A file of a case."""

    file = forms.FileField(label=_("A picture or document"), help_text=FILE_HELP)


class AnswerForm(PortalForm):
    """The applicant's own answer whether it is solved."""

    solved = forms.ChoiceField(label=_("Is it solved?"), choices=Solved.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("What would you like to add?"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class AgainForm(PortalForm):
    """What is still wrong, with which the applicant reopens the case."""

    text = forms.CharField(
        label=_("What is still wrong?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class CaseDeclineForm(PortalForm):
    about_others = True

    reason = forms.CharField(
        label=_("Reason, as the applicant will read it"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class CaseTransferForm(PortalForm):
    takes_object = True

    organization = PlaceField(label=_("Hand over to"))
    reason = forms.CharField(label=_("Reason, without names"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        places = receiving_places(unit=about.unit).exclude(pk=about.organization_id)
        self.fields["organization"].queryset = places


class CaseAssignForm(PortalForm):
    takes_object = True

    member = forms.ModelChoiceField(label=_("Handler"), queryset=Member.objects.none())

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        able = who_may_handle(about, Capability.EDIT)
        self.fields["member"].queryset = Member.objects.filter(pk__in=[member.pk for member in able])
        self.fields["member"].label_from_instance = lambda member: member.name


class CaseReadmitForm(PortalForm):
    takes_object = True

    member = forms.ModelChoiceField(label=_("Who stepped out"), queryset=Member.objects.none())

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        out = about.assignments.filter(stepped_out=True)
        self.fields["member"].queryset = Member.objects.filter(pk__in=out.values("member"))
        self.fields["member"].label_from_instance = lambda member: member.name


class CaseProposeForm(PortalForm):
    about_others = True

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    result = forms.CharField(
        label=_("Result, as the applicant will read it"),
        help_text=_("Plain words: what was reached, what the applicant can still do, and where."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )


class CaseWriteForm(PortalForm):
    about_others = True

    text = forms.CharField(
        label=_("Message to the applicant"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
