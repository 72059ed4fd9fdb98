"""Partners of events: which figures they read."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from matchmaking.choices.events import EventState
from matchmaking.models import EventPartner
from matchmaking.selectors.partners import partner_share
from matchmaking.services.partners import partner_add, partner_remove
from portal.core.errors import DomainError
from portal.core.roles import Role
from tests.factories.matchmaking import make_event, make_participation, make_single, put_event
from tests.factories.matchmaking_library import make_partner
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db


def test_a_union_partner_reads_figures_and_nobody_else_does(client):
    lead, ours, other = make_organization(), make_organization(), make_organization()
    event = make_event(lead, men_quota=9, women_quota=9)
    partner = make_partner(event, organization=ours)
    make_participation(event, make_single(lead))
    address = reverse("matchmaking:partner-figures", args=[partner.pk])
    assert sign_in(client, make_staff(ours, Role.CADRE)).get(address).status_code == 200
    assert event.title in client.get(reverse("matchmaking:partner-list")).content.decode()
    assert client.get(event.get_absolute_url()).status_code == 404
    assert client.get(reverse("matchmaking:event-participants", args=[event.pk])).status_code == 404
    assert sign_in(client, make_staff(other)).get(address).status_code == 404


def test_a_draft_shows_its_partners_nothing_yet():
    lead, ours = make_organization(), make_organization()
    partner = make_partner(make_event(lead, state=EventState.DRAFT), organization=ours)
    assert not EventPartner.objects.shared_with(make_staff(ours)).exists()
    put_event(partner.event, EventState.PUBLISHED)
    assert EventPartner.objects.shared_with(make_staff(ours)).get() == partner


def test_the_share_of_a_partner_is_of_its_people_and_hidden_at_restricted_events():
    lead = make_province()
    ours = make_organization(lead)
    unit = make_unit(ours)
    for restricted, expected in ((False, 1), (True, None)):
        event = make_event(lead, restricted=restricted)
        make_participation(event, make_single(unit), unit=unit)
        make_participation(event, make_single(lead), unit=lead)
        assert partner_share(make_partner(event, organization=ours)) == expected


def test_partners_are_refused_twice_and_as_the_lead():
    event = make_event()
    actor = event.created_by
    partner_add(actor=actor, event=event, kind="media", name="示例电视台")
    with pytest.raises(ValidationError):
        partner_add(actor=actor, event=event, kind="media", name="示例电视台")
    for wrong in ({"organization": event.organization}, {"name": ""}):
        with pytest.raises(DomainError):
            partner_add(actor=actor, event=event, kind="union", **wrong)
    assert event.partners.count() == 1
    partner_remove(actor=actor, partner=event.partners.get())
    assert event.partners.count() == 0
