"""A page that names its service passes what the service takes.

That is the actor, the row, and the fields of the form.
"""

import inspect

import pytest
from django import forms

from portal.web.views import ActionView, PerformMixin
from tests.layout.addresses import addresses


def pages():
    """Return the view classes whose submission does nothing but call the service they name."""
    found = {address.view_class for address in addresses() if issubclass(address.view_class or object, PerformMixin)}
    own_way = ("perform", "form_valid", "post")
    plain = {view for view in found if all(getattr(view, name) is getattr(ActionView, name) for name in own_way)}
    return sorted(plain, key=lambda view: (view.__module__, view.__name__))


def what_is_wrong(view):
    """Return why ``view`` cannot call its service, or ""."""
    if view.service is None:
        return "no service"
    # ``gives`` names the cleaned data of a form that turns one value into another: a number into the person to whom it
    # belongs.
    given = {"actor", *getattr(view.form_class, "gives", view.form_class.base_fields)}
    if view.row_name:
        given.add(view.row_name)
    taken = inspect.signature(view.service).parameters.values()
    names = {one.name for one in taken}
    anything = any(one.kind is one.VAR_KEYWORD for one in taken)
    needed = {one.name for one in taken if one.default is one.empty and one.kind is not one.VAR_KEYWORD}
    wrong = sorted(needed - given) + ([] if anything else sorted(given - names))
    return ", ".join(wrong)


def test_there_are_such_pages():
    assert len(pages()) > 100


@pytest.mark.parametrize("view", pages(), ids=lambda view: view.__name__)
def test_its_service_takes_what_the_page_gives(view):
    assert what_is_wrong(view) == ""


def test_control_a_field_too_many_and_a_row_too_few_are_seen():
    class Form(forms.Form):
        reason = forms.CharField()

    class Page(PerformMixin):
        form_class = Form

        @staticmethod
        def service(*, actor, event):
            """Take no reason, and require the event."""

    assert what_is_wrong(Page) == "event, reason"
