"""Rules for every request: caching, refusals in words, sign-in for htmx, the policy of the pages."""

import gzip
import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.core.errors import DomainError
from portal.members.services.consents import consent_give
from tests.factories.members import make_member, make_staff, sign_in

pytestmark = pytest.mark.django_db
SENTENCE = re.compile(r"[\u4e00-\u9fff，]{6,}。")


def test_signed_in_pages_are_not_stored(client):
    assert client.get("/")["Cache-Control"] == "no-cache, private"
    assert client.get("/sign-in/")["Cache-Control"] == "no-store, private"
    sign_in(client, make_staff())
    for path in ("/", "/me/", "/members/", "/messages/", "/nowhere/", "/exchange/members.roster/template/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_headers_of_every_page(client):
    for response in (client.get("/"), client.get("/nowhere/"), client.get("/%00")):
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert client.get("/")["X-Frame-Options"] == "DENY"


def test_pages_are_compressed_to_a_length_that_says_nothing(client):
    """Against BREACH: one page, requested repeatedly, has many different sizes."""
    pages = [client.get("/sign-in/", headers={"Accept-Encoding": "gzip, br"}) for _ in range(8)]
    assert {page["Content-Encoding"] for page in pages} == {"gzip"}
    assert all("Accept-Encoding" in page["Vary"] for page in pages)
    assert len({len(page.content) for page in pages}) > 3
    assert b"csrfmiddlewaretoken" in gzip.decompress(pages[0].content)
    assert "Content-Encoding" not in client.get("/sign-in/").headers


def test_files_and_what_is_no_page_are_not_compressed(client):
    sign_in(client, make_staff())
    for path in ("/exchange/members.roster/template/", "/robots.txt", "/readyz"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers, path


def test_htmx_is_sent_to_the_door_as_a_whole_page(client):
    response = client.get("/members/", headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response["HX-Redirect"].startswith(reverse("members:sign-in"))
    assert "Location" not in response


@pytest.mark.parametrize("path", ["/%00", "/members/%00/", "/?a=%00", "/?%00=1"])
def test_nul_is_refused(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert SENTENCE.search(response.content.decode())


@pytest.mark.parametrize("path", ["/%ED%A0%80", "/?a=%ED%A0%80", "/?find=%ED%A0%80", "/%FF%FE", "/?page=%B1%B1"])
def test_bytes_that_are_no_text_are_no_error(client, path):
    assert client.get(path).status_code in (200, 400, 404)


@pytest.mark.parametrize(
    ("length", "status"), [("26214400", 400), ("26214401", 413), ("209715200", 413), ("9" * 30, 413), ("x", 413)]
)
def test_a_length_that_is_declared_too_large_is_refused(client, length, status):
    # Within the limit, reading the body ends if less is sent than was declared.
    response = client.post(
        "/sign-in/", data=b"", content_type="application/x-www-form-urlencoded", CONTENT_LENGTH=length
    )
    assert response.status_code in (status, 200, 422) if status == 400 else response.status_code == status


def test_more_fields_than_any_form_has_are_refused(client):
    response = client.post("/sign-in/", {f"f{number}": "1" for number in range(10_000)})
    assert response.status_code in (400, 413)
    many = "&".join(f"f{number}=1" for number in range(10_000))
    response = client.post("/sign-in/", many, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (400, 413)
    assert SENTENCE.search(response.content.decode())


def test_a_field_of_five_megabytes_is_refused(client):
    for kind in ("application/x-www-form-urlencoded", None):
        options = {"content_type": kind} if kind else {}
        data = "phone=" + "1" * 5_000_000 if kind else {"phone": "1" * 5_000_000}
        response = client.post("/sign-in/", data, **options)
        assert response.status_code in (400, 413)
        assert SENTENCE.search(response.content.decode())


def test_a_form_without_its_token_is_refused_in_words():
    client = Client(enforce_csrf_checks=True)
    for path in ("/sign-in/", "/sign-in/staff/", "/theme/", "/language/"):
        response = client.post(path, {"phone": "12000000001"})
        assert response.status_code == 403
        assert SENTENCE.search(response.content.decode())
    sign_in(client, make_member())
    response = client.post("/sign-out/")
    assert response.status_code == 403
    assert client.get("/me/").status_code == 200


def test_a_token_of_another_session_is_refused():
    other, client = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', other.get("/sign-in/").content.decode())[1]
    client.get("/sign-in/")
    assert client.post("/sign-in/", {"csrfmiddlewaretoken": token, "phone": "12000000001"}).status_code == 403


def test_a_form_from_another_site_is_refused():
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/sign-in/").content.decode())[1]
    data = {"csrfmiddlewaretoken": token, "phone": "12000000001"}
    assert client.post("/sign-in/", data, headers={"Origin": "https://example.org"}).status_code == 403
    assert client.post("/sign-in/", data, headers={"Origin": "http://testserver"}).status_code == 302


def test_a_refusal_no_form_took_is_a_page(client, monkeypatch):
    """A service refuses an action that has only a button: withdrawing a consent that its area refuses."""
    member = make_member()
    given = consent_give(member=member, purpose=_purpose(), about_id=1)
    sign_in(client, member)
    from matchmaking import agreements

    def refuse(row, actor):
        raise DomainError("现在不能收回。", code="x")

    monkeypatch.setattr(agreements, "take_back", refuse)
    response = client.post(reverse("members:consent-withdraw", args=[given.pk]))
    assert response.status_code in (400, 409, 422)
    assert "现在不能收回。" in response.content.decode()


def _purpose():
    from matchmaking.consents import EVENT

    return EVENT
