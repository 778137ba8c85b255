"""`airplan diff`: two plans compared by meaning."""

from __future__ import annotations

from pathlib import Path

import click

from generator.cli import show
from generator.errors import EXIT_NO, EXIT_OK, UsageProblem


@click.command(
    epilog="""\b
Examples:
  airplan diff releases/acme-scribe/1.0 output/acme-scribe
  airplan diff HEAD~1:profiles/loan_multi_agent.yaml profiles/loan_multi_agent.yaml
  airplan diff releases/acme-scribe/1.0 releases/acme-scribe/1.1 --format pdf -o redline.pdf

Exit codes: 0 the same; 1 different; 2 an input or the call is wrong.
"""
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--format", "form", type=click.Choice(["text", "md", "json", "pdf"]), default="text", show_default=True,
    help="pdf: the runbook with insertions underlined and deletions struck.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write to a file instead of stdout; a PDF needs it.",
)  # fmt: skip
def diff(old: str, new: str, form: str, output: Path | None) -> None:
    """Compare OLD and NEW by meaning: duties, people, thresholds, steps, notices, each change with its reason.

    Each is a pack folder, a release, a plan.json, a profile, or REVISION:profile from git.
    """
    import json

    from generator.diff.report import as_data, as_markdown, as_text, counted
    from generator.workflows.diff import compare_inputs, redline_pdf

    if form == "pdf" and output is None:
        raise UsageProblem("--format pdf: name the file with -o FILE")
    found, before, after = compare_inputs(old, new)
    if form == "pdf":
        content = redline_pdf(before, after, found)
    elif form == "json":
        content = (json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n").encode()
    else:
        content = (as_markdown(found) if form == "md" else "\n".join([*as_text(found), ""])).encode()
    if output is None:
        show.data(content.decode().rstrip("\n"))
    else:
        _write(output, content)
        show.data(str(output))
        show.note(f"  {counted(found)}")
    click.get_current_context().exit(EXIT_OK if found.same else EXIT_NO)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UsageProblem(f"-o {path}: cannot be written: {error.strerror or error}") from None
