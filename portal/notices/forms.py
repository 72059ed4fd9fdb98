"""Forms for notices."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.bounds import PLANNED
from portal.core.choices import Area, Capability, Level
from portal.core.form_fields import MomentFormField
from portal.core.text import clean_prose
from portal.notices.choices import Audience
from portal.organizations.models import Organization
from portal.web.forms import PortalForm


class NoticeForm(PortalForm):
    """Form for a notice: its text, readers and publication window.

    The issuing organisation must be one at which the actor has a duty.
    """

    takes_actor = True

    organization = forms.ModelChoiceField(label=_("Issued by"), queryset=Organization.objects.none())
    target = forms.ModelChoiceField(
        label=_("Addressed to"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("The issuing organisation and all below it"),
        help_text=_("This organisation and all below it."),
    )
    audience = forms.ChoiceField(
        label=_("Readers"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Staff get a message. Members find the notice in the portal. Everybody: visitors "
            "who have not signed in can read it too."
        ),
    )
    levels = forms.TypedMultipleChoiceField(
        label=_("Only organisations of these levels"),
        choices=Level.choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If none is ticked, all levels are included."),
    )
    title = forms.CharField(label=_("Title"), max_length=100, min_length=2)
    body = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Plain text. An empty line begins a new paragraph; addresses become links."),
    )
    publish_from = MomentFormField(
        span=PLANNED,
        label=_("Publish from"),
        required=False,
        help_text=_("If you leave this empty, you publish the notice yourself after its approval."),
        widget=forms.DateTimeInput,
    )
    publish_until = MomentFormField(
        span=PLANNED,
        label=_("Publish until"),
        required=False,
        help_text=_("If you leave this empty, the notice stays until it is withdrawn."),
        widget=forms.DateTimeInput,
    )

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        tops = [int(path.rstrip("/").rpartition("/")[2]) for path in actor.reach(Area.NOTICES, Capability.EDIT)]
        reached = Organization.objects.filter(closed_on=None)
        own = reached.filter(pk__in=tops)
        if "organization" in self.fields:
            self.fields["organization"].queryset = own.order_by("path")
            self.fields["organization"].initial = tops[0] if tops else None
        self.fields["target"].queryset = (own | reached.filter(parent_id__in=tops)).order_by("path")

    def clean_title(self):
        return clean_prose(self.cleaned_data["title"])

    def clean_body(self):
        return self.cleaned_data["body"].replace("\r\n", "\n").strip()


class NoticeUpdateForm(NoticeForm):
    """Form to edit an existing notice.

    The issuing organisation cannot change, and the target must be that organisation or one below it.
    """

    takes_object = True
    organization = None

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        home = about.organization_id
        below = Q(pk__in=[home, about.target_id]) | Q(parent=home)
        self.fields["target"].queryset = Organization.objects.filter(below, closed_on=None).order_by("path")
        self.fields["target"].required = True


class AttachForm(PortalForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF, a .docx, .xlsx or .pptx document, or a photograph; at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.xlsx,.pptx,.jpg,.jpeg,.png"}),
    )
