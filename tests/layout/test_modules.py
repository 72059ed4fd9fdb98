"""One layout: every module and template has the standard name for its purpose.

Exceptions are listed here with their reasons.
"""

import ast
import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.layout.addresses import is_own

ROOT = settings.BASE_DIR
AREAS = ("matchmaking", "rights", "nursing_rooms", "childcare", "innovation")
NAMES = {
    "actions",
    "choices",
    "rules",
    "tasks",
    "querysets",
    "models",
    "services",
    "selectors",
    "indicators",
    "reminders",
    "todo",
    "menu",
    "retention",
    "report",
    "imports",
    "forms",
    "filters",
    "tables",
    "admin",
    "views",
    "urls",
    "apps",
}
# Declared by areas and found by name, as menu and todo are; not yet standard names.
NAMES |= {"agreements", "health"}
# The templates of text messages.
NAMES |= {"sms"}
# How the states of an area are shown, and the wording of its audit actions.
NAMES |= {"looks", "wording"}
NAMES |= {"clocks", "papers"}
NAMES |= {"agreements", "children", "own_data", "erasing", "merging", "standing", "demo"}
DJANGO_NAMES = {"management", "templatetags", "migrations"}
MAX_LINES = 400

# Modules of an area beyond the standard names: mostly pure calculation, named after the subject. Each is also in the
# lowest layer of .importlinter.
CALCULATIONS = {
    "childcare/bands.py": "the age bands of nursery places: a calculation",
    "childcare/consents.py": "the sentences a guardian agrees to: constants",
    "childcare/contract.py": "the agreement that a guardian signs: constants",
    "childcare/subsidy.py": "the subsidy of a class by its children: a calculation",
    "childcare/safety.py": "what a site lacks on given days: a calculation over its papers and staff",
    "matchmaking/consents.py": "the sentences a single agrees to: constants",
    "matchmaking/eligibility.py": "who may join an event: judges rows it is given",
    "matchmaking/promises.py": "what steps promise, sentence by sentence: constants",
    "matchmaking/rounds.py": "who sits with whom, round by round: pure calculation",
    "matchmaking/keys.py": "keys of choice rounds: files in the key folder, no database",
    "matchmaking/introductions.py": "scores of two people and the best set of introductions: pure calculation",
    "matchmaking/shares.py": "who looks after whom, evenly: pure calculation",
    "rights/leave.py": "maternity leave and its last day: pure calculation",
}
CALCULATIONS |= {
    "nursing_rooms/alike.py": "whether two texts name the same place: pure calculation",
    "nursing_rooms/facilities.py": "what each type of room requires: pure calculation",
    "nursing_rooms/words.py": "the words that people write in the register: constants",
}
# Modules of a shared package beyond the standard names.
SHARED_MODULES = {
    "portal/asgi.py": "Django's entry for asynchronous servers",
    "portal/celery.py": "the Celery application",
    "portal/settings": "settings as a package",
    "portal/urls.py": "the root of the URLconf",
    "portal/wsgi.py": "Django's entry for gunicorn",
    "portal/audit/actions.py": "one declaration of a step: view, address, button, history",
    "portal/audit/records.py": "the page of one row",
    "portal/organizations/regional.py": "a register of places by region and name",
    "portal/organizations/records.py": "pages of an organisation's rows, from one declaration",
    "portal/audit/gate.py": "the one gate for state changes",
    "portal/core/backups.py": "backups and their checking",
    "portal/core/calendar.py": "working days and deadlines: pure calculation",
    "portal/audit/seals.py": "what a seal says: pure calculation",
    "portal/audit/verifying.py": "holds the audit against its seals",
    "portal/core/catalogs.py": "message catalogs without system gettext",
    "portal/core/checks.py": "checks of database and settings at the start",
    "portal/core/crypto.py": "ciphers and blind indexes",
    "portal/core/demonstration.py": "refuses the commands of the demonstration outside of it",
    "portal/core/daily.py": "keys that change with every day",
    "portal/core/discovery.py": "finds what areas and shared packages declare",
    "portal/core/errors.py": "the exception services refuse with",
    "portal/core/bounds.py": "which days a field may hold: pure calculation",
    "portal/core/release.py": "which release runs",
    "portal/core/certificates.py": "asks a web server for its certificate",
    "portal/core/faults.py": "faults from outside: their kinds and counts",
    "portal/core/fields.py": "columns with a meaning: encrypted, of days, of amounts",
    "portal/core/folders.py": "who may read what is written below a folder",
    "portal/core/form_fields.py": "form fields of days and moments, for models too",
    "portal/core/guard.py": "leaves out the one row that fails",
    "portal/core/metrics.py": "findings as Prometheus reads them: pure calculation",
    "portal/core/upgrading.py": "what a migration does to the release before",
    "portal/core/migrating.py": "bounds for columns that are there already",
    "portal/core/figures.py": "what an indicator is made of: pure declarations",
    "portal/core/periods.py": "periods that figures are shown for: pure calculation",
    "portal/core/limits.py": "rate limits in PostgreSQL",
    "portal/core/locks.py": "where rows are held",
    "portal/core/logs.py": "log lines without personal data",
    "portal/core/privileges.py": "what each role may do in the database",
    "portal/core/requests.py": "the number of the request that runs",
    "portal/core/restoring.py": "the place a backup is restored into",
    "portal/core/roles.py": "the role table",
    "portal/core/rotation.py": "writes encrypted columns anew under the active key",
    "portal/core/second_person.py": "nobody decides on her own: pure calculation",
    "portal/core/sealing.py": "encryption of backups to a public key",
    "portal/core/sessions.py": "the session engine: sessions are encrypted as a whole",
    "portal/core/starting.py": "what serving processes ask of the database first",
    "portal/core/streams.py": "content encrypted chunk by chunk under a key of its own",
    "portal/core/steps.py": "what a transition table is made of",
    "portal/core/text.py": "words as people write them, and masks",
    "portal/deadlines/clock.py": "what a clock is made of",
    "portal/deadlines/counting.py": "the last day of a deadline: pure calculation",
    "portal/signups/draws.py": "the drawn order and what it promises: pure calculation",
    "portal/signups/draw_check.py": "the script by which anybody repeats a draw: a program of its own",
    "portal/papers/codes.py": "codes of certificates with a check character: pure calculation",
    "portal/papers/formats.py": "the page of an official letter, as python-docx",
    "portal/papers/kinds.py": "what kinds of numbers, letters and certificates are made of",
    "portal/papers/numbering.py": "the written form of document numbers: pure calculation",
    "portal/papers/qr.py": "QR codes by their printed size",
    "portal/papers/templating.py": "what an uploaded letter template may contain",
    "portal/exchange/decoder.py": "the child process that decodes a photograph",
    "portal/exchange/documents.py": "attachments: what a file is by its content",
    "portal/exchange/evidence.py": "what people may send as evidence, by its content",
    "portal/exchange/export.py": "values as they may stand in Excel",
    "portal/exchange/pictures.py": "photographs without metadata",
    "portal/exchange/reader.py": "the child process that reads an upload",
    "portal/exchange/reading.py": "starts the reader and takes its answer",
    "portal/exchange/uploads.py": "uploads that stay in memory",
    "portal/exchange/registers.py": "what a register from Excel declares",
    "portal/exchange/scanning.py": "asks the virus scanner",
    "portal/exchange/storage.py": "private files under random names",
    "portal/exchange/workbooks.py": "templates and lists of faults as .xlsx",
    "portal/locations/datums.py": "positions and their datum: pure calculation",
    "portal/locations/distances.py": "metres between positions: pure calculation",
    "portal/locations/fields.py": "columns of degrees and of opening hours",
    "portal/locations/form_fields.py": "form fields of opening hours, for models too",
    "portal/locations/hours.py": "opening hours in their normal form: pure calculation",
    "portal/locations/links.py": "links to map services: pure calculation",
    "portal/locations/maps.py": "what a map shows: pure calculation",
    "portal/locations/opening.py": "whether a place is open at a moment: pure calculation",
    "portal/locations/outlines.py": "the outline of the province: pure calculation over a data file",
    "portal/locations/placing.py": "which positions may be stored: pure calculation",
    "portal/locations/seats.py": "in which city's seat a position lies, and the condition of it",
    "portal/locations/reading.py": "opening hours as people type them: pure calculation",
    "portal/locations/sphere.py": "SQL expressions by which rows are ordered by distance",
    "portal/inspections/rectifying.py": "the clocks of findings",
    "portal/inspections/scoring.py": "the result of an inspection: pure calculation",
    "portal/members/backends.py": "sign-in as Django asks for it",
    "portal/members/consents.py": "the sentences a guardian agrees to: constants",
    "portal/members/disclosure.py": "who sees what of a person, and her data as a file",
    "portal/members/hashers.py": "how passwords are kept",
    "portal/members/identity.py": "document numbers: pure calculation",
    "portal/members/lookups.py": "terms that were looked up, in the session",
    "portal/members/merging.py": "what becomes of people when organisations merge",
    "portal/members/middleware.py": "idle limits, one session for staff, what must be set up first",
    "portal/members/passwords.py": "password rules as Django's validators",
    "portal/receipts/codes.py": "receipt codes: digits, check digit and keyed hash",
    "portal/receipts/openings.py": "what a session keeps of a receipt",
    "portal/messaging/channels.py": "ways out: SMS backends, e-mail",
    "portal/members/checks.py": "checks of the identity services",
    "portal/members/independence.py": "who had a hand in whose account",
    "portal/members/real_names.py": "asks whether name, identity number and phone belong together",
    "portal/messaging/checks.py": "checks of the SMS provider",
    "portal/messaging/tencent.py": "the SMS provider's client",
    "portal/messaging/texts.py": "what a text message is made of",
    "portal/messaging/planning.py": "what a rule of reminders is made of",
    "portal/signups/places.py": "places held and who may take the next: pure counting",
    "portal/statistics/asking.py": "what an address of the explorer asks for",
    "portal/statistics/showing.py": "figures in words, and the addresses behind them",
    "portal/statistics/suppression.py": "hides small cells of what is published: pure calculation",
    "portal/statistics/registry.py": "the register of indicators and the SQL of their rows",
    "portal/web/address.py": "the address a request comes from",
    "portal/web/numbers.py": "numbers beside the menu, kept in the session for a moment",
    "portal/web/admin_app.py": "the app of the admin",
    "portal/web/admin_site.py": "the admin on the portal's sign-in",
    "portal/web/context.py": "what the shells show on every page",
    "portal/web/checks.py": "checks of what the portal tells the world of itself",
    "portal/web/opening.py": "a page opened as its reader",
    "portal/web/error_pages.py": "the error pages of nginx, as files",
    "portal/web/errors.py": "error pages",
    "portal/web/home.py": "pages that belong to no package",
    "portal/web/monitor.py": "what load balancer and monitor ask",
    "portal/web/icons.py": "the icons of the sprite",
    "portal/web/links.py": "addresses that leave the portal",
    "portal/web/lists.py": "what a list offers beside filters and order",
    "portal/web/machines.py": "addresses that browsers and search engines know",
    "portal/web/requests.py": "what a request carries, for annotations",
    "portal/web/rows.py": "rows on a page, each by itself",
    "portal/web/second_person.py": "pages by which a row goes to a second person",
    "portal/web/versions.py": "two versions of one row side by side",
    "portal/web/middleware.py": "what holds for every request",
    "portal/web/own.py": "pages of a member about a row of their own",
    "portal/web/paging.py": "counts that stop, pages by key",
}
# Modules with imports inside functions, besides tasks.py.
INLINE_IMPORTS = {
    "portal/celery.py": "Celery's worker is loaded only where one runs",
    "portal/exchange/reader.py": "openpyxl is loaded only once the file has passed the first checks",
}
# Templates that belong to no model.
SHARED_TEMPLATES = {
    "admin": "the admin's own names",
    "bootstrap5": "overrides of the crispy template pack, by its names",
    "components": "shared pieces",
    "errors": "one page for each status",
    "shells": "the frames of all pages",
}
# Other subjects of pages: app -> {subject: why it is not a model's name}.
OTHER_THINGS = {
    "childcare": {
        "class": "a class term as guardians and teachers see it",
        "day": "a day of a class, for its teachers",
        "finder": "classes and nurseries as parents find them",
    },
    "matchmaking": {
        "caseload": "a matchmaker's own people",
        "ceremony": "a group wedding as couples see it",
        "meet": "an event as singles see it",
        "single": "a profile as its owner and other singles see it",
        "vetting": "a profile as who gives the word on it sees it",
        "plan": "introductions that are proposed: a calculation, no rows",
        "helping": "a member's own help as a matchmaker",
        "my_matchmaker": "who looks after a single",
    },
    "inspections": {
        "finding": "findings, of which each area has its own model",
        "inspection": "inspections, of which each area has its own model",
        "score": "scores, of which each area has its own model",
    },
    "notices": {"posted": "a notice as its readers see it"},
    "nursing_rooms": {
        "door": "a room as visitors see it who scan its plate",
        "finder": "rooms as visitors find them",
    },
    "receipts": {"receipt": "a request as its applicant sees it: its models are the areas' own"},
    "rights": {
        "help": "a case as its applicant sees it",
        "law": "a law session as members see it",
        "leave": "the maternity-leave calculator: a calculation, no rows",
    },
}
PAGES_WITHOUT_MODEL = {
    "members/_proof_home.html": "the first page of a provisional account",
    "members/account.html": "one's own page",
    "members/account_history.html": "one's own page: what happened to the account",
    "members/paper_code_begin.html": "one's own sign-in: codes on paper",
    "members/paper_code_new.html": "one's own sign-in: codes on paper, shown once",
    "members/people_confirm.html": "people who show the codes on their phones",
    "members/proof.html": "confirming who one is",
    "members/proof_old_phone.html": "confirming who one is: the earlier number",
    "members/sign_in_lost.html": "the door: a new number or a lost phone",
    "members/sign_in_other_number.html": "the door: an account with another number",
    "members/sign_in_stop.html": "the door: stops a change of number",
    "members/fresh.html": "a second look at who she is",
    "members/fresh_code.html": "a second look: the code",
    "members/security.html": "her own sign-in",
    "members/security_password.html": "her own sign-in: the password",
    "members/sent_messages.html": "the demonstration's text messages",
    "members/sign_in.html": "the door: her phone",
    "members/sign_in_activate.html": "the door: her first visit",
    "members/sign_in_code.html": "the door: the code",
    "members/sign_in_factor.html": "the door: the second step",
    "members/sign_in_invitation.html": "the door: the code of an invitation",
    "members/sign_in_invited.html": "the door: who was given a duty",
    "members/sign_in_enrol.html": "the door: who was given a duty",
    "members/member_link.html": "a link shown once",
    "members/sign_in_staff.html": "the door: login name and password",
    "members/sign_in_totp.html": "the door: the second step by authenticator",
    "members/sign_in_unit.html": "the door: asks her unit",
    "members/sign_in_unknown.html": "the door: on no roster",
    "web/browser.html": "how to leave WeChat for the browser",
    "web/desk_home.html": "the desk's first page",
    "web/landing.html": "the visitors' first page",
    "web/privacy.html": "the privacy statement",
    "web/member_home.html": "the members' first page",
}


def modules(app):
    """Return the top-level modules of an app, Python files and packages, as paths."""
    found = []
    for path in sorted((ROOT / app).iterdir()):
        is_module = path.suffix == ".py" and path.name != "__init__.py"
        if is_module or (path.is_dir() and any(path.rglob("*.py"))):
            found.append(path)
    return found


def relative(path):
    return path.relative_to(ROOT).as_posix()


def python_files():
    return [
        path
        for app in ("portal", *AREAS)
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@pytest.mark.parametrize("area", AREAS)
def test_areas_use_the_common_names(area):
    odd = [relative(path) for path in modules(area) if path.stem not in NAMES | DJANGO_NAMES]
    assert [path for path in odd if path not in CALCULATIONS] == []


def test_shared_packages_use_the_common_names():
    packages = [path for path in modules("portal") if path.is_dir() and (path / "apps.py").exists()]
    odd = [relative(path) for path in modules("portal") if path not in packages]
    odd += [
        relative(path)
        for package in packages
        for path in modules(relative(package))
        if path.stem not in NAMES | DJANGO_NAMES
    ]
    assert [path for path in odd if path not in SHARED_MODULES] == []


def test_the_lists_name_what_exists():
    gone = [path for path in [*CALCULATIONS, *SHARED_MODULES, *INLINE_IMPORTS] if not (ROOT / path).exists()]
    assert gone == []
    assert [page for page in PAGES_WITHOUT_MODEL if not (ROOT / "templates" / page).exists()] == []
    assert all([*CALCULATIONS.values(), *SHARED_MODULES.values(), *PAGES_WITHOUT_MODEL.values()])


def test_calculations_stand_in_the_lowest_layer():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lowest = contracts["importlinter:contract:inside"]["layers"].strip().splitlines()[-1]
    assert [path for path in CALCULATIONS if f"({Path(path).stem})" not in lowest] == []


def test_modules_stay_short():
    long = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {path: lines for path, lines in long.items() if lines > MAX_LINES} == {}


def test_every_module_says_what_it_is_unless_its_name_does():
    silent = [
        relative(path)
        for path in python_files()
        if path.stem not in NAMES | {"__init__"}
        and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def test_functions_import_nothing():
    """Functions import nothing; imports are at the top of a module.

    Tasks may import inside their bodies, because a task is a leaf that any module may name.
    """
    found = []
    for path in python_files():
        if path.name == "tasks.py" or relative(path) in INLINE_IMPORTS:
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if path.name == "apps.py" and function.name == "ready":
                continue  # Django's documented place for such imports, as models load after the configurations
            found += [
                f"{relative(path)}:{node.lineno}"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
    assert sorted(set(found)) == []


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def test_templates_are_named_after_model_and_page():
    folder = ROOT / "templates"
    labels = {config.label: config for config in apps.get_app_configs() if is_own(config)}
    odd = []
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        top = name.split("/")[0]
        if top in SHARED_TEMPLATES or name in PAGES_WITHOUT_MODEL:
            continue
        models = [snake(model.__name__) for model in labels[top].get_models()] if top in labels else []
        things = {*models, *(model.rpartition("_")[2] for model in models), *OTHER_THINGS.get(top, {})}
        if not any(re.fullmatch(rf"{top}/_?{thing}_[a-z_]+\.html", name) for thing in things):
            odd.append(name)
    assert odd == []


def test_templates_hold_no_style_and_no_script():
    """Templates hold no style and no script.

    The Content-Security-Policy would block them: no style attribute, no <style>, no script text, no on… attribute.
    """
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"{#.*?#}|{% comment .*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        inline = re.search(
            r"""<style|<[^>]*\s(?:style|on[a-z]+)\s*=\s*["']|<script(?![^>]*\bsrc=)(?![^>]*json)""", text
        )
        if inline:
            found.append(f"{relative(path)}: {inline.group()[-40:]}")
    assert found == []
