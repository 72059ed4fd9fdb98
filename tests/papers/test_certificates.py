"""Certificates: issued, withdrawn and replaced, and what their public page says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.organizations.models import Employer
from portal.organizations.services.employers import employer_create
from portal.organizations.services.moving import organization_merge
from portal.papers.choices import Standing
from portal.papers.codes import code_shown
from portal.papers.models import Certificate, TakenNumber
from portal.papers.selectors import certificate_by_code, certificates_of
from portal.papers.services.certificates import certificate_issue, certificate_replace, certificate_withdraw
from tests.factories.members import make_member, make_staff, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.papers.planted import PLATE
from tests.threads import at_once

DAY = timedelta(days=1)


def make_row(city, staff):
    return employer_create(actor=staff, organization=city, name="示例公司")


@pytest.fixture
def city(db):
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def staff(city):
    return make_staff(city)


@pytest.fixture
def row(city, staff):
    return make_row(city, staff)


@pytest.fixture
def issued(row, staff):
    return certificate_issue(actor=staff, about=row, kind=PLATE)


def page(client, code):
    response = client.get(reverse("papers:certificate-check", args=[code]))
    return response.status_code, response.content.decode()


def test_a_certificate_is_issued(issued, row, city, staff):
    today = timezone.localdate()
    assert issued.number == f"示例甲市工牌〔{today.year}〕1号"
    assert (issued.title, issued.organization, issued.issued_on, issued.valid_until) == ("示例公司", city, today, None)
    assert (issued.standing, issued.kind_name) == (Standing.VALID, "示例牌")
    assert issued.get_absolute_url() == f"/c/{issued.code}/"
    assert AuditEntry.objects.about(issued).get().action == "certificate.issue"
    assert TakenNumber.objects.get().about_id == row.pk
    assert list(certificates_of(row)) == [issued]


def test_a_row_has_one_certificate_of_a_kind(issued, row, staff):
    with pytest.raises(DomainError) as refusal:
        certificate_issue(actor=staff, about=row, kind=PLATE)
    assert refusal.value.code == "issued"
    assert TakenNumber.objects.count() == 1


def test_days_are_checked(row, staff):
    today = timezone.localdate()
    with pytest.raises(DomainError):
        certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=today - DAY)
    with pytest.raises(ValidationError):
        certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=date(2099, 12, 31))
    assert not Certificate.objects.exists()
    assert certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=today).standing == Standing.VALID


def test_it_expires_after_its_last_day(row, staff):
    last = timezone.localdate() + DAY
    held = certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=last)
    assert [held.standing_on(day) for day in (last, last + DAY)] == [Standing.VALID, Standing.EXPIRED]


def test_it_is_withdrawn_with_reason_and_decision(issued, row, staff):
    with pytest.raises(DomainError) as refusal:
        certificate_withdraw(actor=staff, certificate=issued, reason=" ")
    assert refusal.value.code == "no-reason"
    held = certificate_withdraw(actor=staff, certificate=issued, reason="撤站", decision="示例甲市工监提〔2026〕1号")
    assert (held.standing, held.withdrawn_on, held.reason) == (Standing.WITHDRAWN, timezone.localdate(), "撤站")
    with pytest.raises(DomainError) as refusal:
        certificate_withdraw(actor=staff, certificate=held, reason="撤站")
    assert refusal.value.code == "no-such-step"
    stale = Certificate.objects.get(pk=issued.pk)
    stale.state = "valid"
    with pytest.raises(Conflict):
        certificate_withdraw(actor=staff, certificate=stale, reason="撤站")
    assert certificate_issue(actor=staff, about=row, kind=PLATE).number.endswith("〕2号")


def test_it_is_replaced(issued, row, staff):
    new = certificate_replace(actor=staff, certificate=issued, reason="遗失")
    assert new.replaces == issued
    assert new.code != issued.code
    assert [one.standing for one in certificates_of(row)] == [Standing.VALID, Standing.WITHDRAWN]
    with pytest.raises(DomainError):
        certificate_replace(actor=staff, certificate=issued, reason="遗失")
    assert Certificate.objects.count() == 2
    assert TakenNumber.objects.count() == 2


def test_a_row_that_is_gone_gets_no_other_certificate(issued, row, staff):
    Employer.objects.filter(pk=row.pk).delete()
    with pytest.raises(DomainError) as refusal:
        certificate_replace(actor=staff, certificate=issued, reason="遗失")
    assert refusal.value.code == "gone"
    assert Certificate.objects.get().standing == Standing.VALID


def test_of_two_requests_at_once_one_certificate_remains(fresh_database):
    city = make_organization()
    staff = make_staff(city)
    row = make_row(city, staff)
    answers = at_once(lambda _number: certificate_issue(actor=staff, about=row, kind=PLATE), range(6))
    assert sorted(type(answer).__name__ for answer in answers) == ["Certificate", *["DomainError"] * 5]
    assert TakenNumber.objects.count() == 1
    held = Certificate.objects.get()
    acts = [
        lambda: certificate_replace(actor=staff, certificate=held, reason="遗失"),
        lambda: certificate_withdraw(actor=staff, certificate=held, reason="撤站"),
        lambda: certificate_replace(actor=staff, certificate=held, reason="遗失"),
    ]
    answers = at_once(lambda act: act(), acts)
    assert sum(isinstance(answer, Certificate) for answer in answers) == 1
    assert all(isinstance(answer, Certificate | DomainError) for answer in answers)
    assert list(TakenNumber.objects.order_by("serial").values_list("serial", flat=True)) in ([1], [1, 2])


def test_staff_of_another_city_see_no_certificate(issued, staff):
    other = make_staff(make_organization())
    seen = [Certificate.objects.visible_to(who).exists() for who in (staff, other, make_member())]
    assert seen == [True, False, False]


@pytest.mark.parametrize("typed", [str, str.lower, code_shown, lambda code: f" {code} "])
def test_a_certificate_is_found_by_its_code(issued, typed):
    assert certificate_by_code(typed(issued.code)) == issued


def test_the_page_says_what_it_may(issued, client):
    status, text = page(client, issued.code)
    assert status == 200
    for words in (issued.number, "示例牌", "示例甲市总工会", f"/landing/{issued.about_id}/"):
        assert words in text
    assert issued.title not in text
    response = client.get(issued.get_absolute_url())
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_the_page_of_a_withdrawn_one(issued, staff, client):
    certificate_replace(actor=staff, certificate=issued, reason="某某遗失")
    text = page(client, issued.code)[1]
    assert "/landing/" not in text
    assert "某某遗失" not in text
    assert Certificate.objects.get(replaces=issued).number in text
    assert Certificate.objects.get(replaces=issued).code not in text


def test_the_page_of_an_expired_one(row, staff, client):
    held = certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=timezone.localdate())
    yesterday = timezone.localdate() - DAY
    Certificate.objects.filter(pk=held.pk).update(issued_on=yesterday, valid_until=yesterday)
    text = page(client, held.code)[1]
    assert yesterday.isoformat() in text or str(yesterday.year) in text
    assert "note-warning" in text
    assert "/landing/" not in text


def test_the_page_writes_nothing(issued, staff, client):
    for asking in (client, sign_in(Client(), staff)):
        asking.get(issued.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            response = asking.get(issued.get_absolute_url())
        assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
        assert "sessionid" not in response.cookies
        assert len(queries) <= 10


def test_people_who_may_see_the_row_get_a_link_to_it(issued, row, staff, client):
    outsiders = [make_staff(make_organization()), make_member()]
    assert row.get_absolute_url() not in page(client, issued.code)[1]
    assert row.get_absolute_url() in page(sign_in(Client(), staff), issued.code)[1]
    for person in outsiders:
        assert row.get_absolute_url() not in page(sign_in(Client(), person), issued.code)[1]


@pytest.mark.parametrize("cut", [1, 2, 4, 9])
def test_a_code_that_a_scanner_cut_off_gets_help(issued, client, cut):
    status, text = page(client, issued.code[:-cut])
    assert status == 200
    assert 'name="code"' in text
    assert issued.number not in text
    assert issued.code[:-cut] in text


def test_a_wrong_code_gets_help(issued, client):
    wrong = issued.code[:-1] + ("2" if issued.code[-1] != "2" else "3")
    for code in (wrong, "22222222222", "不存在", "%00", "x" * 300, "2" * 10):
        status, text = page(client, code)
        assert (status, 'name="code"' in text) == (200, True)


def test_every_way_to_write_the_address_leads_there(issued, client):
    """Whatever was printed once must work for as long as the plate hangs: N58."""
    for path in (
        f"/c/{issued.code}/",
        f"/c/{issued.code}",
        f"/c/{issued.code.lower()}/",
        f"/C/{issued.code}/",
        f"/c/{code_shown(issued.code)}/",
        f"/c/?code={issued.code}",
        f"/c/?code={code_shown(issued.code).lower()}",
    ):
        response = client.get(path, follow=True)
        assert response.status_code == 200
        assert issued.number in response.content.decode(), path
    for path in ("/c/", "/c", "/c/?code=", "/c/?code=%00%00"):
        response = client.get(path, follow=True)
        assert response.status_code in (200, 400)
        assert path.endswith("%00") or 'name="code"' in response.content.decode()


def test_a_kind_out_of_service_still_has_its_page(issued, client, planted_kinds, monkeypatch):
    monkeypatch.setattr(planted_kinds, "CERTIFICATES", [])
    status, text = page(client, issued.code)
    assert (status, issued.number in text, "/landing/" in text) == (200, True, False)


def test_a_landing_that_fails_does_not_hide_the_answer(issued, client, planted_kinds, monkeypatch, left_out):
    def broken(row, request):
        raise RuntimeError

    kind = planted_kinds.CERTIFICATES[0]
    fields = {name: getattr(kind, name) for name in ("code", "name", "word", "model", "title", "visible_to")}
    monkeypatch.setattr(planted_kinds, "CERTIFICATES", [type(kind)(**fields, landing=broken)])
    status, text = page(client, issued.code)
    assert (status, issued.number in text, "note-success" in text) == (200, True, True)


class TestAKindThatLeadsOnAtOnce:
    @pytest.fixture(autouse=True)
    def direct(self, planted_kinds, monkeypatch):
        monkeypatch.setattr(planted_kinds, "CERTIFICATES", [replace(planted_kinds.CERTIFICATES[0], direct=True)])

    def test_a_valid_one_leads_on_and_the_answer_is_not_stored(self, issued, client):
        response = client.get(issued.get_absolute_url())
        assert (response.status_code, response.url) == (302, f"/landing/{issued.about_id}/")
        assert "no-store" in response["Cache-Control"]

    def test_a_withdrawn_and_an_expired_one_have_their_page(self, issued, row, staff, client):
        certificate_withdraw(actor=staff, certificate=issued, reason="遗失")
        assert page(client, issued.code)[0] == 200
        held = certificate_issue(actor=staff, about=row, kind=PLATE, valid_until=timezone.localdate())
        yesterday = timezone.localdate() - DAY
        Certificate.objects.filter(pk=held.pk).update(issued_on=yesterday, valid_until=yesterday)
        assert page(client, held.code)[0] == 200

    def test_one_that_leads_nowhere_has_its_page(self, issued, client, planted_kinds, monkeypatch):
        kind = replace(planted_kinds.CERTIFICATES[0], landing=lambda row, request: "")
        monkeypatch.setattr(planted_kinds, "CERTIFICATES", [kind])
        assert page(client, issued.code)[0] == 200


def test_certificates_follow_a_merger_and_keep_their_numbers(issued, staff, city):
    target = make_organization()
    organization_merge(actor=make_staff(make_province()), source=city, target=target)
    held = Certificate.objects.get()
    assert (held.organization, held.number) == (target, issued.number)
    assert AuditEntry.objects.get(action="organization.merge").data["certificates"] == 1
