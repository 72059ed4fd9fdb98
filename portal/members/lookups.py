"""Terms that were looked up: kept in the session under a mark that the address holds, and encrypted there.

A session is a row like any other: a number in it would stand in the database, and in its backups, in clear.
"""

import secrets

from portal.core import crypto

SESSION_KEY = "find"
PLACE = b"session.find"
# Look-ups of one session that can be gone back to.
MOST = 10


def term_keep(session, term, mark=""):
    """Keep a term; return the mark under which ``term_kept`` finds it."""
    mark = mark or secrets.token_urlsafe(6)
    others = {name: sealed for name, sealed in session.get(SESSION_KEY, {}).items() if name != mark}
    session[SESSION_KEY] = {**dict(list(others.items())[-MOST + 1 :]), mark: crypto.encrypt(term, PLACE).hex()}
    return mark


def term_kept(session, mark):
    """Return the term of a mark, "" where there is none or it does not open any more."""
    sealed = session.get(SESSION_KEY, {}).get(mark, "")
    try:
        return crypto.decrypt(bytes.fromhex(sealed), PLACE) if sealed else ""
    except (crypto.WrongKey, ValueError):
        return ""
