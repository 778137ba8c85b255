"""`make bench`: what a pack costs, side by side with the same work done by pandoc and WeasyPrint, in one run.

Every number is the median of a few repetitions in fresh processes; what is compared alternates, so that a busy
moment of the machine hits both sides. Nothing is written outside one temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
AIRPLAN = Path(sys.executable).with_name("airplan")
PROFILES = sorted((ROOT / "profiles").glob("*.yaml"))
CLOCK = (
    "clock",
    "gdpr-art33-supervisory-authority",
    "--start",
    "2026-12-04T16:30",
    "--tz",
    "Europe/Berlin",
    "--json",
)


# --- measuring -----------------------------------------------------------------------------------------------


@dataclass
class Bench:
    """The temporary folder, the environment of every process, and the rows of the table."""

    folder: Path
    runs: int
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def few(self) -> int:
        """Repetitions of what takes longest and is compared with nothing in the same round."""
        return max(1, self.runs - 2)

    @property
    def env(self) -> dict[str, str]:
        """Compiled modules go into the temporary folder as well; the warm-up fills it for both sides."""
        given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**given, "PYTHONPYCACHEPREFIX": str(self.folder / "pycache"), "TMPDIR": str(self.folder)}

    def call(self, *words: object) -> tuple[float, str]:
        """Seconds that a process took, and its stdout. Stops the bench where it fails."""
        started = perf_counter()
        done = subprocess.run([str(w) for w in words], cwd=ROOT, env=self.env, capture_output=True, text=True)
        took = perf_counter() - started
        if done.returncode:
            sys.exit(f"{' '.join(map(str, words))}\nended with {done.returncode}: {done.stderr[-2000:]}")
        return took, done.stdout

    def rounds(self, number: int, **sides: Callable[[], float]) -> dict[str, float]:
        """The median of each side over `number` rounds in which the sides take turns."""
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(number):
            for name, side in sides.items():
                taken[name].append(side())
        return {name: statistics.median(times) for name, times in taken.items()}

    def row(self, what: str, result: str, target: str = "") -> None:
        """One line of the table, printed at once."""
        self.rows.append((what, result, target))
        print(f"{what:<58} {result:>22}   {target}".rstrip(), flush=True)

    def judge(self, what: str, value: float, limit: float, words: str) -> None:
        """A line with a target, and honestly whether it was reached."""
        good = value <= limit
        if not good:
            self.missed.append(f"{what}: {value:.2f}, target {words}")
        self.row(what, f"{value:.2f}", f"{'reached' if good else 'MISSED'} (target {words})")


def fresh(path: Path) -> Path:
    """`path`, with nothing there."""
    shutil.rmtree(path, ignore_errors=True)
    return path


# --- the other side: pandoc and WeasyPrint -------------------------------------------------------------------


def pandoc_pack(pack: Path, paper: str, target: Path, layouts: dict[str, str]) -> None:
    """Every Markdown file of a pack through pandoc and WeasyPrint, one after another in this process.

    The same styles, fonts and PDF variant as ours, each style read once, one FontConfiguration: what somebody who
    knows both tools would write.
    """
    import logging

    import pypandoc
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fonts = FontConfiguration()
    styles: dict[str, Any] = {}

    def style(name: str) -> Any:
        if name not in styles:
            styles[name] = CSS(filename=str(ROOT / "templates" / "styles" / name), font_config=fonts)
        return styles[name]

    for path in markdown_files(pack):
        layout = layouts[path.relative_to(pack).as_posix()]
        sheet = f"{paper}-landscape" if layout == "card" else paper
        body = pypandoc.convert_file(str(path), "html5", format="gfm")
        html = f'<!doctype html><html lang="en"><head><title>{path.stem}</title></head><body>{body}</body></html>'
        pdf = HTML(string=html, base_url=str(ROOT / "templates")).write_pdf(
            stylesheets=[style(n) for n in ("fonts.css", "base.css", f"{layout}.css", f"{sheet}.css")],
            font_config=fonts,
            pdf_variant="pdf/a-3a",
        )
        out = target / path.relative_to(pack).with_suffix(".pdf")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(pdf)


def layouts_of(pack: Path) -> dict[str, str]:
    """The layout of every Markdown file of a pack, as templates/documents.yaml gives it to our side."""
    import yaml

    listed = yaml.safe_load((ROOT / "templates" / "documents.yaml").read_text(encoding="utf-8"))
    by_file = {entry["file"]: entry["layout"] for entry in listed}
    names = [path.relative_to(pack) for path in markdown_files(pack)]
    return {
        name.as_posix(): by_file.get(
            name.with_suffix("").as_posix(), "handling" if name.parent.name == "handling" else "notice"
        )
        for name in names
    }


def markdown_files(pack: Path) -> list[Path]:
    """The documents of a pack, without the pristine copies."""
    return [path for path in sorted(pack.rglob("*.md")) if ".airplan" not in path.parts]


# --- our side, from inside -----------------------------------------------------------------------------------


def inside(profile: Path, output: Path) -> dict[str, float]:
    """Build one pack in this process and say how long WeasyPrint worked, and how long everything else took."""
    started = perf_counter()
    import weasyprint

    imported = perf_counter() - started
    from generator.batch.build import build_packs
    from generator.render import forms, pdf

    spent = {"weasyprint": 0.0, "to_pdf": 0.0}
    depth = 0

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*given: Any, **named: Any) -> Any:
            nonlocal depth
            outer = name == "to_pdf" or depth == 0
            depth += name == "weasyprint"
            begun = perf_counter()
            try:
                return function(*given, **named)
            finally:
                depth -= name == "weasyprint"
                if outer:
                    spent[name] += perf_counter() - begun

        return wrapper

    weasyprint.HTML.__init__ = timed("weasyprint", weasyprint.HTML.__init__)
    weasyprint.HTML.render = timed("weasyprint", weasyprint.HTML.render)
    weasyprint.CSS.__init__ = timed("weasyprint", weasyprint.CSS.__init__)
    weasyprint.Document.write_pdf = timed("weasyprint", weasyprint.Document.write_pdf)
    pdf.to_pdf = forms.to_pdf = timed("to_pdf", pdf.to_pdf)

    (built,) = build_packs([profile], output, jobs=1)
    if built.exit_code:
        sys.exit(built.error)
    return {"total": perf_counter() - started, "import": imported, **spent}


# --- the table -----------------------------------------------------------------------------------------------


def build_side(bench: Bench, profiles: Sequence[Path], jobs: int, name: str) -> Callable[[], float]:
    """A cold build: nothing is there before."""

    def side() -> float:
        out = fresh(bench.folder / name)
        return bench.call(AIRPLAN, "build", *profiles, "-o", out, "--jobs", jobs, "-q")[0]

    return side


def one_pack(bench: Bench, name: str) -> None:
    """Cold, unchanged, against pandoc, and WeasyPrint's part of it, for one profile."""
    profile = ROOT / "profiles" / f"{name}.yaml"
    build_side(bench, [profile], 1, name)()
    (pack,) = [path for path in (bench.folder / name).iterdir() if path.is_dir()]
    kept = shutil.copytree(pack, bench.folder / f"{name}-markdown")
    paper = json.loads((kept / "plan.json").read_text(encoding="utf-8"))["identity"]["paper"]
    pdfs = len(list(kept.rglob("*.pdf")))

    def pandoc() -> float:
        out = fresh(bench.folder / f"{name}-pandoc")
        return bench.call(sys.executable, __file__, "--pandoc", kept, paper, out, layouts)[0]

    layouts = json.dumps(layouts_of(kept))
    theirs = len(markdown_files(kept))
    found = bench.rounds(bench.runs, ours=build_side(bench, [profile], 1, name), pandoc=pandoc)
    found |= bench.rounds(bench.few, two=build_side(bench, [profile], 2, f"{name}-2"))
    again = bench.rounds(
        3, again=lambda: bench.call(AIRPLAN, "build", profile, "-o", bench.folder / name, "-q")[0]
    )["again"]
    bench.row(f"{name}: cold build, --jobs 1, {pdfs} PDFs", f"{found['ours']:.2f} s")
    bench.row(f"{name}: cold build, --jobs 2", f"{found['two']:.2f} s")
    bench.row(f"{name}: pandoc + WeasyPrint, one process, {theirs} PDFs", f"{found['pandoc']:.2f} s")
    bench.judge(
        f"{name}: pack, --jobs 1 / pandoc + WeasyPrint", found["ours"] / found["pandoc"], 0.5, "<= 0.5"
    )
    bench.judge(
        f"{name}: pack, --jobs 2 / pandoc + WeasyPrint", found["two"] / found["pandoc"], 0.5, "<= 0.5"
    )
    bench.row(f"{name}: unchanged rebuild", f"{again:.2f} s")
    bench.judge(f"{name}: unchanged / cold, --jobs 1", again / found["ours"], 0.1, "< 0.1")
    share(bench, name, profile)


def share(bench: Bench, name: str, profile: Path) -> None:
    """How much of a build is WeasyPrint's work, and how much ours."""
    seen: list[dict[str, float]] = []
    for _ in range(bench.few):
        out = fresh(bench.folder / f"{name}-inside")
        seen.append(json.loads(bench.call(sys.executable, __file__, "--inside", profile, out)[1]))
    mid = {key: statistics.median(one[key] for one in seen) for key in seen[0]}
    own = mid["total"] - mid["weasyprint"] - mid["import"]
    bench.row(f"{name}: inside WeasyPrint (parse, lay out, write)", f"{mid['weasyprint']:.2f} s")
    bench.row(f"{name}: importing WeasyPrint", f"{mid['import']:.2f} s")
    bench.row(
        f"{name}: our own work, imports included",
        f"{own:.2f} s",
        f"of it in to_pdf {mid['to_pdf'] - mid['weasyprint']:.2f} s",
    )
    bench.judge(f"{name}: our own / inside WeasyPrint", own / mid["weasyprint"], 0.15, "<= 0.15")


def all_packs(bench: Bench) -> None:
    """All shipped profiles in one call."""
    found = bench.rounds(
        bench.few,
        one=build_side(bench, PROFILES, 1, "all-1"),
        two=build_side(bench, PROFILES, 2, "all-2"),
    )
    again = bench.rounds(
        3,
        again=lambda: bench.call(
            AIRPLAN, "build", *PROFILES, "-o", bench.folder / "all-2", "--jobs", 2, "-q"
        )[0],
    )["again"]
    bench.row(f"all {len(PROFILES)}: cold build, --jobs 1", f"{found['one']:.2f} s")
    bench.row(
        f"all {len(PROFILES)}: cold build, --jobs 2",
        f"{found['two']:.2f} s",
        f"{found['one'] / found['two']:.2f} times as fast",
    )
    bench.row(f"all {len(PROFILES)}: unchanged rebuild", f"{again:.2f} s")
    bench.judge(f"all {len(PROFILES)}: unchanged / cold, --jobs 2", again / found["two"], 0.1, "< 0.1")


def commands(bench: Bench) -> None:
    """Start-up and the quick commands."""

    def bare(code: str) -> Callable[[], float]:
        return lambda: bench.call(sys.executable, "-c", code)[0]

    def ours(*words: object) -> Callable[[], float]:
        return lambda: bench.call(AIRPLAN, *words)[0]

    profile = ROOT / "profiles" / "retail_chatbot.yaml"
    sides = {
        "click": bare("import click"),
        "help": ours("--help"),
        "yaml": bare("import click, yaml"),
        "clock": ours(*CLOCK),
        "duties": ours("duties", profile),
        "check": ours("check", profile),
    }
    for side in sides.values():
        side()
    found = {key: value * 1000 for key, value in bench.rounds(9, **sides).items()}
    bench.row('python -c "import click"', f"{found['click']:.0f} ms")
    bench.row("airplan --help", f"{found['help']:.0f} ms")
    bench.judge("airplan --help / bare click", found["help"] / found["click"], 2.0, "<= 2")
    bench.row('python -c "import click, yaml"', f"{found['yaml']:.0f} ms")
    bench.row(
        "airplan clock ... --json",
        f"{found['clock']:.0f} ms",
        f"{found['clock'] / found['yaml']:.1f} times the bare imports",
    )
    bench.row("airplan duties retail_chatbot", f"{found['duties']:.0f} ms")
    bench.row("airplan check retail_chatbot", f"{found['check']:.0f} ms")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runs", type=int, default=3, help="repetitions of the long measurements (default 3)"
    )
    parser.add_argument("--only", choices=["commands", "packs", "all"], help="one part of the table")
    parser.add_argument("--pandoc", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--inside", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.pandoc:
        pack, paper, target, layouts = given.pandoc
        pandoc_pack(Path(pack), paper, Path(target), json.loads(layouts))
        return
    if given.inside:
        print(json.dumps(inside(*given.inside)))
        return
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="airplan-bench-") as folder:
        bench = Bench(Path(folder), given.runs)
        print(
            f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, medians of {bench.runs} ({bench.few} for --jobs 2, inside and all)\n"
        )
        if given.only in (None, "commands"):
            commands(bench)
        if given.only in (None, "packs"):
            one_pack(bench, "retail_chatbot")
            one_pack(bench, "clinical_hipaa_ba")
        if given.only in (None, "all"):
            all_packs(bench)
    print(f"\n{perf_counter() - began:.0f} s in all, load now {os.getloadavg()[0]:.1f}")
    print("Every target was reached." if not bench.missed else "Missed:\n  " + "\n  ".join(bench.missed))


if __name__ == "__main__":
    main()
