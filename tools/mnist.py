"""MNIST: its four files, the mirrors that have them, and the sums that prove them right."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from pathlib import Path

from arguments import Failure
from download import DownloadError, fetch
from terminal import say

MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/",
           "http://yann.lecun.com/exdb/mnist/")



def published_sums() -> dict[str, str]:
    """SHA-256 of the raw content, unpacked (the same however a mirror packs it), by the name of the
    packed file."""
    lines = (Path(__file__).parents[1] / "data/mnist.sha256").read_text().splitlines()
    return {f"{name}.gz": raw_sha256 for raw_sha256, name in map(str.split, lines)}


RAW_SHA256 = published_sums()
ATTEMPTS = 3
TIMEOUT = 10.0  # seconds of silence after which a mirror counts as dead
MISSING = "missing"


def fault(path: Path, raw_sha256: str) -> str | None:
    """What is wrong with a gzip file whose raw content should have this sum; None if nothing is."""
    digest = hashlib.sha256()
    try:
        with gzip.open(path) as raw:
            while piece := raw.read(1 << 20):
                digest.update(piece)
    except FileNotFoundError:
        return MISSING
    except EOFError:
        return "ends early"
    except (gzip.BadGzipFile, zlib.error):
        return "is not a sound gzip file"
    if digest.hexdigest() != raw_sha256:
        return "its raw content has another SHA-256"
    return None


def first_fault(folder: Path, files: dict[str, str] = RAW_SHA256) -> str | None:
    """The first thing wrong with the files in folder; None if it holds all of them, right."""
    for name, raw_sha256 in files.items():
        problem = fault(folder / name, raw_sha256)
        if problem:
            return f"{folder / name}: {problem}"
    return None


def download(folder: Path, files: dict[str, str] = RAW_SHA256,
             mirrors: tuple[str, ...] = MIRRORS, timeout: float = TIMEOUT) -> None:
    """Sees to it that folder holds every one of files, right; keeps those that are.

    Nothing but a verified file ever gets a name in files. Raises Failure when one is not to be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, raw_sha256 in files.items():
        path = folder / name
        problem = fault(path, raw_sha256)
        if not problem:
            say(f"{path}: already there, SHA-256 verified")
            continue
        if problem != MISSING:
            say(f"{path}: {problem}: downloading it again")
        download_one(path, raw_sha256, mirrors, timeout)


def download_one(path: Path, raw_sha256: str, mirrors: tuple[str, ...], timeout: float) -> None:
    """Gets one file from the first mirror that gives it."""
    part = path.with_name(f"{path.name}.part")
    for mirror in mirrors:
        try:
            fetch_verified(mirror + path.name, part, raw_sha256, timeout)
        except DownloadError as error:
            say(f"{mirror}{path.name}: {error}")
            continue
        with open(part, "rb+") as file:
            os.fsync(file.fileno())  # before the name: a power cut must not leave it empty
        os.replace(part, path)
        say(f"{path}: downloaded from {mirror}, SHA-256 verified")
        return
    raise Failure(f"no mirror gave {path.name}: put the four files into {path.parent} by hand, "
                  "or name the folder that has them in NANO_TORCH_MNIST")


def fetch_verified(url: str, part: Path, raw_sha256: str, timeout: float) -> None:
    """Fetches url into part and verifies it; raises DownloadError when that comes to nothing.

    A connection that broke is taken up again as long as it brings something. A resumed file that
    proves wrong may be two files in one, so it is fetched once more as a whole.
    """
    reason = ""
    for _ in range(ATTEMPTS):
        before = part.stat().st_size if part.exists() else 0
        try:
            fetch(url, part, timeout)
        except DownloadError as error:
            if not part.exists() or part.stat().st_size <= before:
                raise
            reason = str(error)
            continue
        reason = fault(part, raw_sha256)
        if not reason:
            return
        part.unlink()
        if not before:
            break
    raise DownloadError(reason)
