"""The service of the example, for tests: finds `قطر`, and refuses what comes too fast.

    python3 server.py    prints the port that it listens on, and serves until its input ends
"""

import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SHORTEST = 0.02  # seconds between two requests

last = 0.0
refused = 0
lock = threading.Lock()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        global last, refused
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
        with lock:
            early = time.monotonic() - last < SHORTEST
            last = time.monotonic()
            refused += early
        if early:
            self.answer(429, {"error": "too fast"}, [("Retry-After", "0.05")])
        elif "forbidden" in text:
            self.answer(403, {"error": "no"}, [])
        else:
            found = [{"start": m.start(), "end": m.end(), "label": "LOC", "link": "iso3166:QA"} for m in re.finditer("قطر", text)]
            self.answer(200, found, [])

    def do_GET(self):
        self.answer(200, {"refused": refused}, [])

    def answer(self, status, value, headers):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, header in headers:
            self.send_header(name, header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
