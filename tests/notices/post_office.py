"""A mail server and an SMS gateway of our own, on a free port of this machine, with the faults real ones have."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What the server answers, or does, at which moment.
ANSWERS = {
    "greet421": ("greet", b"421 closing"),
    "mail451": ("mail", b"451 later"),
    "mail553": ("mail", b"553 not you"),
    "rcpt451": ("rcpt", b"451 greylisted"),
    "rcpt550": ("rcpt", b"550 no such user here"),
    "data354no": ("data", b"451 not now"),
    "text451": ("text", b"451 disk full"),
    "text554": ("text", b"554 looks like spam"),
    "text_garbled": ("text", b"what?"),
}
#: After which the connection is gone without a word.
DROPS = {"drop_at_mail": "mail", "drop_at_data": "data", "drop_after_text": "text"}
#: After which nothing is said for longer than the client waits.
SLOW = {"slow_greet": "greet", "slow_text": "text"}


@dataclass
class PostOffice:
    """`taken`: what the server accepted or at least read to its end: (sender, recipients, message)."""

    fault: str = ""
    taken: list[tuple[str, list[str], email.message.EmailMessage]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    ended: threading.Event = field(default_factory=threading.Event)


class _Desk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        office = self.server.office
        office.connections += 1
        sender, recipients = "", []
        if not self._say("greet", b"220 ready"):
            return
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            match verb:
                case b"EHLO" | b"HELO":
                    going = self._say("ehlo", b"250 here")
                case b"MAIL":
                    sender, recipients = _address(line), []
                    going = self._say("mail", b"250 ok")
                case b"RCPT":
                    recipients.append(_address(line))
                    going = self._say("rcpt", b"250 ok")
                case b"DATA":
                    going = self._say("data", b"354 go on")
                    if going and office.fault != "data354no":
                        text = self._text()
                        message = email.message_from_bytes(text, policy=email.policy.default)
                        if office.fault not in ("text451", "text554"):
                            office.taken.append((sender, recipients, message))
                        going = self._say("text", b"250 taken")
                case b"QUIT":
                    self._say("quit", b"221 bye")
                    return
                case _:
                    going = self._say("other", b"250 ok")
            if not going:
                return

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _say(self, moment: str, usual: bytes) -> bool:
        fault = self.server.office.fault
        if DROPS.get(fault) == moment:
            return False
        if SLOW.get(fault) == moment:
            self.server.office.ended.wait(10)
            return False
        at, answer = ANSWERS.get(fault, ("", b""))
        self.wfile.write((answer if at == moment else usual) + b"\r\n")
        return not (at == moment and answer.startswith(b"421"))


def _address(line: bytes) -> str:
    return line.split(b"<", 1)[1].split(b">", 1)[0].decode()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    office: PostOffice


def open_post_office() -> tuple[PostOffice, _Server]:
    office = PostOffice()
    server = _Server(("127.0.0.1", 0), _Desk)
    server.office, office.port = office, server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return office, server


@dataclass
class Gateway:
    """`status` is what it answers; 0: reads the request and hangs up. `taken`: every request it read."""

    status: int = 200
    taken: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0


def open_gateway() -> tuple[Gateway, ThreadingHTTPServer]:
    gateway = Gateway()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.taken.append((self.headers["Authorization"], body))
            if gateway.status == 0:
                self.close_connection = True
                return
            self.send_response(gateway.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    gateway.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return gateway, server
