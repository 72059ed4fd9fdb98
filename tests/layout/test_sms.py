"""Text messages as providers in mainland China accept them.

Each kind has a template, short parameters, and fits into one part.
"""

import ast
import json
import re

import pytest
from django.utils import translation

from portal.core.discovery import declared
from portal.members.choices import CodePurpose
from portal.messaging.choices import Channel
from portal.messaging.services.reminders import rules
from portal.messaging.texts import (
    LIMITS,
    PART_CHARACTERS,
    SIGNATURE_CHARACTERS,
    Shape,
    SmsTemplate,
    provider_text,
    sms_templates,
)
from tests.layout.test_modules import ROOT, python_files

# The longest parameter that the strictest of the large providers accepts without approval: a code, a day, a time.
LONGEST, LONGEST_NAME = 6, 20
FORMS = [form for template in sms_templates().values() for form in template.versions()]
KEYS = [key for key, _text, _parameters in FORMS]
# Codes that are shown on a page and sent to nobody.
NOT_SENT = {CodePurpose.SHOWN}
_PLACE = re.compile(r"%\((\w+)\)s")
_KIND = re.compile(r"[a-z_]+\.[a-z_]+")


def trees():
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in python_files()]


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def keyword(node, name):
    return next((given.value for given in node.keywords if given.arg == name), None)


def kinds_in(node):
    found = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return {text for text in found if _KIND.fullmatch(text)}


def goes_by_sms(call, function):
    """Return whether a call that posts a message may send a text message.

    It names its channels, and the text message is among them or among those that the function collects.
    """
    given = {keyword.arg for keyword in call.keywords}
    ways = bool({"channels", None} & given)
    return ways and bool(re.search(r"Channel\.SMS|['\"]sms['\"]|\bBOTH\b", ast.unparse(function)))


def kinds_by_sms(path, tree, others):
    """Return the kinds that a module posts by text message.

    A kind is written where it is posted, or passed to the function that posts it.
    """
    found = set()
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        arguments = {part.arg for part in ast.walk(function.args) if isinstance(part, ast.arg)}
        for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
            if called(call) not in ("message_post", "messages_post") or not goes_by_sms(call, function):
                continue
            kind = keyword(call, "kind")
            if isinstance(kind, ast.Name) and kind.id in arguments:
                found |= handed_on(function.name, path, others, set())
            elif isinstance(kind, ast.Name):
                assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
                found |= {
                    name
                    for node in assigned
                    if kind.id == ast.unparse(node.targets[0])
                    for name in kinds_in(node.value)
                }
            else:
                found |= kinds_in(kind or function)
    return found


def handed_on(name, home, modules, seen):
    """Return the kinds that callers pass to the function ``name`` of ``home``.

    Kinds passed on through other functions are included.
    """
    if (name, home) in seen:
        return set()
    seen.add((name, home))
    found = set()
    for path, tree in modules:
        if name.startswith("_") and path != home:
            continue
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            for call in [node for node in ast.walk(function) if isinstance(node, ast.Call) and called(node) == name]:
                if ast.unparse(keyword(call, "by_phone") or ast.Constant(True)) == "False":
                    # The caller says that the phone may be a stranger's.
                    continue
                found |= set().union(*(kinds_in(part) for part in [*call.args, *call.keywords]))
                if "kind" in ast.unparse(call):
                    found |= handed_on(function.name, path, modules, seen)
    return found


def test_every_kind_that_goes_by_text_message_has_a_template():
    modules = trees()
    posted = {rule.kind for rule in rules() if Channel.SMS in rule.channels}
    for path, tree in modules:
        beside = [(other, found) for other, found in modules if other.parts[: len(path.parts) - 1] == path.parts[:-1]]
        posted |= kinds_by_sms(path, tree, beside)
    posted |= {f"members.code_{purpose}" for purpose in CodePurpose.values if purpose not in NOT_SENT}
    assert posted - set(sms_templates()) == set()
    # The search finds what it should: a literal, a variable, a constant of the module, and a kind that is passed on.
    assert posted >= {
        "members.invitation",
        "matchmaking.purpose_changed",
        "matchmaking.follow_up_ask",
        "matchmaking.couple_accepted",
        "matchmaking.wedding_held",
        "matchmaking.event_tomorrow",
    }
    sent_elsewhere = {"members.erased"}
    assert set(sms_templates()) - posted == sent_elsewhere


def test_keys_are_declared_once_by_their_own_app():
    for module in declared("sms"):
        app = module.__name__.split(".")[-2]
        assert [template.key for template in module.TEMPLATES if template.key.split(".")[0] != app] == []
    assert len(KEYS) == len(set(KEYS))


@pytest.mark.parametrize(("key", "text", "parameters"), FORMS, ids=KEYS)
def test_a_template_is_one_that_a_provider_approves(key, text, parameters):
    with translation.override("zh-hans"):
        text = str(text)
    assert re.search(r"[\u4e00-\u9fff]", text)
    assert _PLACE.findall(text) == [parameter.name for parameter in parameters]
    assert not re.search(r"\)s%\(", text), "two variables side by side"
    assert not re.search(r"[【】{}$<>★※→●•『』「」〖〗①]", text)
    assert not re.search(r"https?://|www\.|\d{5,}", text)
    limits = {parameter.name: parameter.limit for parameter in parameters if parameter.shape != Shape.LINK}
    shapes = {parameter.name: parameter.shape for parameter in parameters}
    too_long = [
        name for name, limit in limits.items() if limit > (LONGEST_NAME if shapes[name] == Shape.NAME else LONGEST)
    ]
    assert too_long == []
    assert [parameter.name for parameter in parameters if parameter.shape == Shape.NAME and not parameter.instead] == []
    filled = provider_text(text, parameters, lambda number, name: "国" * limits.get(name, 0))
    assert len(filled) + SIGNATURE_CHARACTERS <= PART_CHARACTERS
    if key.startswith("members.code_"):
        assert ("验证码" in text, list(shapes.values())) == (True, [Shape.CODE])


@pytest.mark.parametrize(("key", "text", "parameters"), FORMS, ids=KEYS)
def test_links_stand_in_the_form_for_links_alone(key, text, parameters):
    assert any(parameter.shape == Shape.LINK for parameter in parameters) == key.endswith(".link")


def test_what_replaces_a_name_is_short():
    with translation.override("zh-hans"):
        long = [p.name for _k, _t, ps in FORMS for p in ps if len(str(p.instead)) > LIMITS[Shape.NAME]]
    assert long == []


def test_the_example_names_every_template():
    example = json.loads((ROOT / "deploy" / "sms_templates.example.json").read_text(encoding="utf-8"))
    assert list(example) == KEYS


def test_a_long_template_or_two_variables_side_by_side_are_noticed():
    """The check notices what it is for."""
    long = SmsTemplate("a.b", "国" * (PART_CHARACTERS - SIGNATURE_CHARACTERS + 1))
    beside = SmsTemplate("a.c", "验%(a)s%(b)s")
    for template in (long, beside):
        (form,) = template.versions()
        with pytest.raises(AssertionError):
            test_a_template_is_one_that_a_provider_approves(*form)
