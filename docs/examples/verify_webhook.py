import base64
import hashlib
import hmac
import json
import time

TOLERANCE_SECONDS = 5 * 60


def verify_webhook(secret: str, headers: dict[str, str], body: bytes) -> dict:
    """Verifies a delivery and returns its event.

    secret: the endpoint's signing_secret, whsec_…
    headers: with names in lower case
    body: the bytes as they arrived, before any JSON parser
    """
    webhook_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("too old or too new")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # While a secret is replaced, there are two signatures with a space between.
    given = headers["webhook-signature"].split(" ")
    if not any(hmac.compare_digest(each, expected) for each in given):
        raise ValueError("no signature matches")
    return json.loads(body)
