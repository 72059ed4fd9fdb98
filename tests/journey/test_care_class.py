"""A parent on a phone, from the search for a holiday class to the signed agreement, and the public page of a draw."""

import re
from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import expect

from childcare.models import Enrolment
from childcare.services.draws import term_draw
from childcare.services.enrolments import enrolment_leave
from portal.signups.choices import SignUpState
from tests.browser import DESK, PHONE
from tests.factories.childcare import make_draw, make_draw_term, make_enrolment, make_term
from tests.factories.members import identity_number, make_entry, make_staff, phone_number
from tests.factories.organizations import make_organization, make_unit

PHONE_OF_HERS, NUMBER = phone_number(9181), identity_number(181)
LONG = "示例市职工子女爱心托管驿站暑期兴趣与作业看护综合托管班第一期"


def test_from_the_search_to_the_signed_agreement(stack, walker):
    with stack.orm():
        city = make_organization(name="示例丁市总工会")
        make_entry(
            make_unit(city), name="示例何知秋", phone=PHONE_OF_HERS, identity_number=NUMBER, birth_date=date(1990, 3, 7)
        )
        term = make_term(city, title=LONG, places_total=1)
        first = make_enrolment(term)
    stack.issue_cards((PHONE_OF_HERS, "示例何知秋", NUMBER))
    parent = walker(PHONE)
    parent.go("/childcare/classes/")
    parent.sign_in(PHONE_OF_HERS, "示例何知秋")
    parent.go("/childcare/classes/")
    parent.page.get_by_role("link", name=re.compile(LONG)).click()
    assert "共1个名额，剩余0个" in parent.look()
    parent.follow("申请名额")
    parent.page.get_by_role("link", name="我的孩子").first.click()
    parent.look()
    parent.page.goto("/me/children/new/")
    parent.look()
    parent.page.fill("#id_name", "示例何小禾")
    parent.page.check("input[name=sex][value=female]")
    parent.page.fill("#id_born_on", f"{timezone.localdate() - timedelta(days=8 * 365):%Y-%m-%d}")
    parent.page.select_option("#id_relation", "mother")
    parent.page.check("#id_agree")
    parent.send()
    parent.go(f"/childcare/classes/{term.pk}/enrol/")
    parent.page.get_by_text("示例何小禾").click()
    parent.page.check("#id_agree")
    assert "候补第1位" in parent.send()

    with stack.orm():
        enrolment_leave(actor=first.member, enrolment=Enrolment.objects.for_list().get(pk=first.pk))
    parent.go("/childcare/classes/")
    parent.page.get_by_role("link", name=re.compile("确认名额")).first.click()
    parent.look()
    parent.follow("确认名额")
    assert "名额已确认" in parent.send()
    parent.follow("阅读并签署协议")
    parent.page.fill("#id_contact_name", "示例何姑姑")
    parent.page.fill("#id_contact_phone", phone_number(9182))
    parent.page.fill("#id_name", "示例何知秋")
    assert "协议签署时间" in parent.send()
    with stack.orm():
        row = Enrolment.objects.get(child__isnull=False, offering=term.pk, state=SignUpState.CONFIRMED)
        assert row.member.phone == PHONE_OF_HERS
    parent.assert_nothing_is_stored(since=len(parent.pages) - 3)


def test_a_notary_sees_the_freeze_and_then_the_result(stack, walker):
    with stack.orm():
        term = make_draw_term(places_total=2, children=4)
        found = make_draw(term)
    notary = walker(DESK)
    assert found.list_hash in notary.go(f"/childcare/draws/{term.pk}/")
    assert "尚未抽签" in notary.text
    with stack.orm():
        drawn = term_draw(actor=make_staff(term.site.organization), term=term, seed="2027011806172233")
    numbers = ", ".join(sorted(drawn.published["admitted"], key=int))
    assert numbers in notary.go(f"/childcare/draws/{term.pk}/")
    with notary.page.expect_download() as download:
        notary.page.get_by_role("link", name=re.compile("抽签文件")).click()
    assert download.value.suggested_filename == f"draw-{term.pk}.json"
    expect(notary.page.get_by_role("heading", name="自行核验")).to_be_visible()
