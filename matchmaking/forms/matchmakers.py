"""Forms of the matchmakers of an event."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.models import MatchEvent
from portal.members.models import Member
from portal.members.selectors import union_cadres
from portal.web.forms import PortalForm


class MatchmakersForm(PortalForm):
    """Chooses the event's matchmakers from the cadres of the unions that take part."""

    takes_object = True

    members = forms.ModelMultipleChoiceField(
        label=_("Volunteer matchmakers"),
        queryset=MatchEvent.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, about, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        standing = Member.objects.filter(pk__in=about.matchmakers.filter(valid_until=None).values("member_id"))
        field.queryset = union_cadres(about.organization) | standing.select_related("organization")
        field.label_from_instance = lambda member: f"{member.name} · {member.organization.label}"
