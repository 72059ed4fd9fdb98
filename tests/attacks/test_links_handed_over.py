"""A link handed over in person instead of sent gives the person who hands it over no advantage.

The danger is that one person does all of it to another: makes a link, opens the account as the person, and confirms
"the person".
"""

from urllib.parse import urlsplit

import pyotp
import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import DomainError
from portal.core.roles import Role
from portal.members.choices import ProofMeans
from portal.members.independence import are_bound
from portal.members.models import Invitation, Member
from portal.members.services.invitations import invitation_hand, invitation_link, invitation_send
from portal.members.services.phones import phone_set_by_staff
from portal.members.services.proofs import shown_code, sightings_by_codes
from portal.messaging.models import Message
from tests.factories.members import make_duty, make_entry, make_staff, phone_number, sign_in
from tests.factories.organizations import make_organization, make_province, make_unit

pytestmark = pytest.mark.django_db
PASSWORD = "Zhuyi-Anquan-2026-x"


@pytest.fixture(autouse=True)
def no_provider(settings, tmp_path):
    settings.SMS_BACKEND = "portal.messaging.channels.RefusingSms"
    settings.SMS_DIR = tmp_path


@pytest.fixture
def chair():
    return make_staff(make_organization(make_province()))


@pytest.fixture
def invited(chair):
    """A person with a duty who has never signed in."""
    member = make_entry(make_unit(chair.duties[0].organization), phone=phone_number(640), name="示例受邀")
    make_duty(member, member.organization, Role.CADRE)
    return member


def hand(client, actor, member):
    sign_in(client, actor)
    return client.post(reverse("members:member-hand-link", args=[member.pk]), {"reason": "当面交给本人"})


def test_the_link_is_shown_once_and_told(client, chair, invited):
    page = hand(client, chair, invited)
    assert "/sign-in/invitation/" in page.context["link"]
    assert "no-store" in page["Cache-Control"]
    assert AuditEntry.objects.get(action="member.hand-link").actor_id == chair.pk
    assert Message.objects.filter(recipient=invited, kind="members.invitation_handed").exists()
    assert page.context["link"] not in client.get(invited.get_absolute_url()).content.decode()
    second = hand(client, chair, invited)
    assert client.get(urlsplit(page.context["link"]).path, follow=True).status_code == 404
    assert second.context["link"] != page.context["link"]


def test_whoever_makes_the_link_opens_a_provisional_account_without_duties(client, chair, invited):
    link = hand(client, chair, invited).context["link"]
    client.logout()
    page = client.get(urlsplit(link).path)
    chosen = {"name": invited.name, "login_name": "shouyao", "password": PASSWORD, "again": PASSWORD}
    secret = client.post(page.url, chosen, follow=True).context["secret"].replace(" ", "")
    assert client.post(reverse("members:sign-in-enrol"), {"code": pyotp.TOTP(secret).now()}).status_code == 200
    member = Member.objects.get(pk=invited.pk)
    assert (member.is_proven, member.is_desk, member.phone_confirmed_at) == (False, False, None)
    assert not client.session.get("staff")
    assert client.get(reverse("members:child-list")).status_code in (302, 403)
    # Two people must see the person who shows the digits, and the maker of the link is not one of them.
    assert are_bound(chair.pk, invited.pk)
    code, _ends = shown_code(member=member)
    sightings_by_codes(actor=chair, codes=[code], how="in_person")
    sightings_by_codes(actor=make_staff(member.organization), codes=[code], how="in_person")
    assert not Member.objects.get(pk=invited.pk).is_proven
    above = make_staff(Member.objects.get(pk=chair.pk).duties[0].organization)
    sightings_by_codes(actor=above, codes=[code], how="in_person")
    assert Member.objects.get(pk=invited.pk).is_proven


def test_nobody_who_has_signed_in_is_reached_by_such_a_link(client, chair, invited):
    Member.objects.filter(pk=invited.pk).update(last_login=timezone.now())
    assert hand(client, chair, invited).status_code == 422
    with pytest.raises(DomainError):
        invitation_hand(actor=None, member=invited)
    assert not Invitation.objects.exists()


def set_up(role, serial):
    """Create a person whom the installation named and who has not yet opened the account."""
    root = make_province()
    member = make_entry(root, phone=phone_number(serial), name="示例先任")
    make_duty(member, root, role)
    Member.objects.filter(pk=member.pk).update(proven_at=timezone.now(), proof=ProofMeans.SET_UP)
    return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR, Role.CHAIR])
def test_the_security_administrator_opens_no_account_that_the_set_up_confirmed(client, role):
    named = set_up(role, 642)
    security = make_staff(named.organization, Role.SECURITY_ADMINISTRATOR)
    assert hand(client, security, named).status_code == 422
    assert "hand-link" not in client.get(named.get_absolute_url()).content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.CHAIR])
def test_another_phone_takes_the_confirmation_of_an_account_never_opened(client, settings, role):
    """Another phone removes the confirmation of an account that was never opened.

    The attack, in the first hours after the installation: write a phone of one's own, send the link to it, be the
    chair.
    """
    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    named = set_up(role, 643)
    security = make_staff(named.organization, Role.SECURITY_ADMINISTRATOR)
    phone_set_by_staff(actor=security, member=named, phone=phone_number(644))
    link = invitation_link(invitation_send(actor=security, member=named).pk)
    page = client.get(urlsplit(link).path)
    chosen = {"name": named.name, "login_name": "maoming", "password": PASSWORD, "again": PASSWORD}
    assert client.post(page.url, chosen).status_code == 302
    member = Member.objects.get(pk=named.pk)
    assert (member.is_proven, member.is_desk, member.is_staff) == (False, False, False)
    refused = client.post(reverse("members:sign-in-staff"), {"login_name": "maoming", "password": PASSWORD})
    assert refused.status_code == 422


def test_with_a_provider_links_are_sent_and_not_shown(client, chair, invited, settings):
    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    assert hand(client, chair, invited).status_code == 422
    assert not Invitation.objects.exists()


def test_a_link_by_text_message_enrols_nobody_who_was_confirmed_elsewhere(client, chair, settings):
    settings.SMS_BACKEND = "portal.messaging.channels.FileSms"
    settings.SECOND_FACTOR_REQUIRED = "staff"
    member = make_staff(chair.duties[0].organization, phone=phone_number(641))
    Member.objects.filter(pk=member.pk).update(last_login=timezone.now())
    link = invitation_link(invitation_send(actor=chair, member=member).pk)
    page = client.get(urlsplit(link).path)
    chosen = {"name": member.name, "login_name": "denglu2", "password": PASSWORD, "again": PASSWORD}
    assert client.post(page.url, chosen).url == reverse("members:sign-in-staff")
