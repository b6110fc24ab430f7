"""./learn prove [NN]: every promise of the course to a learner, kept or named."""

from __future__ import annotations

from pathlib import Path

from arguments import Parser, UsageError
from prove.prove import prove, summary
from stages import find_stage, find_stages

FIRST, LAST = 1, 20  # the stages that have planted mistakes


def prove_course(arguments: list[str], root: Path) -> int:
    """0 where everything holds."""
    parser = Parser("prove", "proves that the checks catch what a learner may do wrong")
    parser.add_argument("stage", metavar="NN", nargs="?", help="a stage; without it, all")
    name = parser.parse(arguments).stage
    stages = find_stages(root)
    chosen = [find_stage(stages, name)] if name else stages
    with_mistakes = [stage for stage in chosen if FIRST <= stage.number <= LAST]
    if not with_mistakes:
        raise UsageError(f"prove: stage {name} has no planted mistakes; those from {FIRST} to "
                         f"{LAST} have")
    proofs = []
    for stage in with_mistakes:
        proofs.append(prove(root, stage))
        print(summary(proofs[-1]), flush=True)
    caught = sum(proof.held("mistakes") for proof in proofs)
    planted = sum(proof.counts.get("mistakes", 0) for proof in proofs)
    wrong = sum(len(proof.problems) for proof in proofs)
    rate = f"{100 * caught / planted:.1f} %" if planted else "none planted"
    print(f"kill rate: {caught} of {planted} planted mistakes caught, {rate}; "
          f"{wrong or 'nothing'} wrong")
    return 1 if wrong else 0
