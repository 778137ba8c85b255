"""An evidence pack by the command line: what it holds, what it says is missing, same bytes, rebuilt, signed."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from tests.cli.run import MINIMAL, airplan
from tests.evidence import authority

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

PERIOD = "2026-01-01..2026-12-31"
DRILL = b"stop drill: key pulled at 14:03, effect seen at 14:05\n"
POPULATION = """\
schema: 1
plan: minimal
from: 2026-01-01
to: 2026-12-31
incidents:
  system: Ticket desk
  query: label = ai and created >= 2026-01-01
  extracted_by: Dana Reyes
  extracted_at: 2026-12-20T09:00:00-07:00
  attested_by: Ana Alvarez
  attested_on: 2026-12-21
  rows:
    - {id: T-9, opened: 2026-11-25, record: INC-2026-001}
    - {id: T-11, opened: 2026-12-01, because: A test message of our own, by: Ben Brandt}
alerts:
  system: Pager
  query: service = helper
  extracted_by: Dana Reyes
  extracted_at: 2026-12-20T09:00:00-07:00
  count: 2
  became_incidents: 1
  dismissed:
    - {id: A-2, at: 2026-12-02T03:00:00-07:00, signal: refusals, because: Planned load test, by: Ben Brandt}
"""


def profile_text() -> str:
    mark = hashlib.sha256(DRILL).hexdigest()
    return (
        MINIMAL.read_text(encoding="utf-8")
        + f"""\
contracts:
  - id: cyber
    kind: insurance
    counterparty: Example Mutual
    counterparty_role: insurer
    signed: 2026-01-15
    clauses:
      - {{id: notice, triggers: [security_incident], starts: aware, starts_words: knowing of it, window: {{value: 24, unit: hours}}, clause: "7"}}
drills:
  log:
    - date: 2026-11-03
      kind: stop
      scenario: Helper off at noon
      result: passed_with_findings
      participants: [Ana Alvarez, Ben Brandt]
      measured:
        - {{what: Page to effect, value: 18, unit: minutes, target: 15}}
      evidence: {{file: logs/stop.txt, sha256: {mark}}}
    - date: 2026-11-04
      kind: tabletop
      scenario: Two answers of one customer mixed up
      result: passed
      participants: [Ana Alvarez]
    - date: 2025-06-01
      kind: stop
      scenario: Before the period
      result: passed
"""
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A client's folder: profile, release with approval and a hand edit, two records, drill file, population."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "own.yaml").write_text(profile_text(), encoding="utf-8")
    (folder / "logs").mkdir()
    (folder / "logs/stop.txt").write_bytes(DRILL)
    (folder / "population.yaml").write_text(POPULATION, encoding="utf-8")
    run(folder, "build", folder / "own.yaml", "-o", folder / "output", "--format", "md")
    runbook = folder / "output/minimal/runbook.md"
    runbook.write_bytes(runbook.read_bytes().replace(b"# AI incident", b"# Our AI incident", 1))
    run(folder, "release", folder / "own.yaml", "-o", folder / "releases", "--built", folder / "output",
        "--now", "2026-11-24T10:00")  # fmt: skip
    run(folder, "approve", folder / "releases/minimal/1.0", "--by", "Ana Alvarez", "--role", "owner",
        "--now", "2026-11-24T12:00")  # fmt: skip
    for number in (1, 2):
        run(folder, "incident", "open", folder / "own.yaml", "--class", "cross-session-context-leak",
            "--trigger", "personal_data_breach", "--aware-at", f"2026-11-2{4 + number}T08:00", "--by", "Ana Alvarez",
            "--ground", "Customer sent a picture", "--incidents", folder / "incidents",
            "--releases", folder / "releases", "--now", f"2026-11-2{4 + number}T09:00")  # fmt: skip
    shutil.rmtree(folder / "incidents/INC-2026-002")
    run(folder, "incident", "open", folder / "own.yaml", "--class", "provider-outage",
        "--trigger", "security_incident", "--aware-at", "2026-11-28T08:00", "--by", "Ben Brandt",
        "--ground", "Status page", "--incidents", folder / "incidents", "--releases", folder / "releases",
        "--now", "2026-11-28T09:00")  # fmt: skip
    (folder / "incidents/INC-2026-002").rename(folder / "incidents/INC-2026-003")
    record = folder / "incidents/INC-2026-003/record.yaml"
    record.write_text(record.read_text().replace("INC-2026-002", "INC-2026-003"))
    run(folder, "incident", "sent", "INC-2026-001", "contract-cyber-notice", "--sent-at",
        "2026-11-30T10:00", "--reference", "Portal 4711", "--by", "Ana Alvarez",
        "--incidents", folder / "incidents", "--now", "2026-11-30T11:00")  # fmt: skip
    return folder


def run(folder: Path, *words: object) -> str:
    result = airplan(*words)
    assert result.exit_code == 0, (words, result.stderr)
    return result.stdout


def evidence(folder: Path, output: Path, *more: object):
    return airplan("evidence", folder / "own.yaml", "--period", PERIOD, "-o", output, "--releases",
                   folder / "releases", "--incidents", folder / "incidents", "--jobs", 2, *more)  # fmt: skip


@pytest.fixture(scope="module")
def made(place, tmp_path_factory):
    target = tmp_path_factory.mktemp("made") / "evidence.zip"
    result = evidence(place, target, "--population", place / "population.yaml")
    assert result.exit_code == 0, result.stderr
    return target, result


@pytest.fixture(scope="module")
def files(made) -> dict[str, bytes]:
    with zipfile.ZipFile(made[0]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def exhibit(files, name: str) -> str:
    return files[f"{name}.md"].decode()


def test_plain_tools_find_every_file_as_listed(made, tmp_path):
    with zipfile.ZipFile(made[0]) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_plan_in_force_on_each_day_and_its_approval(files):
    data = json.loads(files["evidence.json"])
    spans = [(s["from"], s["to"], s["days"], s["version"]) for s in data["spans"]]
    assert spans == [
        ("2026-01-01T00:00:00-07:00", "2026-11-24T09:59:59-07:00", 327, None),
        ("2026-11-24T10:00:00-07:00", "2026-12-31T23:59:59-07:00", 38, "1.0"),
    ]
    text = exhibit(files, "10-plan-in-force")
    assert "GAP: no release in force" in text
    assert "approved from 2026-11-24 12:00" in text
    assert "plans/1.0/runbook.md" in text
    released = {name.removeprefix("plans/1.0/") for name in files if name.startswith("plans/1.0/")}
    assert {"release.yaml", "approvals.yaml", "manifest.json", "source/profile.yaml"} <= released


def test_every_incident_of_the_period_and_where_the_list_comes_from(files):
    text = exhibit(files, "20-incidents")
    assert "**INC-2026-001**" in text
    assert "**INC-2026-003**" in text
    assert "INC-2026-002: no record of this number was supplied" in text
    assert "INC-2026-003: a record of the period that the client's list does not name" in text
    assert "A test message of our own" in text
    assert "Planned load test" in text
    assert "Ana Alvarez, December 21, 2026" in text
    assert files["incidents/population.yaml"].decode() == POPULATION
    assert "INC-2026-001/bound/plan.json" not in "".join(files)  # the same bytes as in plans/1.0


def test_a_late_notice_says_by_how_much(files):
    text = exhibit(files, "incidents/INC-2026-001/summary")
    assert "late by" in text
    assert "Portal 4711" in text
    assert any("late by" in line for line in json.loads(files["evidence.json"])["gaps"])


def test_drills_with_file_count_and_those_without_do_not(files):
    drills = json.loads(files["evidence.json"])["drills"]
    assert [(d["date"], d["supplied"]) for d in drills] == [
        ("2026-11-03", "matches"),
        ("2026-11-04", "none named"),
    ]
    assert files["drills/logs/stop.txt"] == DRILL
    text = exhibit(files, "30-drills")
    assert "Page to effect: 18 minutes, target 15 MISSED" in text
    assert "Before the period" not in text


def test_the_index_and_the_manifest_count_pages(files):
    manifest = json.loads(files["manifest.json"])
    for subject in manifest["subject"]:
        if subject["annotations"]["pages"] is not None:
            with pikepdf.open(io.BytesIO(files[subject["name"]])) as pdf:
                assert len(pdf.pages) == subject["annotations"]["pages"], subject["name"]
    with pikepdf.open(io.BytesIO(files["20-incidents.pdf"])) as pdf:
        pages = len(pdf.pages)
    assert f"`20-incidents.pdf` | {pages} |" in exhibit(files, "00-cover")
    assert len(files) == len(manifest["subject"]) + 2


def test_cover_and_runbook_hold_their_sources_and_nothing_else_does(files):
    for name, data in files.items():
        if not name.endswith(".pdf"):
            continue
        with pikepdf.open(io.BytesIO(data)) as pdf:
            inside = {str(file.UF): file.EF.F.read_bytes() for file in pdf.Root.get("/AF", [])}
        if name in ("00-cover.pdf", "plans/1.0/runbook.pdf"):
            assert inside["plan.json"] == files["plans/1.0/plan.json"]
            assert inside["profile.yaml"] == files["plans/1.0/source/profile.yaml"]
        else:
            assert not inside, name


def test_pdfs_pass_the_validators_that_can_be_had(files, tmp_path):
    """qpdf's syntax check on all, a subset of PDF/UA-1 on two. veraPDF is not among what the set-up can install."""
    for number, (name, data) in enumerate(sorted(files.items())):
        if not name.endswith(".pdf"):
            continue
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(data)
        done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (name, done.stdout, done.stderr)
        if name not in ("00-cover.pdf", "plans/1.0/runbook.pdf"):
            continue
        done = subprocess.run(
            [sys.executable, "-m", "pdfua", "check", path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (name, done.stdout)
        assert "errors=0" in done.stdout, (name, done.stdout)


def test_same_sources_same_bytes_in_another_place_and_zone(place, made, tmp_path, monkeypatch):
    other = tmp_path / "elsewhere"
    shutil.copytree(place, other)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "other-name.zip"
    result = evidence(other, target, "--population", other / "population.yaml")
    assert result.exit_code == 0, result.stderr
    assert target.read_bytes() == made[0].read_bytes()


def test_it_verifies_and_is_rebuilt_byte_for_byte(made):
    result = airplan("verify", made[0], "--rebuild", "--jobs", 2, "--expect-plan", "minimal")
    assert result.exit_code == 0, result.stdout
    assert "plans/1.0/: rebuilt from the sources in the pack, byte for byte" in result.stdout
    assert "rebuilt, with exactly the edits by hand that the pack lists: runbook.md" in result.stdout
    assert "the exhibits: rebuilt from the sources in the pack, byte for byte" in result.stdout


def test_a_changed_text_that_every_hash_agrees_with_is_found_by_the_rebuild(files, tmp_path):
    from generator.batch.rebuild import _exhibits
    from generator.evidence.archive import write_archive
    from generator.evidence.manifest import read_statement, sums_bytes

    name = "20-incidents.md"
    forged = dict(files)
    forged[name] = files[name].replace(b"**INC-2026-003**", b"**INC-2026-00X**")
    old, new = (hashlib.sha256(data).hexdigest() for data in (files[name], forged[name]))
    forged["manifest.json"] = files["manifest.json"].replace(old.encode(), new.encode())
    del forged["SHA256SUMS"]
    forged["SHA256SUMS"] = sums_bytes(forged)
    path = tmp_path / "forged.zip"
    path.write_bytes(write_archive(forged))
    assert airplan("verify", path).exit_code == 0
    found = list(
        _exhibits(forged, read_statement(forged["manifest.json"]), 2, None)
    )  # the versions take a minute
    assert [one.file for one in found if one.level == "fail"] == ["20-incidents.md"]


def test_a_hostile_profile_or_record_is_not_followed(files, tmp_path):
    from generator.evidence.manifest import read_statement
    from generator.workflows.rebuild import CannotRebuild, Rebuildable, lay_out, prepare_rebuild

    inner = {n.removeprefix("plans/1.0/"): d for n, d in files.items() if n.startswith("plans/1.0/")}
    inner["source/profile.yaml"] += b"extends: /etc/passwd\n"
    version = Rebuildable("plans/1.0/", inner, read_statement(inner["manifest.json"]))
    with pytest.raises(CannotRebuild, match="extends another file"):
        prepare_rebuild(version, tmp_path / "one")
    record = files["incidents/INC-2026-001/record.yaml"].decode()
    line = next(line for line in record.splitlines() if line.strip().startswith("profile:"))
    hostile = dict(files)
    hostile["incidents/INC-2026-001/record.yaml"] = record.replace(
        line, line.partition(":")[0] + ": " + "../" * 30 + "etc/passwd"
    ).encode()
    with pytest.raises(CannotRebuild, match="outside the pack"):
        lay_out(hostile, tmp_path / "two")


def test_a_file_that_is_there_is_kept(place, made, tmp_path):
    target = tmp_path / "kept.zip"
    target.write_bytes(b"mine")
    result = evidence(place, target)
    assert (result.exit_code, target.read_bytes()) == (1, b"mine")
    assert "is there with other content" in result.stderr
    assert list(tmp_path.iterdir()) == [target]


def test_signed_by_two_with_passphrases_that_appear_nowhere(place, made, tmp_path):
    secret = "correct horse battery"
    for role, identity in (("owner", authority.owner()), ("approver", authority.approver())):
        (tmp_path / f"{role}.p12").write_bytes(identity.p12(secret))
    (tmp_path / "word.txt").write_text(secret + "\n")
    (tmp_path / "ca.pem").write_bytes(authority.root().pem)
    target = tmp_path / "signed.zip"
    stamped = datetime(2026, 12, 22, 16, 0, 5, tzinfo=UTC)
    with authority.timestamp_server(lambda query: authority.honest_answer(query, stamped)) as address:
        result = evidence(
            place, target, "--population", place / "population.yaml", "--sign", f"owner={tmp_path / 'owner.p12'}",
            "--sign", f"approver={tmp_path / 'approver.p12'}", "--passphrase-file", f"owner={tmp_path / 'word.txt'}",
            "--passphrase-file", f"approver={tmp_path / 'word.txt'}", "--now", "2026-12-22T09:00",
            "--timestamp", address,
        )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert secret not in result.output
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        assert secret.encode() not in b"".join(map(archive.read, names))
    assert {"manifest.json.p7s", "manifest-2.json.p7s", "05-runbook-1.0-signed.pdf"} <= set(names)
    checked = airplan("verify", target, "--trust", tmp_path / "ca.pem")
    assert checked.exit_code == 0, checked.stdout
    assert "Ada Owner signed manifest.json, and through it every file" in checked.stdout
    assert "timestamp 2026-12-22 16:00+00:00" in checked.stdout


def test_a_passphrase_is_never_an_argument(place, tmp_path):
    result = evidence(place, tmp_path / "no.zip", "--env-passphrase", "word")
    assert result.exit_code == 2
    assert "never an argument" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--period", "2026"), "write the first and the last day"),
        (("--period", "2026-12-31..2026-01-01"), "the last day is before the first"),
        (("--timestamp", "http://127.0.0.1:9"), "belong to --sign"),
        (("--sign", "owner"), "write ROLE=FILE"),
    ],
)
def test_a_wrong_call_is_one_line(place, tmp_path, words, said):
    result = evidence(place, tmp_path / "no.zip", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "no.zip").exists()


def test_an_evidence_file_that_no_pack_can_hold_is_named(place, tmp_path):
    shutil.copytree(place / "logs", tmp_path / "logs")
    with (tmp_path / "logs/stop.txt").open("r+b") as file:
        file.truncate(65 * 1024 * 1024)
    result = evidence(place, tmp_path / "no.zip", "--files", tmp_path)
    assert result.exit_code == 2
    assert "logs/stop.txt: larger than 64 MiB" in result.stderr


def test_a_changed_release_is_named(place, tmp_path):
    shutil.copytree(place / "releases", tmp_path / "releases")
    with (tmp_path / "releases/minimal/1.0/quick-card.md").open("a") as file:
        file.write("x")
    result = airplan("evidence", place / "own.yaml", "--period", PERIOD, "-o", tmp_path / "no.zip", "--releases",
                     tmp_path / "releases", "--incidents", place / "incidents")  # fmt: skip
    assert result.exit_code == 1
    assert "quick-card.md: changed since the release" in result.stderr


def test_a_population_of_another_period_is_refused_with_its_place(place, tmp_path):
    path = tmp_path / "population.yaml"
    path.write_text(POPULATION.replace("from: 2026-01-01", "from: 2026-06-01"))
    result = evidence(place, tmp_path / "no.zip", "--population", path)
    assert result.exit_code == 2
    assert f"{path}" in result.stderr
    assert "run the query for the whole period" in result.stderr


def test_no_release_and_no_incident_are_said(tmp_path):
    (tmp_path / "own.yaml").write_text(MINIMAL.read_text(encoding="utf-8"))
    target = tmp_path / "bare.zip"
    result = evidence(tmp_path, target, "--strict")
    assert result.exit_code == 1, result.stderr
    assert "no release of the plan was in force from 2026-01-01 to 2026-12-31" in result.stderr
    with zipfile.ZipFile(target) as archive:
        assert "**None.** No record of this plan was open" in archive.read("20-incidents.md").decode()
        assert "unreleased/1.0/plan.json" in archive.namelist()
    assert airplan("verify", target, "--rebuild", "--jobs", 2).exit_code == 0
