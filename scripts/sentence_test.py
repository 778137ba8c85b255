"""How much of each runbook would stand unchanged in another client's plan: scripts/sentence_test.py [DIR] [--seed N] [--list]

DIR holds packs (default: tests/golden). Ten sentences are drawn from each runbook, five times, each draw with its own
seed. `=` marks one that stands word for word in the runbook of another client, `-` one that stands word for word in our
own templates or catalogue, where nothing of the client got into it. The share over the whole runbook follows. A sentence
is a sentence of the text or a row of a table; headings, commands and heads of tables are left out.
"""

from __future__ import annotations

import argparse
import random
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 0.30
"""At most three of ten."""
_FEWEST_WORDS = 4
"""Shorter pieces ("Yes.", "Start the clocks.") are labels and say nothing by themselves."""
_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z(\"'\[])")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BULLET = re.compile(r"^\s*(?:[-*] |\d+\. |> )+")


def sentences(markdown: str) -> list[str]:
    """What the document says, in order: sentences of text and rows of tables, without marks."""
    found: list[str] = []
    head = ""
    in_command = False
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("```"):
            in_command = not in_command
            continue
        if in_command or line.startswith("#"):
            continue
        if line.startswith("|"):
            if re.fullmatch(r"[| :-]+", line):
                head = ""  # the line before was the head of the table
                continue
            found += [head] if head else []
            head = _plain(" ".join(cell.strip() for cell in line.strip("|").split(" | ")))
            continue
        found += [head] if head else []
        head = ""
        found += [_plain(piece) for piece in _END.split(_BULLET.sub("", line))]
    return [one for one in found if len(re.findall(r"\w+", one)) >= _FEWEST_WORDS]


def shared(packs: dict[str, list[str]], name: str) -> list[str]:
    """The sentences of one runbook that stand unchanged in at least one of the others."""
    others = {one for other, said in packs.items() if other != name for one in said}
    return [one for one in packs[name] if one in others]


def common(packs: dict[str, list[str]], name: str, ours: str) -> list[str]:
    """The sentences of one runbook that stand in another one, or word for word in `ours` (lower case, without marks)."""
    elsewhere = set(shared(packs, name))
    return [one for one in packs[name] if one in elsewhere or _bare(one).rstrip(". ") in ours]


def shelf() -> str:
    """Our own texts: templates and catalogue as one line."""
    files = [*ROOT.glob("templates/**/*.j2"), *ROOT.glob("templates/*.yaml"), *ROOT.glob("catalog/**/*.yaml")]
    return " ".join(_bare(_plain(path.read_text(encoding="utf-8"))) for path in sorted(files))


def _bare(text: str) -> str:
    return re.sub(r"['\"]", "", text).lower()


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*`]", "", _LINK.sub(r"\1", text)).split())


def read(folder: Path) -> dict[str, list[str]]:
    """The sentences of each runbook under a folder of packs."""
    return {
        path.parent.name: sentences(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/runbook.md"))
    }


def main() -> None:
    """Draw, mark, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "tests" / "golden")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="every sentence in common, instead of the draws")
    options = parser.parse_args()
    packs, ours = read(options.folder), shelf()
    for name, said in packs.items():
        elsewhere, either = set(shared(packs, name)), set(common(packs, name, ours))
        if options.list:
            for one in said:
                if one in either:
                    print(f"{name} {'=' if one in elsewhere else '-'} {one}")
            continue
        for draw in range(5):
            drawn = random.Random(f"{options.seed + draw} {name}").sample(said, 10)
            print(f"\n{name}, draw {draw + 1}: {sum(one in either for one in drawn)} of 10 in common")
            for one in drawn:
                print(f"  {'=' if one in elsewhere else '-' if one in either else ' '} {one}")
    for name, said in packs.items():
        twins, either_way = len(shared(packs, name)), len(common(packs, name, ours))
        print(
            f"{name}: {len(said)} sentences; in another runbook {twins / len(said):.1%}, "
            f"that or our own text alone {either_way / len(said):.1%}"
        )


if __name__ == "__main__":
    main()
