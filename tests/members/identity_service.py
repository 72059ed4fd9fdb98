"""A local server that answers like the identity checks of API markets and verifies the signature."""

import base64
import hashlib
import hmac

from tests.local_http import LocalServer

KEY_ID, KEY_SECRET = "203700000", "secret-of-the-tests"
PATH = "/mobile3/check"
NAMES = "x-ca-key,x-ca-nonce,x-ca-signature-method,x-ca-timestamp"


def is_signed(asked):
    """Return whether the gateway would accept the request: its key, digest of the body and signature."""
    headers = asked.headers
    digest = base64.b64encode(hashlib.md5(asked.body).digest()).decode()
    names = headers.get("x-ca-signature-headers", "")
    if (headers.get("x-ca-key"), headers.get("content-md5"), names) != (KEY_ID, digest, NAMES):
        return False
    lines = ["POST", headers["accept"], digest, headers["content-type"], headers.get("date", "")]
    lines += [f"{name}:{headers[name]}" for name in names.split(",")]
    text = "\n".join([*lines, asked.path])
    signature = base64.b64encode(hmac.new(KEY_SECRET.encode(), text.encode(), "sha256").digest()).decode()
    return hmac.compare_digest(signature, headers.get("x-ca-signature", ""))


class IdentityService(LocalServer):
    """Knows ``people`` (name, identity number, phone).

    ``instead`` replaces the answer to every request; it is an answer or a failure of LocalServer.
    """

    def __init__(self, people=()):
        super().__init__(self._answer)
        self.people, self.instead = set(people), None

    def _answer(self, asked):
        if self.instead is not None:
            return self.instead
        if not is_signed(asked) and asked.headers.get("authorization") != f"APPCODE {KEY_SECRET}":
            return 401, "application/json", {"code": "401", "msg": "Invalid Signature"}
        person = tuple(asked.json[name] for name in ("name", "idcard", "mobile"))
        known = any(phone == person[2] for _name, _number, phone in self.people)
        result = 1 if person in self.people else 2 if known else 3
        data = {"result": result, "resultDesc": "...", "mobileChannel": "cmcc"}
        return 200, "application/json;charset=UTF-8", {"code": "0", "msg": "ok", "seqNo": "1", "data": data}
