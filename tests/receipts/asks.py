"""A request with a receipt, for tests alone: its models belong to no installed app and have tables only here."""

import contextlib
import os

import psycopg2
from django.db import connection, models

from portal.audit.gate import StateField
from portal.core.fields import reserve_pks
from portal.core.querysets import OrgScopedQuerySet
from portal.receipts.models import ReceiptMessage, ReceiptRequest
from portal.receipts.querysets import ReceiptRequestQuerySet
from portal.receipts.services import request_create
from tests.factories.organizations import make_organization


class AskQuerySet(ReceiptRequestQuerySet["Ask"], OrgScopedQuerySet["Ask"]):
    """The scope of an area beside the way in by the code."""


class Ask(ReceiptRequest):
    """A question to a union."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    state = StateField(choices=[("submitted", "Submitted"), ("closed", "Closed")], default="submitted")

    objects = AskQuerySet.as_manager()

    class Meta:
        app_label = "receipts_tests"

    def __str__(self):
        return f"Ask {self.pk}"


class AskMessage(ReceiptMessage):
    request = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="messages")

    class Meta:
        app_label = "receipts_tests"
        constraints = ReceiptMessage.message_constraints("receipts_tests_message")

    def __str__(self):
        return f"Message {self.pk}"


def make_tables(cursor):
    """Create the two tables, as the owner."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for model in (Ask, AskMessage):
            editor.create_model(model)
    for statement in editor.collected_sql:
        cursor.execute(statement)


@contextlib.contextmanager
def tables():
    """Create the tables in the database that is connected, and drop them at the end."""
    with contextlib.closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            make_tables(cursor)
            try:
                yield cursor
            finally:
                cursor.execute("DROP TABLE receipts_tests_askmessage, receipts_tests_ask")


def make_ask(**fields):
    """Create a request; return (the row, its code)."""
    (pk,) = reserve_pks(Ask)
    row = Ask(pk=pk, organization=fields.pop("organization", None) or make_organization(), **fields)
    return row, request_create(row=row, action="ask.create")
