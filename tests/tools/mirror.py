"""A mirror on 127.0.0.1 that misbehaves on demand."""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable


class Handler(BaseHTTPRequestHandler):
    """Answers each request as the mirror's next behaviour says."""

    protocol_version = "HTTP/1.1"
    mirror: Mirror

    def do_GET(self) -> None:
        mirror = self.mirror
        mirror.ranges.append(self.headers.get("Range"))
        behave = mirror.behaviours.pop(0) if mirror.behaviours else serve
        self.close_connection = True
        behave(self, mirror.contents[self.path.rsplit("/", 1)[1]])

    def start(self) -> int:
        """The position that the request asks for."""
        asked = self.headers.get("Range")
        return int(asked[len("bytes="):-len("-")]) if asked else 0

    def answer(self, status: int, body: bytes, length: int | None, **headers: str) -> None:
        """Sends body, whatever length is promised; no length at all when that is None."""
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_) -> None:
        """The tests' output stays readable."""


Behaviour = Callable[[Handler, bytes], None]


class Mirror:
    """Serves contents by file name; each request takes the next of behaviours, then plain service.

    ranges keeps the Range header of every request, in order.
    """

    def __init__(self, contents: dict[str, bytes], *behaviours: Behaviour) -> None:
        self.contents = contents
        self.behaviours = list(behaviours)
        self.ranges: list[str | None] = []
        self.closing = threading.Event()  # lets go of the requests that stall
        handler = type("MirrorHandler", (Handler,), {"mirror": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/mnist/"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """No answer any more: connections are refused from here on."""
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def serve(handler: Handler, body: bytes) -> None:
    """As a good server does, ranges included."""
    start = handler.start()
    if start == 0:
        handler.answer(200, body, len(body))
    elif start < len(body):
        handler.answer(206, body[start:], len(body) - start,
                       Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}")
    else:
        handler.answer(416, b"", 0, Content_Range=f"bytes */{len(body)}")


def ignore_range(handler: Handler, body: bytes) -> None:
    """The whole file, whatever was asked for."""
    handler.answer(200, body, len(body))


def other_range(handler: Handler, body: bytes) -> None:
    """Another part of the file than the one that was asked for."""
    handler.answer(206, body[1:], len(body) - 1, Content_Range=f"bytes 1-{len(body) - 1}/*")


def drop(handler: Handler, body: bytes) -> None:
    """Goes away after half of what was asked for."""
    rest = body[handler.start():]
    handler.answer(206 if handler.start() else 200, rest[:len(rest) // 2], len(rest),
                   Content_Range=f"bytes {handler.start()}-{len(body) - 1}/{len(body)}")


def stall(handler: Handler, body: bytes) -> None:
    """Falls silent after half of what was asked for."""
    drop(handler, body)
    handler.mirror.closing.wait()


def never_answer(handler: Handler, _: bytes) -> None:
    """Falls silent at once."""
    handler.mirror.closing.wait()


def truncate(handler: Handler, body: bytes) -> None:
    """Believes in all honesty that the file ends early."""
    handler.answer(200, body[:-100], len(body) - 100)


def unsized(handler: Handler, body: bytes) -> None:
    """Does not say how long the file is, and stops early."""
    handler.answer(200, body[:-100], None)


def corrupt(handler: Handler, body: bytes) -> None:
    """One bit is wrong, and the length is right."""
    wrong = bytearray(body)
    wrong[len(wrong) // 2] ^= 1
    serve(handler, bytes(wrong))


def other_file(handler: Handler, _: bytes) -> None:
    """A sound file, and not the one that was asked for."""
    serve(handler, gzip.compress(b"another file"))


def not_found(handler: Handler, _: bytes) -> None:
    """Has no such file."""
    handler.answer(404, b"", 0)


def login_page(handler: Handler, _: bytes) -> None:
    """What a hotel's network answers."""
    handler.answer(200, b"<html>Welcome!</html>", 21)
