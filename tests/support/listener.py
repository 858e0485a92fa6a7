"""Somebody who hears alerts: an Apprise address on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self


class Listener:
    """An HTTP server for Apprise's JSON; `messages` are those it took."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                listener.messages.append(said["message"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
