"""Every date and time has bounds.

Models, forms, filters and imports have them by the class of the field, and the database by its checks.
"""

import ast
import pkgutil
from importlib import import_module

import django_filters
import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db import connection, models

from portal.core.bounds import ANY
from portal.core.fields import AmountField, BoundedColumn, ClockField, DayField, MomentField, YearField
from portal.core.form_fields import BoundedMixin, ClockFormField
from portal.core.migrating import check_name, checked_fields
from tests.databases import ROOT
from tests.layout.addresses import is_own

OURS = [config for config in apps.get_app_configs() if is_own(config)]
MODELS = [model for config in OURS for model in config.get_models()]
# Unbounded field classes of a date, a time or an amount, whatever the module that they are taken from.
BARE = {"DateField", "DateTimeField", "TimeField", "SplitDateTimeField", "DateFilter", "DateTimeFilter", "DecimalField"}
OUTSIDE = {"portal/core/form_fields.py", "portal/core/fields.py"}


def _modules():
    for config in OURS:
        package = import_module(config.name)
        for found in pkgutil.walk_packages(package.__path__, f"{config.name}."):
            if ".migrations" not in found.name and ".management" not in found.name:
                yield import_module(found.name)


def test_every_column_of_a_date_has_bounds():
    kinds = (models.DateField, models.TimeField, models.DurationField)
    bare = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.local_fields
        if isinstance(field, kinds) and not isinstance(field, (BoundedColumn, ClockField))
    ]
    assert bare == []


def test_every_amount_and_year_has_bounds():
    bare = [
        f"{model._meta.label}.{field.name}"
        for model in MODELS
        for field in model._meta.local_fields
        if (isinstance(field, models.DecimalField) and not isinstance(field, AmountField))
        or isinstance(field, models.FloatField)
        or (field.name.endswith("year") and not isinstance(field, YearField))
    ]
    assert bare == []


def _subclasses(cls):
    for found in cls.__subclasses__():
        yield found
        yield from _subclasses(found)


def test_every_field_of_a_form_has_bounds():
    modules = {module.__name__ for module in _modules()}
    kinds = (forms.DateField, forms.DateTimeField, forms.SplitDateTimeField, forms.TimeField)
    found = [form for form in _subclasses(forms.BaseForm) if form.__module__ in modules]
    fields = [(form, name, field) for form in found for name, field in form.base_fields.items()]
    bare = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form, name, field in fields
        if isinstance(field, kinds) and not isinstance(field, (BoundedMixin, ClockFormField))
    ]
    assert bare == []
    assert sum(isinstance(field, BoundedMixin) for _form, _name, field in fields) > 30


def test_every_filter_has_bounds():
    modules = {module.__name__ for module in _modules()}
    kinds = (forms.DateField, forms.DateTimeField, forms.TimeField, forms.MultiValueField)
    found = [one for one in _subclasses(django_filters.FilterSet) if one.__module__ in modules]
    bare = [
        f"{one.__name__}.{name}"
        for one in found
        for name, part in one.base_filters.items()
        if issubclass(part.field_class, kinds) and not issubclass(part.field_class, BoundedMixin)
    ]
    assert bare == []
    assert found


def test_the_admin_judges_by_the_model():
    """The admin validates by the model.

    Where the admin asks for day and time separately, the model's validation refuses.
    """
    for model, model_admin in admin.site._registry.items():
        for field in model._meta.local_fields:
            if isinstance(field, models.DateField) and model in MODELS:
                assert isinstance(field, BoundedColumn), (model_admin, field)


def test_no_module_makes_a_field_of_its_own():
    """No module creates an unbounded field of its own.

    This covers fields inside functions, which the search over classes does not see; the output field of an expression
    does not count.
    """
    odd = []
    for config in OURS:
        for path in sorted((ROOT / config.name.replace(".", "/")).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" in name or name in OUTSIDE:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            outputs = {
                id(word.value)
                for call in ast.walk(tree)
                if isinstance(call, ast.Call)
                for word in call.keywords
                if word.arg == "output_field"
            }
            odd += [
                f"{name}:{call.lineno} {call.func.attr}"
                for call in ast.walk(tree)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in BARE - {"DecimalField"}
                and id(call) not in outputs
            ]
    assert odd == []


@pytest.mark.django_db
def test_every_bound_is_a_validated_check_of_its_column():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname, convalidated FROM pg_constraint WHERE contype = 'c'")
        found = dict(cursor.fetchall())
    wanted = {check_name(model, field) for model in MODELS for field in checked_fields(model, connection)}
    assert {name: found.get(name) for name in wanted if not found.get(name)} == {}


@pytest.mark.parametrize("kind", [DayField, MomentField])
def test_the_widest_bounds(kind):
    span = kind().span
    assert (span.first.year, span.last.year) == (ANY.first.year, ANY.last.year) == (1900, 2199)
