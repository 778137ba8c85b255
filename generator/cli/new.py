"""`airplan new`: a dozen questions, a profile of one's own, and what it means in law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli import show

if TYPE_CHECKING:
    from generator.sources.answers import Answers, Words


@click.command(
    epilog="""\b
Examples:
  airplan new client.yaml --from clinical_hipaa_ba
  airplan new client.yaml --from clinical_hipaa_ba --answers examples/answers-clinical.yaml

Exit codes: 0 written; 2 the file exists, the starter is unknown, or an answer is wrong.
"""
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--from",
    "starter",
    required=True,
    metavar="STARTER",
    help="retail_chatbot, loan_multi_agent, clinical_hipaa_ba, soc2_saas, or the path of a profile.",
)
@click.option(
    "--answers",
    "answers_file",
    metavar="ANSWERS",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file with the answers, instead of the terminal.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Where the pack is built.",
)
@click.option("--no-build", is_flag=True, default=False, help="Write the profile only.")
@click.option("--now", metavar="DATE", help="The date to offer for the plan, instead of today's.")
def new(
    file: Path, starter: str, answers_file: Path | None, output: Path, no_build: bool, now: str | None
) -> None:
    """Make FILE, a profile of your own, from a starter.

    Of the starter only its structure stays: no person, date, version, contract or number of its invented
    client. Twelve questions fill the rest; what nobody knows yet becomes a visible gap.
    """
    from generator.sources import starter_files
    from generator.sources.questions import answers_from_file

    if file.exists():
        raise starter_files.exists(file)
    source = starter_files.find_starter(starter)
    today = _today(now)
    words = starter_files.answer_words()
    answers = answers_from_file(answers_file, words, today) if answers_file else _asked(words, today)
    starter_files.write_new(file, starter_files.new_profile(file, source, answers, words))
    show.note(f"written: {file}")
    for code, count in answers.people.items():
        show.detail(f"  people: {words.places[code].name} {count:,}")
    if not no_build:
        _first_look(file, output)


def _today(now: str | None) -> date:
    if now is None:
        from generator.cli import wall_clock

        return wall_clock.today()
    from generator.errors import UsageProblem

    try:
        return date.fromisoformat(now[:10])
    except ValueError:
        raise UsageProblem(f"--now {now}: not a date like 2026-11-24") from None


def _asked(words: Words, today: date) -> Answers:
    """The answers of a person at the terminal; a wrong one is asked again."""
    from generator.sources.questions import QUESTIONS, to_answers

    given: dict[str, Any] = {}
    for number, question in enumerate(QUESTIONS, 1):
        default = question.default(words, given, today)
        head = show.styled(f"{number}/{len(QUESTIONS)}", bold=True)
        ask = f"\n{head} {question.text}\n     e.g. {question.example}\n    "
        while True:
            typed = click.prompt(ask, default=default, prompt_suffix=" ", err=True)
            try:
                given[question.key] = question.read(str(typed), words, given)
                break
            except ValueError as error:
                show.error(str(error))
                ask = "    "
        if question.key == "people":
            counts = [f"{words.places[code].name} {count:,}" for code, count in given["people"].items()]
            show.note(f"     read as: {', '.join(counts)}")
    return to_answers(given)


def _first_look(file: Path, output: Path) -> None:
    """Build, then print what binds, what nearly does, the worst night, and what to ask next."""
    import os

    from generator.batch.build import build_packs
    from generator.cli.build import report
    from generator.workflows import plans

    with show.progress("Rendering") as step:
        built = build_packs([file], output, jobs=os.cpu_count() or 1, progress=step)[0]
    look = plans.first_look(file)
    show.data()
    _pairs("What binds, and why", look.binds)
    _pairs("What nearly binds", look.near)
    show.data(show.styled("If it happened on a Sunday", bold=True))
    show.data(f"  {look.sunday}")
    show.data()
    _list("Ask the client next", look.gaps)
    show.data(show.styled("Written", bold=True))
    show.data(f"  {file}")
    report(built)
    if built.exit_code:
        click.get_current_context().exit(built.exit_code)


def _pairs(title: str, pairs: Iterable[tuple[str, str]]) -> None:
    _list(title, (f"{name}: {reason}" for name, reason in pairs))


def _list(title: str, lines: Iterable[str]) -> None:
    show.data(show.styled(title, bold=True))
    found = list(lines)
    for line in found or ["nothing"]:
        show.data(f"  {line}")
    show.data()
