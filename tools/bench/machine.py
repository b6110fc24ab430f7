"""The machine on which speed is measured."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

# PyTorch's names of vector instructions, and the flags of Linux without which it may not be told to use
# them: it believes what it is told.
CAPABILITIES = {"avx2": {"avx2", "fma"}, "avx512": {"avx512f", "avx512bw", "avx512dq", "avx512vl"}}


@dataclass(frozen=True)
class Machine:
    """Its processor's name, how many of its cores we may use, and the flags of what they can do."""

    processor: str
    cores: int
    flags: frozenset[str]

    def thread_counts(self) -> list[int]:
        """One thread, and all that the machine has."""
        return sorted({1, self.cores})

    def capabilities(self) -> list[str]:
        """What ATEN_CPU_CAPABILITY may be, from the plainest on."""
        return ["default", *(name for name, needed in CAPABILITIES.items() if needed <= self.flags)]


def this_machine(cpuinfo: Path = Path("/proc/cpuinfo")) -> Machine:
    """As Linux describes it; elsewhere little is known."""
    entries: dict[str, str] = {}
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            entries.setdefault(key.strip(), value.strip())
    affinity = getattr(os, "sched_getaffinity", None)
    return Machine(entries.get("model name", platform.processor() or platform.machine()),
                   len(affinity(0)) if affinity else os.cpu_count() or 1,
                   frozenset(entries.get("flags", "").split()))
