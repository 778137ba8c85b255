"""The auditor's evidence packs of the SOC 2 and the HIPAA profile, from release to verification.

python examples/evidence/run.py FOLDER. With --keep instead of a folder the transcript beside this file is written anew.

For each client: the plan is released and approved, an incident is opened, its notices are sent or decided against, the
review is read back, the record is closed; then the evidence of 2026 is packed, signed by two, verified and rebuilt.
Every step is a call of `airplan` with `--now` in place of the clock. All names are invented. The evidence files of the
drills are stand-ins that this script writes, with their hashes put into the copied profile. The certificates are made
here and are worth nothing elsewhere; their hashes differ each time, so signatures are left out of the transcript.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

ID = "INC-2026-001"
PASSPHRASE = "stand-in, not a secret"


@dataclass(frozen=True)
class Client:
    """One client's story."""

    profile: str
    plan: str
    klass: str
    triggers: tuple[str, ...]
    aware: str
    by: str
    ground: str
    title: str
    day: str
    """The day after awareness, on which what is due goes out."""
    facts: tuple[str, ...]


CLIENTS = (
    Client(
        "soc2_saas", "brindlepine-sprig", "cross-session-context-leak",
        ("security_incident",), "2026-11-14T02:10", "Efua Prendergast", "Canary of tenant zz-probe seen in an answer",
        "A canary of one tenant in an answer to another", "2026-11-15", ("people_total=0", "encrypted=no"),
    ),
    Client(
        "clinical_hipaa_ba", "larkspur-scribe", "wrong-patient-note", ("phi_breach",), "2026-11-20T10:05",
        "", "Clinician saw another patient's complaint in a draft", "A note bound to the wrong chart", "2026-11-21",
        ("people_total=1", "residents:US-TX=1", "encrypted=no"),
    ),
)  # fmt: skip


class Story:
    """The steps, each called and written down."""

    def __init__(self) -> None:
        self.lines = ["# Transcript", "", "Made by `python examples/evidence/run.py`; do not edit.", ""]

    def tell(self, words: str) -> None:
        """A sentence of the story."""
        self.lines += [words, ""]

    def call(self, *words: str, code: int = 0, quiet: bool = False) -> str:
        """`airplan WORDS`, with its output in the transcript. Stops at an unexpected exit code."""
        from click.testing import CliRunner

        from generator.cli import cli

        done = CliRunner().invoke(cli, list(words), catch_exceptions=False)
        if done.exit_code != code:
            raise SystemExit(f"airplan {shlex.join(words)}: exit {done.exit_code}\n{done.output}")
        if not quiet:
            shown = done.output.rstrip().splitlines()
            self.lines += ["```console", f"$ airplan {shlex.join(words)}", *shown, "```", ""]
        return done.stdout


def run(folder: Path) -> Path:
    """Tell the story of every client in `folder` (made anew); returns the transcript."""
    import os

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before = Path.cwd()
    story = Story()
    try:
        for client in CLIENTS:
            home = folder / client.plan
            home.mkdir()
            os.chdir(home)
            _certificates()
            _tell(story, client)
    finally:
        os.chdir(before)
    transcript = folder / "transcript.md"
    transcript.write_text("\n".join(story.lines).rstrip() + "\n", encoding="utf-8", newline="\n")
    return transcript


def _tell(story: Story, client: Client) -> None:
    plan = _copied(client)
    identity = plan["plan"]
    version, effective = str(identity["version"]), str(identity["effective"])
    approver = plan["people"][identity["approver"]]["name"]
    commander = plan["people"][identity["owner"]]["name"]
    by = client.by or commander
    release = f"releases/{client.plan}/{version}"
    story.lines += [f"## {plan['client']['name']}", ""]
    story.tell(f"Version {version} is released and approved.")
    story.call("release", "client.yaml", "--now", f"{effective}T09:00")
    story.call("approve", release, "--by", approver, "--role", "approver", "--now", f"{effective}T09:30")
    story.tell("An incident, and what followed from it.")
    triggers = [word for trigger in client.triggers for word in ("--trigger", trigger)]
    story.call("incident", "open", "client.yaml", "--class", client.klass, *triggers, "--title", client.title,
               "--aware-at", client.aware, "--by", by, "--ground", client.ground, "--now", client.aware)  # fmt: skip
    story.call("incident", "at", ID, f"contained={client.aware[:11]}11:30", "--by", by, "--ground", "Switch in effect",
               "--now", f"{client.aware[:11]}11:40")  # fmt: skip
    story.call("incident", "fact", ID, *client.facts, "--source", "audit log of the window", "--confidence", "high",
               "--by", by, "--now", f"{client.aware[:11]}12:00")  # fmt: skip
    _duties(story, client, by)
    _review(story, client, commander)
    story.call("incident", "close", ID, "--by", commander, "--now", "2026-12-02T10:00")
    story.tell("The evidence of the year, signed by owner and approver, and what the other side sees.")
    _population(client)
    signing = [word for role in ("owner", "approver") for word in
               ("--sign", f"{role}={role}.p12", "--passphrase-file", f"{role}=word.txt")]  # fmt: skip
    story.call("evidence", "client.yaml", "--period", "2026-01-01..2026-12-31", "--population", "population.yaml",
               "--files", "files", "-o", "evidence.zip", *signing, "--now", "2027-01-11T09:00")  # fmt: skip
    story.call("verify", "evidence.zip", "--trust", "ca.pem", "--expect-plan", client.plan, "--expect-period",
               "2026-01-01..2026-12-31", "--at", "2027-01-12T09:00", "--rebuild")  # fmt: skip


def _copied(client: Client) -> dict:
    """The profile with stand-ins for the evidence files of its drills. Returns it as data."""
    import yaml

    text = (ROOT / "profiles" / f"{client.profile}.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    for drill in data["drills"]["log"]:
        if "evidence" not in drill:
            continue
        name = drill["evidence"]["file"]
        content = f"Stand-in for {name}: {drill['kind']} drill of {drill['date']}\n".encode()
        path = Path("files", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        text = text.replace(drill["evidence"]["sha256"], hashlib.sha256(content).hexdigest())
    Path("client.yaml").write_text(text, encoding="utf-8")
    return data


def _duties(story: Story, client: Client, by: str) -> None:
    """Everything that runs is sent the next day; everything else is decided with a reason."""
    state = json.loads(
        story.call("incident", "show", ID, "--json", "--now", f"{client.day}T09:00", quiet=True)
    )
    for entry in state["duties"]:
        if entry["standing"] in ("running", "no_number"):
            story.call("incident", "sent", ID, entry["duty"], "--sent-at", f"{client.day}T10:00", "--reference",
                       "sent by e-mail with receipt", "--by", by, "--now", f"{client.day}T10:30")  # fmt: skip
    for _ in range(4):
        state = json.loads(
            story.call("incident", "show", ID, "--json", "--now", f"{client.day}T11:00", quiet=True)
        )
        left = [e["duty"] for e in state["duties"] if e["standing"] not in ("sent", "decided")]
        left += [e["duty"] for e in state["open"] if e["duty"] not in state.get("decided", ())]
        decided = set(
            re.findall(r"duty: \"?([A-Za-z0-9_-]+)", Path("incidents", ID, "record.yaml").read_text())
        )
        left = [duty for duty in dict.fromkeys(left) if duty not in decided]
        if not left:
            return
        for duty in left:
            story.call("incident", "decide", ID, duty, "--not-notified", "--because",
                       "its condition is not met: only a probe of our own or one chart was touched", "--by", by,
                       "--now", f"{client.day}T11:30")  # fmt: skip


def _review(story: Story, client: Client, commander: str) -> None:
    """The review form as YAML, and an action that is verified."""
    from generator.sources.documents import load_rca_form

    Path("rca.yaml").write_text(
        f'form_version: "{load_rca_form().version}"\nanswers:\n'
        '  rca__identity__severity_final: "SEV2"\n'
        f'  rca__identity__commander: "{commander}"\n'
        '  rca__dates__review_held: "2026-11-30"\n'
        f'  rca__what__summary: "{client.ground}. Stopped by the switch, seen in the log, nobody acted on it."\n'
        '  rca__whys__why1: "Two sessions shared a key for a moment"\n',
        encoding="utf-8",
    )
    story.call("incident", "rca", ID, "rca.yaml", "--by", commander, "--now", "2026-11-30T16:00")
    story.call("incident", "action", ID, "--what", "Key of the session carries tenant and chart", "--owner",
               "incident_commander", "--due", "2026-12-01", "--by", commander, "--now", "2026-11-30T16:10")  # fmt: skip
    story.call("incident", "action", ID, "--number", "1", "--state", "verified", "--verification",
               "10,000 mixed requests, no canary of another tenant", "--by", commander,
               "--now", "2026-12-01T15:00")  # fmt: skip
    story.call("incident", "at", ID, "recovered=2026-12-01T16:00", "--by", commander, "--ground", "gate passed",
               "--now", "2026-12-01T16:10")  # fmt: skip


def _population(client: Client) -> None:
    Path("population.yaml").write_text(
        f"""schema: 1
plan: {client.plan}
from: 2026-01-01
to: 2026-12-31
incidents:
  system: Ticket desk
  query: type = incident and label = ai and created >= 2026-01-01
  extracted_by: Compliance analyst
  extracted_at: 2027-01-08T09:00:00+00:00
  attested_by: Head of security
  attested_on: 2027-01-08
  rows:
    - {{id: AI-104, opened: {client.aware[:10]}, record: {ID}}}
    - {{id: AI-97, opened: 2026-09-30, because: A customer's own typing error, by: Head of security}}
alerts:
  system: Pager
  query: service = ai and urgency = high
  extracted_by: Compliance analyst
  extracted_at: 2027-01-08T09:00:00+00:00
  count: 2
  became_incidents: 1
  dismissed:
    - {{id: P-2231, at: 2026-10-08T02:40:00+00:00, signal: canary, because: The drill of that night, by: On call}}
""",
        encoding="utf-8",
    )


def _certificates() -> None:
    """An authority and two signers that stand in for real ones."""
    Path("word.txt").write_text(PASSPHRASE + "\n")
    Path("ext").write_text("keyUsage=critical,digitalSignature,nonRepudiation\n")
    _openssl("req -x509 -newkey rsa:3072 -nodes -keyout ca.key -out ca.pem -days 3650 -subj /CN=Stand-in-authority "
             "-addext keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    for role in ("owner", "approver"):
        _openssl(f"req -newkey rsa:3072 -nodes -keyout {role}.key -out {role}.csr -subj /CN=The-{role}")
        _openssl(f"x509 -req -in {role}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 800 -out {role}.pem "
                 "-extfile ext")  # fmt: skip
        _openssl(f"pkcs12 -export -inkey {role}.key -in {role}.pem -out {role}.p12 -passout file:word.txt")


def _openssl(words: str) -> None:
    subprocess.run(["openssl", *words.split()], check=True, capture_output=True)


def masked(text: str) -> str:
    """A transcript without hashes and sizes, which change with every field that a plan gains."""
    text = re.sub(r"\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,64}\b", "............", text)
    return re.sub(r"\d+\.\d MB", ".. MB", text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--keep"]:
        with tempfile.TemporaryDirectory() as temporary:
            made = run(Path(temporary, "out"))
            (HERE / "transcript.md").write_text(masked(made.read_text(encoding="utf-8")), encoding="utf-8")
            sys.stdout.write(f"{HERE / 'transcript.md'}\n")
    elif len(sys.argv) == 2:
        sys.stdout.write(f"{run(Path(sys.argv[1]))}\n")
    else:
        raise SystemExit("name a folder, or --keep")
