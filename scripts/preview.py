"""Render documents of one plan to look at them: scripts/preview.py [PROFILE] [DOCUMENT...] --out DIR [--png]

For people who write templates. Prints where each file went and how long it took.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generator.render.jobs import run_job
from generator.render.markdown import compose
from generator.render.page import pdf_job
from generator.sources.documents import load_documents, load_rca_form


def main() -> None:
    """Render and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="a profile (.yaml) and document ids, in any order")
    parser.add_argument("--out", type=Path, default=Path("/tmp/airplan-preview"))
    parser.add_argument("--png", action="store_true", help="pages as PNG, 60 dots an inch")
    parser.add_argument("--markdown", action="store_true", help="no PDF")
    options = parser.parse_args()
    profiles = [word for word in options.words if word.endswith(".yaml")]
    wanted = [word for word in options.words if not word.endswith(".yaml")]
    if profiles:
        from generator.workflows.plans import plan_profile

        plan = plan_profile(Path(profiles[0])).plan
    else:
        from tests.plan_factory import plan as hand_made

        plan = hand_made()
    documents = [spec for spec in load_documents() if not wanted or spec.id in wanted]
    data = plan.to_json_data()
    for composed in compose(plan, documents, load_rca_form()):
        target = options.out / composed.stem
        target.parent.mkdir(parents=True, exist_ok=True)
        target.with_suffix(".md").write_text(composed.markdown)
        if options.markdown:
            print(target.with_suffix(".md"))
            continue
        began = time.perf_counter()
        pdf = run_job(pdf_job(composed, data))
        target.with_suffix(".pdf").write_bytes(pdf)
        print(f"{target.with_suffix('.pdf')}  {len(pdf) // 1024} KiB  {time.perf_counter() - began:.2f} s")
        if options.png:
            for old in target.parent.glob(f"{target.name}-*.png"):
                old.unlink()
            subprocess.run(["pdftoppm", "-r", "60", "-png", target.with_suffix(".pdf"), target], check=True)


if __name__ == "__main__":
    main()
