"""Who takes part: the course's backends, PyTorch and OpenBLAS, in each setting that may be its best."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import product
from pathlib import Path

from bench.contestant import Contestant
from bench.machine import Machine
from build import binary_folder, program_path, read_cache


class Entrants:
    """Starts contestants, and ends those that are left when the contest is over."""

    def __init__(self, root: Path, machine: Machine) -> None:
        self.root = root
        self.machine = machine
        self._started = ExitStack()

    def __enter__(self) -> Entrants:
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    def start(self, name: str, command: list[str | Path],
              environment: dict[str, str] | None = None) -> Contestant:
        """A contestant that has introduced itself."""
        contestant = Contestant(name, command, self.root, environment)
        self._started.callback(contestant.end)
        return contestant

    def backend(self, backend: str, threads: int) -> Contestant:
        """A backend that trains and infers."""
        program = program_path(self.root, "train_bench")
        return self.start(f"{backend} {threads}", [program, backend, str(threads)])

    def multiplier(self, who: str, threads: int) -> Contestant:
        """fast or openblas, multiplying matrices."""
        program = program_path(self.root, "matmul_bench")
        return self.start(f"{who} {threads}", [program, who, str(threads)], self.openblas(threads))

    def pytorch(self) -> list[Contestant]:
        """PyTorch in every setting; a single one that says so where there is none.

        The settings are those of its process: threads, the vector instructions of its own kernels, and
        whether a thread that waits for the others sleeps at once (`passive`) or looks for a while.
        """
        python = read_cache(binary_folder(self.root), "NT_PYTHON") or "python3"
        script = self.root / "reference/bench_pytorch.py"
        entered = []
        for threads, instructions in product(self.machine.thread_counts(), self.machine.capabilities()):
            for waiting in ({}, {"OMP_WAIT_POLICY": "passive"}) if threads > 1 else ({},):
                entered.append(self.start(
                    " ".join(["pytorch", str(threads), instructions, *waiting.values()]),
                    [python, script, str(threads)],
                    {"ATEN_CPU_CAPABILITY": instructions, "OMP_NUM_THREADS": str(threads), **waiting,
                     **self.openblas(threads)}))
                if entered[-1].missing:
                    return entered
        return entered

    def openblas(self, threads: int) -> dict[str, str]:
        """Its settings. It knows processors by their numbers, and for one that is younger than itself it
        takes kernels of 2004; so it is told whose to take."""
        kernels = {"avx512": {"OPENBLAS_CORETYPE": "SkylakeX"},
                   "avx2": {"OPENBLAS_CORETYPE": "Haswell"}}
        return {"OPENBLAS_NUM_THREADS": str(threads),
                **kernels.get(self.machine.capabilities()[-1], {})}
