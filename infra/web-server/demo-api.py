"""A small API to try the alert on: GET /api/data?delay=4 answers after 4 seconds.

It listens on loopback only (the port is the one argument); nginx stands before it.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# Below nginx's time-out of 60 s, so that the answer still comes through.
LONGEST_DELAY_SECONDS = 30.0


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        text = parse_qs(url.query).get("delay", ["0"])[-1]
        try:
            delay = float(text)
        except ValueError:
            delay = -1.0
        if not 0 <= delay <= LONGEST_DELAY_SECONDS:
            expected = f"delay must be 0 to {LONGEST_DELAY_SECONDS:.0f} seconds"
            self.answer(400, {"error": expected})
            return
        time.sleep(delay)
        self.answer(200, {"path": url.path, "delay": delay})

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """nginx writes the access log."""


class Server(ThreadingHTTPServer):
    # With Python's own 5, a sixth caller at once would wait a second longer.
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Says nothing of clients that did not wait for the answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


Server(("127.0.0.1", int(sys.argv[1])), Api).serve_forever()
