"""The life of a profile: created, vetted, started, paused, left, taken up again, and what expires."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from matchmaking import agreements, consents
from matchmaking.choices.introductions import IntroductionState
from matchmaking.choices.profiles import ProfileState, VettedBy
from matchmaking.choices.vetting import AppealState
from matchmaking.models import Block, ProfileAppeal, ProfilePhoto, SingleProfile
from matchmaking.services.photos import photo_add, photo_remove
from matchmaking.services.profiles import (
    profile_create,
    profile_exit,
    profile_matched,
    profile_pause,
    profile_return,
    profile_save,
    profile_start,
    profile_submit,
)
from matchmaking.services.retention import erase_profile, profiles_keep_time
from matchmaking.services.safety import block_set
from matchmaking.services.vetting import appeal_decide, appeal_make, profile_confirm, profile_refuse
from portal.audit.models import AuditEntry
from portal.core.errors import Conflict, DomainError
from portal.core.services import retention_run
from portal.exchange import storage
from portal.exchange.models import StoredFile
from portal.members.choices import MaritalStatus
from portal.members.models import Consent, Member
from portal.messaging.models import Message
from portal.organizations.choices import OrganizationKind
from tests.factories.matchmaking import make_law, make_single
from tests.factories.matchmaking_singles import (
    make_appeal,
    make_couple,
    make_introduction,
    make_photo,
    make_profile,
    make_region,
    make_vetter,
    picture,
)
from tests.factories.members import make_staff
from tests.factories.organizations import make_organization, make_unit

pytestmark = pytest.mark.django_db
ABOUT = {"nickname": "小满", "about": "喜欢爬山和做饭"}


def state_of(profile):
    return SingleProfile.objects.values_list("state", flat=True).get(pk=profile.pk)


def refused_as(code, call, **kwargs):
    with pytest.raises(DomainError) as refusal:
        call(**kwargs)
    assert refusal.value.code == code


@pytest.fixture
def single():
    make_law()
    county = make_organization(parent=make_organization(), kind=OrganizationKind.COUNTY)
    return make_single(make_unit(county), name="示例周小满", declared=False)


def begun(single):
    profile = profile_create(member=single, **ABOUT, region=make_region())
    return SingleProfile.objects.select_related("member__organization").get(pk=profile.pk)


def submit(profile, **fields):
    fields = {"signature": profile.member.name, "vetted_by": VettedBy.ABOVE, **fields}
    return profile_submit(profile=profile, actor=profile.member, **fields)


def test_a_draft_is_seen_by_nobody(single):
    profile = begun(single)
    chair = make_staff(single.organization.parent)
    assert (profile.state, list(SingleProfile.objects.visible_to(chair))) == (ProfileState.DRAFT, [])
    assert profile.hidden_from_own_unit


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"organization": None}, "not-eligible"),
        ({"marital_status": MaritalStatus.OTHER}, "not-eligible"),
    ],
)
def test_who_cannot_have_a_profile(single, change, code):
    for name, value in change.items():
        setattr(single, name, value)
    refused_as(code, profile_create, member=single, **ABOUT)
    assert not SingleProfile.objects.exists()


def test_below_the_age_of_marriage_there_is_no_profile(single):
    today = timezone.localdate()
    young = make_single(
        single.organization, declared=False, born=date(today.year - 20, today.month, today.day) + timedelta(days=1)
    )
    refused_as("not-eligible", profile_create, member=young, **ABOUT)
    of_age = make_single(single.organization, declared=False, born=date(today.year - 21, 1, 1))
    assert profile_create(member=of_age, **ABOUT).state == ProfileState.DRAFT


@pytest.mark.parametrize(
    ("words", "code"),
    [("电话13800138000", "words-contact"), ("加微信聊", "words-contact"), ("我是示例周小满", "words-name")],
)
def test_words_that_name_her_are_refused(single, words, code):
    refused_as(code, profile_create, member=single, nickname="小满", about=words)


def test_an_outdated_window_is_told(single):
    profile = begun(single)
    profile_save(profile=profile, actor=single, version=1, hopes="真诚")
    with pytest.raises(Conflict):
        profile_save(profile=profile, actor=single, version=1, hopes="别的")
    assert SingleProfile.objects.get().hopes == "真诚"


def test_nobody_else_edits_it(single):
    refused_as("not-yours", profile_save, profile=begun(single), actor=make_single(), version=1, hopes="x")


@pytest.mark.parametrize(
    ("chosen", "level"), [(VettedBy.UNIT, OrganizationKind.GRASSROOTS), (VettedBy.ABOVE, OrganizationKind.COUNTY)]
)
def test_she_chooses_who_vets(single, chosen, level):
    chair = make_staff(single.organization.parent)
    profile = submit(begun(single), vetted_by=chosen)
    row = SingleProfile.objects.get(pk=profile.pk)
    assert (row.state, row.vetting_organization.kind) == (ProfileState.UNIT_VETTING, level)
    given = Consent.objects.standing().filter(member=single).values_list("purpose", "version")
    assert set(given) == {(consents.SINGLE.code, 1), (consents.PROFILE.code, 1)}
    told = Message.objects.filter(recipient=chair, kind="matchmaking.single_submitted")
    assert told.count() == 1
    assert single.name not in str(told.get().context)


def test_a_wrong_signature_signs_nothing(single):
    refused_as("signature", submit, profile=begun(single), signature="别人")
    assert (SingleProfile.objects.get().declared_at, Consent.objects.count()) == (None, 0)


SENT_FROM = (ProfileState.DRAFT, ProfileState.REFUSED)


@pytest.mark.parametrize("state", [state for state in ProfileState if state not in SENT_FROM])
def test_only_a_draft_or_a_refused_profile_is_sent(state):
    profile = make_profile(state=state)
    refused_as("no-such-step", submit, profile=profile)
    assert state_of(profile) == state


@pytest.mark.parametrize("state", [state for state in ProfileState if state != ProfileState.UNIT_VETTING])
def test_only_a_sent_profile_is_vetted(state):
    profile = make_profile(state=state)
    profile.vetting_organization = profile.member.organization.parent
    until = timezone.localdate() + timedelta(days=9)
    with pytest.raises(DomainError):
        profile_refuse(profile=profile, actor=make_staff(), reason="x")
    with pytest.raises(DomainError):
        profile_confirm(profile=profile, actor=make_staff(), until=until)
    assert state_of(profile) == state


def test_a_confirmed_profile_waits_for_her_to_start():
    profile = make_profile(state=ProfileState.UNIT_VETTING)
    until = timezone.localdate() + timedelta(days=365)
    profile_confirm(profile=profile, actor=make_vetter(profile), until=until)
    row = SingleProfile.objects.get(pk=profile.pk)
    assert (row.state, row.verified_until, row.vouched_unit) == (
        ProfileState.VERIFIED,
        until,
        profile.member.organization,
    )
    profile_start(profile=row, actor=profile.member)
    assert state_of(row) == ProfileState.ACTIVE


@pytest.mark.parametrize("days", [0, 367])
def test_a_word_holds_from_tomorrow_and_a_year_at_most(days):
    profile = make_profile(state=ProfileState.UNIT_VETTING)
    until = timezone.localdate() + timedelta(days=days)
    refused_as("until", profile_confirm, profile=profile, actor=make_vetter(profile), until=until)
    assert state_of(profile) == ProfileState.UNIT_VETTING


def test_who_has_moved_or_is_not_single_is_not_confirmed():
    until = timezone.localdate() + timedelta(days=9)
    moved, married = (make_profile(state=ProfileState.UNIT_VETTING) for _ in range(2))
    Member.objects.filter(pk=moved.member_id).update(organization=make_unit())
    Member.objects.filter(pk=married.member_id).update(marital_status=MaritalStatus.OTHER)
    for row, code in ((moved, "moved"), (married, "not-single")):
        row = SingleProfile.objects.get(pk=row.pk)
        refused_as(code, profile_confirm, profile=row, actor=make_vetter(row), until=until)


def test_nobody_vets_herself():
    profile = make_profile(state=ProfileState.UNIT_VETTING)
    refused_as("own", profile_refuse, profile=profile, actor=profile.member, reason="x")


def test_a_refusal_is_objected_to_and_judged_by_another():
    profile = make_profile(state=ProfileState.UNIT_VETTING)
    refuser = make_vetter(profile)
    profile_refuse(profile=profile, actor=refuser, reason="名册不符")
    row = appeal_make(profile=profile, actor=profile.member, words="名册没有更新")
    assert row.organization == profile.vetting_organization.parent
    refused_as("own", appeal_decide, appeal=row, actor=refuser, upheld=False, answer="x")
    refused_as("twice", appeal_make, profile=profile, actor=profile.member, words="x")
    until = timezone.localdate() + timedelta(days=30)
    appeal_decide(appeal=row, actor=make_staff(row.organization), upheld=True, answer="属实", until=until)
    assert state_of(profile) == ProfileState.VERIFIED


def test_a_dismissed_objection_leaves_the_refusal():
    row = make_appeal()
    appeal_decide(appeal=row, actor=make_staff(row.organization), upheld=False, answer="名册无误")
    assert (state_of(row.profile), ProfileAppeal.objects.get().state) == (ProfileState.REFUSED, AppealState.DISMISSED)


@pytest.mark.parametrize("state", [state for state in ProfileState if state != ProfileState.REFUSED])
def test_only_a_refusal_is_objected_to(state):
    profile = make_profile(state=state)
    refused_as("not-refused", appeal_make, profile=profile, actor=profile.member, words="x")


OWN_STEPS = {
    profile_pause: {ProfileState.ACTIVE},
    profile_matched: {ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED},
    profile_start: {ProfileState.VERIFIED, ProfileState.PAUSED, ProfileState.MATCHED},
    profile_exit: set(ProfileState) - {ProfileState.EXITED},
}


@pytest.mark.parametrize("state", ProfileState)
@pytest.mark.parametrize("service", OWN_STEPS)
def test_her_own_steps(service, state):
    profile = make_profile(state=state)
    if state in OWN_STEPS[service]:
        service(profile=profile, actor=profile.member)
        assert state_of(profile) != state
    else:
        with pytest.raises(DomainError):
            service(profile=profile, actor=profile.member)
        assert state_of(profile) == state


@pytest.mark.parametrize("service", OWN_STEPS)
def test_nobody_else_takes_her_steps(service):
    profile = make_profile()
    refused_as("not-yours", service, profile=profile, actor=make_staff())


def test_a_held_or_expired_word_is_not_started():
    held = make_profile(state=ProfileState.PAUSED, held=True)
    over = make_profile(state=ProfileState.PAUSED, verified_until=timezone.localdate())
    for row, code in ((held, "held"), (over, "expired")):
        refused_as(code, profile_start, profile=row, actor=row.member)


def test_leaving_is_quiet_and_whole():
    her, him = make_couple()
    for purpose in (consents.SINGLE, consents.PROFILE):
        Consent.objects.create(member=her.member, purpose=purpose.code, version=1, language="en", text_digest="0" * 64)
    row = make_introduction(her, him, IntroductionState.AGREED)
    profile_exit(profile=her, actor=her.member)
    row.refresh_from_db()
    assert (state_of(her), row.state) == (ProfileState.EXITED, IntroductionState.ENDED)
    assert not Consent.objects.standing().filter(member=her.member).exists()
    assert not Message.objects.exists()
    profile_return(profile=her, actor=her.member)
    back = SingleProfile.objects.get(pk=her.pk)
    assert (back.state, back.exited_at, back.verified_until) == (ProfileState.DRAFT, None, None)


def test_taking_an_agreement_back_is_leaving():
    her = make_profile()
    row = Consent.objects.create(
        member=her.member, purpose=consents.PROFILE.code, version=1, language="en", text_digest="0" * 64
    )
    agreements.take_back(row, her.member)
    row.refresh_from_db()
    assert (state_of(her), row.withdrawn_at is None) == (ProfileState.EXITED, False)


@pytest.mark.parametrize(
    "state", [ProfileState.VERIFIED, ProfileState.ACTIVE, ProfileState.PAUSED, ProfileState.MATCHED]
)
@pytest.mark.parametrize("reason", ["expired", "moved", "married"])
def test_time_makes_a_draft_of_what_no_longer_holds_and_tells_her(state, reason):
    stays, goes = make_profile(state=state), make_profile(state=state)
    if reason == "expired":
        SingleProfile.objects.filter(pk=goes.pk).update(verified_until=timezone.localdate())
    else:
        change = {"organization": make_unit()} if reason == "moved" else {"marital_status": MaritalStatus.OTHER}
        Member.objects.filter(pk=goes.member_id).update(**change)
    assert (profiles_keep_time(), profiles_keep_time()) == (1, 0)
    assert (state_of(stays), state_of(goes)) == (state, ProfileState.DRAFT)
    told = Message.objects.filter(kind="matchmaking.single_expired").values_list("recipient", flat=True)
    assert list(told) == [goes.member_id]


def test_photos_are_written_anew_and_three_at_most():
    profile = make_profile()
    for _ in range(3):
        make_photo(profile)
    refused_as("too-many", photo_add, profile=profile, actor=profile.member, content=picture())
    photo = profile.photos.first()
    refused_as("not-yours", photo_remove, photo=photo, actor=make_single())
    photo_remove(photo=photo, actor=profile.member)
    assert (profile.photos.count(), StoredFile.objects.filter(deleted_at=None).count()) == (2, 2)


def test_six_months_after_leaving_all_is_deleted_with_its_files(django_capture_on_commit_callbacks):
    left, fresh, named = (make_profile() for _ in range(3))
    key = make_photo(left).file.key
    other = make_profile(state=ProfileState.PAUSED)
    make_introduction(named, other, IntroductionState.NOT_AGREED)
    for row in (left, fresh, named):
        profile_exit(profile=row, actor=row.member)
    long_ago = timezone.now() - timedelta(days=184)
    SingleProfile.objects.filter(pk__in=[left.pk, named.pk]).update(exited_at=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        counted = {rule.code: count for rule, count in retention_run(dry_run=True)}
        assert (counted["matchmaking.profiles"], ProfilePhoto.objects.count()) == (2, 1)
        done = {rule.code: count for rule, count in retention_run()}
    assert done["matchmaking.profiles"] == 2
    assert not SingleProfile.objects.filter(pk=left.pk).exists()
    assert not storage.path_of(key).exists()
    row = SingleProfile.objects.get(pk=named.pk)
    assert (row.nickname, row.about, row.region) == ("", "", None)
    assert SingleProfile.objects.get(pk=fresh.pk).nickname != ""
    assert [count for _rule, count in retention_run()] == [0] * len(done)


def test_the_command_counts_and_deletes_nothing():
    row = make_profile(state=ProfileState.EXITED, exited_at=timezone.now() - timedelta(days=200))
    out = StringIO()
    call_command("retention", "--dry-run", stdout=out)
    assert "matchmaking.profiles: 1 due" in out.getvalue()
    assert SingleProfile.objects.filter(pk=row.pk).exists()


def test_erasing_a_person_takes_profile_blocks_and_labels():
    her, him = make_couple()
    make_photo(her)
    block_set(actor=her.member, blocked=him.member, label="a")
    block_set(actor=him.member, blocked=her.member, label="b")
    erase_profile(member=her.member, actor=None)
    assert not SingleProfile.objects.filter(pk=her.pk).exists()
    assert list(Block.objects.values_list("blocker", "label")) == [(him.member_id, "")]


def test_the_audit_knows_fields_and_never_words(single):
    profile = begun(single)
    profile_save(profile=profile, actor=single, version=1, hopes="温柔体贴的人")
    submit(SingleProfile.objects.get(pk=profile.pk))
    written = str(list(AuditEntry.objects.values("data", "note", "fields", "action")))
    assert not any(word in written for word in ("爬山", "温柔", "小满", single.name))
