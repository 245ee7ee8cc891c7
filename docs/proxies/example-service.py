"""A service that knows nothing of keys. It listens on this machine only, so that clients reach it through the proxy."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Billing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({"path": self.path, "org": self.headers.get("X-Gatehouse-Org")}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", 9000), Billing).serve_forever()
