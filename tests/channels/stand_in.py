"""A stand-in for an outside HTTP service: real sockets on loopback, and it can misbehave in named ways."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """One question that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class StandIn:
    """`answer` is called with each question in the server's thread and returns (status, headers, body); None: silence."""

    answer: Callable[[Asked], tuple[int, dict[str, str], bytes] | None]
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> StandIn:
        place = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._take()

            def do_POST(self) -> None:
                self._take()

            do_PUT = do_DELETE = do_HEAD = do_POST

            def _take(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                place.asked.append(asked)
                told = place.answer(asked)
                if told is None:
                    self.close_connection = True
                    return
                status, headers, out = told
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(out)))
                with contextlib.suppress(ConnectionError):  # who asked may be gone by now
                    self.end_headers()
                    self.wfile.write(out)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
