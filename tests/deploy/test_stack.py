"""The test environment itself: the running stack, separate databases, the watch over the browser."""

import threading
import urllib.request

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from playwright.sync_api import expect

from tests.browser import PHONE


def current_role_and_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        return cursor.fetchone()


def test_stack_answers_and_survives_the_death_of_its_worker(stack):
    with urllib.request.urlopen(f"{stack.url}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok")
    stack.kill_worker()
    stack.start_worker()
    stack.stop_worker()
    stack.start_worker()


def test_stack_lends_its_database(stack):
    with stack.orm():
        assert current_role_and_database() == ("portal_app", stack.database)
    code = "from django.db import connection; print(connection.settings_dict['NAME'])"
    assert stack.python(code) == f"{stack.database}\n"


def test_fresh_database_keeps_commits_for_all_threads(fresh_database):
    ContentType.objects.create(app_label="made", model="here")
    counted = []

    def count():
        counted.append(ContentType.objects.filter(app_label="made").count())
        connection.close()

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    assert counted == [1]
    assert current_role_and_database() == ("portal_app", fresh_database)


@pytest.mark.django_db
def test_next_test_sees_none_of_it():
    assert not ContentType.objects.filter(app_label="made").exists()
    assert current_role_and_database()[0] == "portal_app"


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_watch_sees_errors_in_the_page(page, watch):
    watch.allow("planted")
    watch.allow("foreign host: http://192.0.2.1/")
    watch.allow("ERR_")
    page.route("http://192.0.2.1/*", lambda route: route.abort())
    page.set_content("<img src='http://192.0.2.1/a.png'><script>console.error('planted')</script>")
    expect(page.locator("img")).to_have_js_property("complete", True)
    assert page.viewport_size == PHONE
    assert len(watch._found) == 3
    assert watch.findings == []
