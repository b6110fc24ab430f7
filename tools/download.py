"""Fetches one file over HTTP into a part file, going on where an earlier attempt stopped."""

from __future__ import annotations

import http.client
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from arguments import Failure
from terminal import clear_status, show_status

PIECE = 1 << 16
RANGE_NOT_SATISFIABLE = 416


class DownloadError(Exception):
    """The server or the way to it failed; another mirror may do better."""


def fetch(url: str, part: Path, timeout: float) -> None:
    """Appends to part what it lacks of url; what has arrived stays in part when the way breaks.

    Returning means that the server has nothing more to give, not that the content is right: that
    is for a checksum to say, after a resumed fetch above all. Raises DownloadError when the network
    fails or is silent for timeout seconds, Failure when the disk does.
    """
    start = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={start}-"} if start else {}
    with network_errors(timeout):
        try:
            response = urlopen(Request(url, headers=headers), timeout=timeout)
        except HTTPError as error:
            if error.code == RANGE_NOT_SATISFIABLE and start:
                return
            raise
    with response:
        resumed = response.status == http.client.PARTIAL_CONTENT
        if resumed and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            part.unlink(missing_ok=True)
            raise DownloadError("answered with another range than the one asked for")
        receive(response, part, start if resumed else 0, timeout)


def receive(response: http.client.HTTPResponse, part: Path, start: int, timeout: float) -> None:
    """Writes the body of response into part from position start on."""
    expected = response.length  # None where the server does not say
    received = 0
    try:
        with open(part, "ab" if start else "wb") as file:
            while received != expected:
                with network_errors(timeout):
                    piece = response.read1(PIECE)
                if not piece:
                    break
                file.write(piece)
                received += len(piece)
                show_status(f"{part.stem}: {(start + received) / 1e6:.1f} MB"
                            + (f" of {(start + expected) / 1e6:.1f}" if expected else ""))
    except OSError as error:
        part.unlink(missing_ok=True)  # a full disk is not to stay full because of us
        raise Failure(f"{part}: {error.strerror}") from error
    finally:
        clear_status()
    if expected is not None and received < expected:
        raise DownloadError(f"the connection was lost after {start + received} "
                            f"of {start + expected} bytes")


@contextmanager
def network_errors(timeout: float) -> Iterator[None]:
    """Turns the many ways in which a network fails into DownloadError, with the reason."""
    try:
        yield
    except HTTPError as error:
        raise DownloadError(f"HTTP {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        cause = error.reason if isinstance(error, URLError) else error
        if isinstance(cause, socket.timeout):
            raise DownloadError(f"no answer for {timeout:g} s") from error
        raise DownloadError(getattr(cause, "strerror", None) or str(cause)) from error
