"""A service on Python's standard library. Gatehouse decides about each request.

GATEHOUSE_URL=http://localhost:3000 GATEHOUSE_SERVICE_KEY=... python3 http_server.py
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import HTTPRedirectHandler, Request, build_opener

VERIFY_URL = os.environ["GATEHOUSE_URL"].rstrip("/") + "/v1/verify"
SERVICE_KEY = os.environ["GATEHOUSE_SERVICE_KEY"]
READ_HEADERS = ("authorization", "x-api-key", "x-api-secret", "origin", "referer")
UNAVAILABLE = {
    "valid": False,
    "status": 503,
    "headers": {"Retry-After": "1"},
    "body": {
        "statusCode": 503,
        "message": "Access cannot be verified right now. Try again shortly.",
        "code": "verification_unavailable",
    },
}


class NoRedirects(HTTPRedirectHandler):
    """The service key must not reach another host."""

    def redirect_request(self, *_):
        return None


opener = build_opener(NoRedirects)


def verify(handler):
    """The verdict on a request. Without a usable answer, the request is refused."""
    headers = {name: handler.headers[name] for name in READ_HEADERS if name in handler.headers}
    question = {
        "credential": {"headers": headers},
        "method": handler.command,
        "path": handler.path,
        "ip": handler.client_address[0],
    }
    own = {"Authorization": "Bearer " + SERVICE_KEY, "Content-Type": "application/json"}
    try:
        with opener.open(Request(VERIFY_URL, json.dumps(question).encode(), own), timeout=2) as response:
            answer = json.load(response)
        if response.status == 200 and (answer["valid"] is True or answer["status"] >= 400):
            return answer
        raise ValueError("malformed answer")
    except Exception as error:
        handler.log_error("Gatehouse: %s", error)
        return UNAVAILABLE


class Invoices(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        verdict = verify(self)
        if verdict["valid"] is True:
            body = {"org": verdict["org"], "invoices": ["2026-001"]}
            self.answer(200, verdict["headers"], body)
        else:
            self.answer(verdict["status"], verdict["headers"], verdict["body"])

    def answer(self, status, headers, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8080"))
    server = ThreadingHTTPServer(("", port), Invoices)
    print("Listening on port", port, flush=True)
    server.serve_forever()
