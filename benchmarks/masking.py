"""How well and how fast personal data is masked: ``python -m benchmarks.masking`` from the project's root.

    python -m benchmarks.masking                    table of recall and precision by kind, speed
    python -m benchmarks.masking --messages 20000   more generated messages (default 6,000 of each half)
    python -m benchmarks.masking --seed 5           other ones

The messages are generated (``tests/bot/masking_data.py``, which also says what counts as personal data), from
wordings that the masking was written with and from others. A place counts as found if all its characters are
masked by its kind; a masked place is right if it touches personal data. Speed is processor time, on generated
messages and, where they are there, on the citizens' messages of ../shared/data.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.datasets import read_rows
from benchmarks.machine import ROOT
from bot.masking import mask
from tests.bot.masking_data import DEVELOPMENT, HELD_OUT, Counts, measure, messages

HALVES = {"development": DEVELOPMENT, "held out": HELD_OUT}
REAL = ROOT.parent / "shared" / "data" / "citizen_messages" / "hot.jsonl.gz"
_ROUNDS = 3


def table(counts: dict[str, Counts]) -> str:
    """Markdown, one row a kind and one for all."""
    lines = [
        "| kind | places | recall | by any kind | masked | precision |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    total = Counts()
    for found in counts.values():
        for field in Counts.__slots__:
            setattr(total, field, getattr(total, field) + getattr(found, field))
    for kind, found in (*counts.items(), ("all", total)):
        lines.append(
            f"| {kind} | {found.present} | {found.recall:.4f} | {found.covered / max(1, found.present):.4f} "
            f"| {found.masked} | {found.precision:.4f} |"
        )
    return "\n".join(lines)


def milliseconds(texts: Sequence[str]) -> float:
    """Mean processor time of :func:`bot.masking.mask` a text, the best of three rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.process_time()
        for text in texts:
            mask(text)
        best = min(best, time.process_time() - started)
    return best / len(texts) * 1000


def speed(name: str, texts: Sequence[str]) -> str:
    length = sum(map(len, texts)) / len(texts)
    each = f"{milliseconds(texts):.4f} ms a message"
    return f"- {name}: {each} ({len(texts)} messages, {length:.0f} characters on average)"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--messages", type=int, default=6000, metavar="N", help="generated messages of each half"
    )
    parser.add_argument("--seed", type=int, default=20261123)
    arguments = parser.parse_args()
    mask("家长张三")  # loads the dictionary
    for name, wordings in HALVES.items():
        generated = list(messages(arguments.messages, arguments.seed, wordings))
        print(f"## {name}\n\n{table({kind.value: counts for kind, counts in measure(generated).items()})}\n")
        print(speed(f"generated, {name}", [message.text for message in generated]), end="\n\n")
    if REAL.is_file():
        print(speed("citizens' messages", [row["text"] for row in read_rows(REAL)]))


if __name__ == "__main__":
    main()
