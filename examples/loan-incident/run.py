"""The worked example: hidden text in an uploaded pay stub changes the underwriting agent over a weekend.

From the alarm to the better plan: python examples/loan-incident/run.py FOLDER. With --keep instead of a folder the
files beside this one are written anew: transcript.md, diff.md, diff.json.

Every step is a call of `airplan`, with `--now` in place of the clock; transcript.md is what it prints. The review form
is filled with pypdf, which knows nothing of this project (pip install pypdf). All names are invented.
tests/test_loan_incident.py runs it.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

ID = "INC-2026-001"
OLD, NEW = "releases/harlan-creek-trellis/2.1", "releases/harlan-creek-trellis/2.2"
KEPT = ("transcript.md", "diff.md", "diff.json")
"""What stands beside this file. The redline is a PDF of some size and is made only."""
ARDOISE = "contract-ardoise-forward-flow-ardoise-origination-defect"
SALE = "contract-ardoise-forward-flow-ardoise-stop-of-sale"
CALLOWAY = "contract-cyber-bankers-policy-calloway-cyber"
CIRCUMSTANCE = "contract-cyber-bankers-policy-calloway-circumstance"
ANSAH = "Abena Ansah, fair-lending officer"
UBANI = "Emeka Ubani, deputy commander"
LEVITAN = "Miriam Levitan, legal counsel"
APPROVERS = (("Thibault Delacroix", "executive_sponsor"), ("Miriam Levitan", "legal_counsel"))
MWANGI = "Wanjiru Mwangi, incident commander"
ANSWERS = {
    "rca__identity__severity_final": "SEV1",
    "rca__identity__commander": "Wanjiru Mwangi",
    "rca__identity__privilege": "no",
    "rca__dates__review_held": "2026-11-24",
    "rca__what__summary": (
        "White text on page 2 of a pay stub told the reader to call the income verified. The screen flagged one "
        "document on Saturday 09:14; the page was read as one more harmless footer, and the "
        "automatic quarantine waits for three. "
        "Underwriting took the note as a finding for every file of the same contractor batch until Monday."
    ),
    "rca__what__design_fact": "DF-3",
    "rca__extent__cases_total": "1204",
    "rca__extent__cases_checked": "1204",
    "rca__extent__cases_affected": "37",
    "rca__extent__method": "all re-run",
    "rca__extent__confidence": "complete",
    "rca__causes__layers__guardrail__finding": "root cause",
    "rca__causes__layers__guardrail__what": "automatic quarantine waits for 3 documents in 10 minutes; 1 was enough",
    "rca__causes__layers__guardrail__evidence": "seen in the record",
    "rca__causes__layers__handoff__finding": "contributed",
    "rca__causes__layers__handoff__what": "the note field of intake reached underwriting as a finding",
    "rca__causes__layers__handoff__evidence": "reproduced",
    "rca__causes__counterfactual": "Quarantine at the first flagged document, Saturday 09:14",
    "rca__reproduction__failed_runs": "19",
    "rca__reproduction__runs": "20",
    "rca__whys__why1": "A flagged document stayed in the run",
    "rca__actions__list__row1__what": "Underwriting holds every file whose document was flagged until a clerk keyed it",
    "rca__actions__list__row1__type": "prevent",
    "rca__actions__list__row1__strength": "strong",
    "rca__actions__list__row1__owner": "ai_lead",
    "rca__actions__list__row1__due": "2026-12-04",
    "rca__actions__list__row1__verified": "Planted stub, 20 runs, 0 decisions",
    "rca__actions__list__row1__plan_change": (
        "deployment.agents.underwriting.gate = {role: intake_clerks, releases: Every file whose document the screen "
        "flagged, expected_seconds: 90, evidence: Clerk token with file number}"
    ),
    "rca__actions__list__row2__what": "Automatic quarantine at the first flagged document, not the third",
    "rca__actions__list__row2__type": "detect",
    "rca__actions__list__row2__strength": "medium",
    "rca__actions__list__row2__owner": "security_lead",
    "rca__actions__list__row2__due": "2026-11-27",
    "rca__actions__list__row2__plan_change": (
        "detection.signals.doc-instructions.automatic.at = 1; "
        "detection.signals.doc-instructions.automatic.source = One stub steered 37 files in INC-2026-001"
    ),
    "rca__actions__list__row3__what": "Contractors are told that uploads with hidden text are refused",
    "rca__actions__list__row3__type": "limit",
    "rca__actions__list__row3__strength": "weak",
    "rca__actions__list__row3__owner": "product_owner",
    "rca__actions__list__row3__due": "2026-12-11",
    "rca__signoff__complete": True,
}
"""What the review answered; the script types it into the fillable PDF."""
SENT = (
    ("ecoa-correct-inadvertent-error", "2026-11-20T11:00", "12 corrected notices, certified mail 4410-4421"),
    ("fcra-615a-adverse-action", "2026-11-20T11:00", "in the same 12 letters"),
    ("ecoa-adverse-action-completed", "2026-11-20T11:00", "in the same 12 letters"),
    (CIRCUMSTANCE, "2026-11-30T15:20", "form B-2 through the broker, 30 November"),
)
DECIDED = (
    ("ecoa-adverse-action-existing-account", "all 37 were applications; no account was touched"),
    ("ecoa-adverse-action-incomplete", "all 37 files were complete when they were decided"),
    ("ecoa-counteroffer", "none of the 37 was a counteroffer"),
    ("ecoa-notice-of-incompleteness", "all 37 files were complete when they were decided"),
)


class Story:
    """The steps, each called and written down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines = ["# Transcript", "", "Made by `python examples/loan-incident/run.py`; do not edit.", ""]

    def tell(self, words: str) -> None:
        """A sentence of the story."""
        self.lines += [words, ""]

    def call(self, *words: str, now: str = "", code: int = 0) -> str:
        """`airplan WORDS --now NOW`, with its output in the transcript. Stops at an unexpected exit code."""
        from click.testing import CliRunner

        from generator.cli import cli

        given = [*words, *(("--now", now) if now else ())]
        done = CliRunner().invoke(cli, given, catch_exceptions=False)
        if done.exit_code != code:
            raise SystemExit(f"airplan {shlex.join(given)}: exit {done.exit_code}\n{done.output}")
        self.lines += [
            "```console",
            f"$ airplan {shlex.join(given)}",
            *done.output.rstrip().splitlines(),
            "```",
            "",
        ]
        return done.output


def masked(text: str) -> str:
    """A text without hashes, which change with every field that a plan gains."""
    return re.sub(r"\b(?=[0-9a-f]*[0-9])(?:[0-9a-f]{64}|[0-9a-f]{12})\b", "............", text)


def run(folder: Path) -> Path:
    """Tell the whole story in `folder` (made anew); returns the transcript. Paths in it are relative to `folder`."""
    import os

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(HERE / "trellis.yaml", folder / "trellis.yaml")
    before = Path.cwd()
    os.chdir(folder)
    try:
        story = Story(folder)
        _plan_in_force(story)
        _alarm(story)
        _clocks(story)
        form = _fill(story)
        _review(story, form)
        _better_plan(story)
        Path("transcript.md").write_text(
            "\n".join(story.lines).rstrip() + "\n", encoding="utf-8", newline="\n"
        )
    finally:
        os.chdir(before)
    return folder / "transcript.md"


def _plan_in_force(story: Story) -> None:
    story.tell("Two weeks before: version 2.1 of the plan is released, and two people approve it.")
    story.call("release", "trellis.yaml", now="2026-11-02T09:00")
    for name, role in APPROVERS:
        story.call("approve", OLD, "--by", name, "--role", role, now="2026-11-02T15:00")


def _alarm(story: Story) -> None:
    story.tell(
        "Monday 16 November 2026, 08:10: the fair-lending officer sees 37 outcomes that differ on replay."
    )
    story.call(
        "incident", "open", "trellis.yaml", "--class", "indirect-prompt-injection",
        "--trigger", "wrong_decision_about_person", "--trigger", "security_incident",
        "--title", "Hidden text in a pay stub steered underwriting", "--aware-at", "2026-11-16T08:10",
        "--at", "occurred=2026-11-14T09:14", "--at", "detected=2026-11-16T07:52",
        "--severity", "SEV2", "--by", ANSAH,
        "--ground", "37 of the weekend's outcomes differ on replay without the stub",
        now="2026-11-16T08:25",
    )  # fmt: skip
    story.call(
        "incident", "at", ID, "contained=2026-11-16T08:31", "--by", UBANI,
        "--ground", "A2 and B4 in effect, ledger shows no booking after 08:31", now="2026-11-16T08:35",
    )  # fmt: skip
    story.call(
        "incident", "note", ID, "Contractor portal cut with CH3", "--by", UBANI, now="2026-11-16T08:40"
    )


def _clocks(story: Story) -> None:
    story.tell("What runs now, before anybody has counted:")
    story.call("incident", "show", ID, now="2026-11-16T09:00")
    story.tell("The count: 37 decisions, residents of three states; no document left the bank.")
    story.call(
        "incident", "fact", ID, "residents:US-OH=19", "residents:US-MI=11", "residents:US-PA=7", "people_total=37",
        "--source", "all 1,204 files of the weekend re-run", "--confidence", "high", "--by", "Bao-Anh Tran",
        now="2026-11-16T12:30",
    )  # fmt: skip
    story.call(
        "incident", "fact", ID, "data_categories=income,employment,credit_decision", "encrypted=no",
        "--source", "gateway log", "--by", "Suraj Bhattarai", now="2026-11-16T12:40",
    )  # fmt: skip
    story.tell("Twelve of them were declines whose letters went out on Saturday: a further trigger.")
    story.call(
        "incident", "trigger", ID, "credit_notice_wrong", "--by", ANSAH,
        "--ground", "12 letters of Saturday give a reason that the stub made up", now="2026-11-16T13:00",
    )  # fmt: skip
    story.tell("People outside the bank were harmed, and by the plan that raises the severity by one level:")
    story.call(
        "incident", "severity", ID, "SEV1", "--because", "12 people hold a declining letter with a wrong reason",
        "--by", MWANGI, now="2026-11-16T13:05",
    )  # fmt: skip
    story.tell("The notices that went out, and one that had no ground:")
    story.call(
        "incident", "sent", ID, ARDOISE, "--sent-at", "2026-11-17T15:20", "--reference", "courier 7731 and e-mail",
        "--by", LEVITAN, now="2026-11-17T15:30",
    )  # fmt: skip
    story.call(
        "incident", "sent", ID, CALLOWAY, "--sent-at", "2026-11-17T16:05", "--reference", "form C-1, claim 26-8841",
        "--by", LEVITAN, now="2026-11-17T16:10",
    )  # fmt: skip
    story.call(
        "incident", "decide", ID, SALE, "--not-notified", "--because",
        "no loan was held back: none of the 37 is on the list for the Thursday sale",
        "--evidence", "list for the sale of 2026-11-19",
        "--by", LEVITAN, now="2026-11-17T16:20",
    )  # fmt: skip
    story.call("incident", "show", ID, now="2026-11-17T17:00")


def _fill(story: Story) -> Path:
    """Notices and review form, filled from the record; then the form as the review filled it."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject

    story.tell("Notices and review form, filled from the record:")
    story.call("incident", "fill", ID, now="2026-11-18T09:00")
    made = Path("incidents", ID, "filled", "20261118-0900")
    form = PdfWriter(clone_from=PdfReader(made / "rca-form.pdf"))
    missing = ANSWERS.keys() - (form.get_fields() or {}).keys()
    if missing:
        raise SystemExit(f"the form has no field {', '.join(sorted(missing))}")
    typed = {name: NameObject("/on") if value is True else value for name, value in ANSWERS.items()}
    form.update_page_form_field_values(None, typed, auto_regenerate=False)
    target = Path("returned-rca-form.pdf")
    form.write(target)
    return target


def _review(story: Story, form: Path) -> None:
    story.tell("The review of 24 November comes back as the filled form:")
    story.call("incident", "rca", ID, str(form), "--by", MWANGI, now="2026-11-24T16:00")
    story.tell("Two of its actions change the plan. Profile, version and pack change in one step:")
    story.call("incident", "apply", ID, "--by", MWANGI, now="2026-11-25T10:00")
    story.call("incident", "at", ID, "recovered=2026-11-25T07:00", "--by", UBANI,
               "--ground", "gate passed, stage 4 of the restore", now="2026-11-25T10:10")  # fmt: skip


def _better_plan(story: Story) -> None:
    story.tell("The new version is released and approved within the ten days:")
    story.call("release", "trellis.yaml", now="2026-11-25T14:00")
    for name, role in APPROVERS:
        story.call("approve", NEW, "--by", name, "--role", role, now="2026-11-26T09:00")
    story.tell(
        "What is new, for those who approve and for the auditor, in words, Markdown, JSON and as a redline:"
    )
    story.call("diff", OLD, NEW, code=1)
    story.call("diff", OLD, NEW, "--format", "md", "-o", "diff.md", code=1)
    story.call("diff", OLD, NEW, "--format", "json", "-o", "diff.json", code=1)
    story.call("diff", OLD, NEW, "--format", "pdf", "-o", "redline.pdf", code=1)
    story.tell("Not every notice is sent or decided, so the record does not close yet:")
    story.call("incident", "close", ID, "--by", MWANGI, now="2026-11-27T10:15", code=1)
    story.tell(
        "The twelve letters went out corrected, the insurer has its circumstance; the rest had no ground:"
    )
    for duty, when, reference in SENT:
        story.call("incident", "sent", ID, duty, "--sent-at", when, "--reference", reference,
                   "--by", LEVITAN, now="2026-11-30T16:00")  # fmt: skip
    for duty, because in DECIDED:
        story.call("incident", "decide", ID, duty, "--not-notified", "--because", because,
                   "--by", LEVITAN, now="2026-11-30T16:30")  # fmt: skip
    story.call("incident", "action", ID, "--number", "2", "--state", "verified", "--verification",
               "planted stub of 30 November: quarantined at the first page", "--by", UBANI,
               now="2026-11-30T17:00")  # fmt: skip
    story.call("incident", "close", ID, "--by", MWANGI, now="2026-11-30T17:30")
    story.tell("What is left is in the list of the plan:")
    story.call("incident", "show", ID, now="2026-11-30T17:35")
    story.call("todo", "trellis.yaml", now="2026-12-07T09:00")


if __name__ == "__main__":
    if sys.argv[1:] == ["--keep"]:
        import tempfile

        with tempfile.TemporaryDirectory() as temporary:
            made = run(Path(temporary, "out")).parent
            for name in KEPT:
                text = masked((made / name).read_text(encoding="utf-8"))
                (HERE / name).write_text(text, encoding="utf-8", newline="\n")
                sys.stdout.write(f"{HERE / name}\n")
    elif len(sys.argv) == 2:
        sys.stdout.write(f"{run(Path(sys.argv[1]))}\n")
    else:
        raise SystemExit("name a folder, or --keep")
