"""Agency words and letter templates in the admin."""

import io

import docx
import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.core.roles import Role
from portal.exchange.documents import DOCX
from portal.organizations.choices import OrganizationKind
from portal.papers.models import AgencyWord, LetterTemplate, NumberSeries
from portal.papers.services.letters import letter_template_save
from tests.factories.members import make_staff, sign_in
from tests.factories.organizations import make_organization, make_province
from tests.papers.planted import CASE, LETTER

pytestmark = pytest.mark.django_db
WORDS = "admin:papers_agencyword"
TEMPLATES = "admin:papers_lettertemplate"


@pytest.fixture
def city():
    return make_organization(name="示例甲市总工会")


@pytest.fixture
def keeper(client):
    """A system administrator of the province, signed in."""
    member = make_staff(make_province(), Role.SYSTEM_ADMINISTRATOR)
    sign_in(client, member)
    return member


def template(*texts):
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return SimpleUploadedFile("template.docx", out.getvalue())


def last_message(response):
    return [str(message) for message in response.context["messages"]][-1]


def test_a_word_is_set_and_changed(client, keeper, city):
    data = {"organization": city.pk, "kind": CASE, "word": "黑工监提"}
    client.post(reverse(f"{WORDS}_add"), data)
    row = AgencyWord.objects.get(**data)
    client.post(reverse(f"{WORDS}_change", args=[row.pk]), {"word": "黑工监意"})
    assert AgencyWord.objects.get().word == "黑工监意"
    entries = AuditEntry.objects.about(row)
    assert [(entry.action, entry.actor_id) for entry in entries] == [("agency-word.set", keeper.pk)] * 2


def test_a_word_of_the_wrong_form_is_refused_in_the_form(client, keeper, city):
    data = {"organization": city.pk, "kind": CASE, "word": "HGJT"}
    response = client.post(reverse(f"{WORDS}_add"), data)
    assert response.context["adminform"].form.errors.keys() == {"word"}
    assert not AgencyWord.objects.exists()


def test_a_word_that_others_used_is_refused_in_words(client, keeper, city):
    other = make_organization()
    NumberSeries.objects.create(organization=other, kind=CASE, year=2026, word="黑工监提")
    data = {"organization": city.pk, "kind": CASE, "word": "黑工监提"}
    response = client.post(reverse(f"{WORDS}_add"), data, follow=True)
    assert response.status_code == 200
    assert last_message(response)
    assert not AgencyWord.objects.exists()


def test_an_administrator_sets_words_in_reach_alone(client, city):
    other = make_organization()
    county = make_organization(parent=city, kind=OrganizationKind.COUNTY)
    sign_in(client, make_staff(city, Role.SYSTEM_ADMINISTRATOR))
    client.post(reverse(f"{WORDS}_add"), {"organization": other.pk, "kind": CASE, "word": "黑工监提"})
    assert not AgencyWord.objects.exists()
    client.post(reverse(f"{WORDS}_add"), {"organization": county.pk, "kind": CASE, "word": "黑工监提"})
    assert AgencyWord.objects.get().organization == county


def test_a_template_is_uploaded_used_and_put_aside(client, keeper):
    page = client.get(reverse(f"{TEMPLATES}_add"))
    assert "signer_title" in page.content.decode()
    data = {"kind": LETTER, "upload": template("{{ title }} {{ date }}"), "note": "新格式"}
    client.post(reverse(f"{TEMPLATES}_add"), data)
    first = LetterTemplate.objects.get()
    assert (first.version, first.state, first.note, first.uploaded_by) == (1, "current", "新格式", keeper)
    client.post(reverse(f"{TEMPLATES}_add"), {"kind": LETTER, "upload": template("{{ facts }}"), "note": ""})
    second = LetterTemplate.objects.get(version=2)
    assert LetterTemplate.objects.get(state="current") == second
    changelist = reverse(f"{TEMPLATES}_changelist")
    client.post(changelist, {"action": "use_version", "_selected_action": [first.pk]})
    assert LetterTemplate.objects.get(state="current") == first
    response = client.post(changelist, {"action": "use_version", "_selected_action": [first.pk]}, follow=True)
    assert last_message(response)
    client.post(changelist, {"action": "use_builtin", "_selected_action": [first.pk]})
    assert not LetterTemplate.objects.filter(state="current").exists()
    saved = AuditEntry.objects.get(
        about_model="papers.lettertemplate", about_id=first.pk, action="letter-template.save"
    )
    assert saved.actor_id == keeper.pk


def test_a_template_with_an_unknown_name_is_refused_in_the_form(client, keeper):
    data = {"kind": LETTER, "upload": template("{{ nobody }}"), "note": ""}
    response = client.post(reverse(f"{TEMPLATES}_add"), data)
    assert response.status_code == 200
    (words,) = response.context["adminform"].form.errors["upload"]
    assert "nobody" in words
    assert not LetterTemplate.objects.exists()


def test_templates_can_be_downloaded(client, keeper):
    row = letter_template_save(actor=keeper, kind=LETTER, upload=template("{{ title }}"))
    for path in (
        reverse(f"{TEMPLATES}_file", args=[row.pk]),
        f"{reverse(f'{TEMPLATES}_builtin')}?kind={LETTER}",
    ):
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (200, DOCX)
        assert docx.Document(io.BytesIO(response.content)).paragraphs
    assert client.get(reverse(f"{TEMPLATES}_file", args=[row.pk + 1])).status_code == 404
    assert client.get(f"{reverse(f'{TEMPLATES}_builtin')}?kind=a.b").status_code == 404
    assert row.file.name in client.get(reverse(f"{TEMPLATES}_change", args=[row.pk])).content.decode()


def test_only_the_administrators_of_the_province_change_templates(client, city):
    row = letter_template_save(actor=make_staff(), kind=LETTER, upload=template("{{ title }}"))
    for place, role in ((city, Role.SYSTEM_ADMINISTRATOR), (make_province(), Role.AUDIT_ADMINISTRATOR)):
        sign_in(client, make_staff(place, role))
        assert client.get(reverse(f"{TEMPLATES}_add")).status_code == 403
        data = {"action": "use_builtin", "_selected_action": [row.pk]}
        client.post(reverse(f"{TEMPLATES}_changelist"), data)
        assert LetterTemplate.objects.get().state == "current"


def test_every_kind_out_of_service_is_shown_by_its_code(client, keeper, city, planted_kinds, monkeypatch):
    letter_template_save(actor=keeper, kind=LETTER, upload=template("{{ title }}"))
    AgencyWord.objects.create(organization=city, kind=CASE, word="黑工监提")
    for name in ("KINDS", "LETTERS", "CERTIFICATES"):
        monkeypatch.setattr(planted_kinds, name, [])
    assert LETTER in client.get(reverse(f"{TEMPLATES}_changelist")).content.decode()
    assert CASE in client.get(reverse(f"{WORDS}_changelist")).content.decode()
    assert {"papers.AgencyWord", "papers.LetterTemplate"} <= {model._meta.label for model in admin.site._registry}
