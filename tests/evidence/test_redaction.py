"""`airplan evidence --redact auditor`: no sensitive value is left in any file, stream, attachment or name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from generator.batch.evidence import make_evidence
from generator.evidence.redaction import REDACTED
from generator.model.profile import Profile
from generator.model.sensitive import Public, Sensitive, marked
from generator.sources.documents import load_documents
from generator.workflows import evidence_redaction, texts
from generator.workflows.evidence import versions_in_force
from generator.workflows.evidence_redaction import Redacting, prepare_redaction
from generator.workflows.evidence_request import Request, period
from tests.cli.run import ROOT, airplan
from tests.evidence.leaks import leaks, searched, unzipped

pytestmark = [pytest.mark.pdf, pytest.mark.slow]

DOCUMENTS = ("runbook", "quick-card", "rca-form", "notices")
DRILL = b"stop drill: Ana reached on 303 555 0142\n"
NOTE = (
    "\nNight note: ring Ana on (303) 555-0142 or at ana.alvarez@minimal.example; the envelope 3 in the red safe has the "
    "key. Ask Zed, zed@else.example or +1 512 555 0188. Customers write to questions@minimal.example.\n"
)
MEETING = (". Everybody else: [who decides]", ". Everybody else, at once: [who decides]")
"""An edit in a line that holds contacts, so that it clashes with the redacted line."""
UNDECLARED = {"undeclared e-mail": "zed@else.example", "undeclared phone": "+1 512 555 0188"}
APPROVER = "Ben Brandt"
PUBLIC_TOO = "questions@minimal.example"
"""A person's address that letters print for everybody."""


@dataclass(frozen=True)
class Packs:
    plain: dict[str, bytes]
    redacted: dict[str, bytes]
    archive: bytes
    again: tuple[Redacting, Redacting]
    """Two runs, before rendering."""
    secrets: dict[str, str]
    public: dict[str, str]
    folder: Path


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Packs:
    """A plain and a redacted pack of one release, with an edit by hand, an approval, an incident and a drill."""
    folder = tmp_path_factory.mktemp("redaction")
    text = (ROOT / "tests/data/sensitive.yaml").read_text(encoding="utf-8")
    profile = folder / "sensitive.yaml"
    profile.write_text(text.replace("DRILL_SHA256", hashlib.sha256(DRILL).hexdigest()), encoding="utf-8")
    (folder / "stop.txt").write_bytes(DRILL)
    few = tuple(one for one in load_documents() if one.id in DOCUMENTS)
    assert len(few) == len(DOCUMENTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for module in (texts, evidence_redaction):
            patch.setattr(module, "load_documents", lambda: few)
        for words in (
            ("build", profile, "--format", "md"),
            (),
            ("release", profile, "--now", "2026-02-01T10:00"),
            ("approve", "releases/sensitive/1.0", "--by", APPROVER, "--role", "approver", "--now", "2026-02-02T09:00"),
            ("incident", "open", profile, "--class", "cross-session-context-leak", "--aware-at", "2026-03-01T02:13",
             "--trigger", "personal_data_breach", "--by", "Ana Alvarez", "--now", "2026-03-01T03:00",
             "--ground", "called from 303-555-0142", "--title", "Wrong data, told by phone 303.555.0161"),
        ):  # fmt: skip
            if words:
                result = airplan(*words)
                assert result.exit_code == 0, result.stderr
            else:
                runbook = Path("output/sensitive/runbook.md")
                made_text = runbook.read_text(encoding="utf-8")
                assert made_text.count(MEETING[0]) == 1
                runbook.write_text(made_text.replace(*MEETING) + NOTE, encoding="utf-8")
        record = folder / "incidents/INC-2026-001"
        (record / "screen.png").write_bytes(b"\x89PNG\r\n\xff\xfe ana.alvarez@minimal.example")
        (record / "call-3035550142.txt").write_text(
            "Caller 001 303 555 0142, then Ana%2Ealvarez%40minimal.example\n"
        )
        made = {}
        for name, reader in (("plain", None), ("redacted", "auditor")):
            request = Request(
                profile, *period("2026-01-01..2026-12-31"), folder / "releases", folder / "incidents",
                as_of="2026-06-01T00:00", redact=reader,
            )  # fmt: skip
            made[name] = make_evidence(request, jobs=2).archive()
        versions = versions_in_force(request)
        again = prepare_redaction(request, versions), prepare_redaction(request, versions)
    values = list(marked(Profile, yaml.safe_load(profile.read_text(encoding="utf-8"))))
    return Packs(
        plain=unzipped(made["plain"]),
        redacted=unzipped(made["redacted"]),
        archive=made["redacted"],
        again=again,
        secrets={
            "/".join(map(str, one.path)): one.value.rstrip(".")
            for one in values
            if isinstance(one.mark, Sensitive) and one.value != PUBLIC_TOO
        },
        public={"/".join(map(str, one.path)): one.value for one in values if isinstance(one.mark, Public)},
        folder=folder,
    )


def test_no_secret_is_left_anywhere(packs: Packs) -> None:
    assert leaks(packs.redacted, {**packs.secrets, **UNDECLARED}) == []


def test_the_same_search_finds_every_secret_in_the_plain_pack(packs: Packs) -> None:
    found = leaks(packs.plain, {**packs.secrets, **UNDECLARED})
    assert {name for _, name in found} == {*packs.secrets, *UNDECLARED}
    places = {place for place, _ in found}
    for part in ("runbook.pdf: text", "runbook.pdf: attachment plan.json", "00-cover.pdf: attachment profile.yaml",
                 "runbook.md.patch", "pipeline.svg", "record.yaml", "bound/profile.yaml", "evidence.json",
                 "names of files", "rca-form", "source/profile.yaml"):  # fmt: skip
        assert any(part in place for place in places), part


def test_every_kind_of_sensitive_field_has_a_planted_value(packs: Packs) -> None:
    values = yaml.safe_load((packs.folder / "sensitive.yaml").read_text(encoding="utf-8"))
    planted = {one.mark.what for one in marked(Profile, values) if isinstance(one.mark, Sensitive)}
    assert planted == {
        "access path", "address or key of an alert route", "e-mail address", "incident bridge", "note about a person",
        "number of an insurance policy", "phone number", "place of a credential",
    }  # fmt: skip


def test_the_pack_says_that_it_is_redacted_and_how(packs: Packs) -> None:
    files = packs.redacted
    assert json.loads(files["manifest.json"])["predicate"]["redacted"] == "auditor"
    evidence = json.loads(files["evidence.json"])
    assert evidence["redacted"] == evidence["redaction"]["reader"] == "auditor"
    cover = files["00-cover.md"].decode()
    assert "## What was taken out" in cover
    assert "| place of a credential | 2 |" in cover
    exhibits = [
        name for name in files if name.endswith(".md") and ("/" not in name or name.endswith("summary.md"))
    ]
    assert len(exhibits) == 9
    for name in exhibits:
        assert "**REDACTED** for the auditor" in files[name].decode(), name
    shown = searched(files)
    for name in files:
        if name.endswith(".pdf"):
            assert "REDACTED" in shown[f"{name}: text"], name


def test_names_public_contacts_and_other_words_stay(packs: Packs) -> None:
    files = packs.redacted
    for name in (
        "10-plan-in-force.md",
        "redacted/plans/1.0/runbook.md",
        "redacted/plans/1.0/original-approvals.yaml",
    ):
        assert APPROVER in files[name].decode(), name
    profile = files["redacted/plans/1.0/source/profile.yaml"].decode()
    assert {value for value in packs.public.values() if value not in profile} == set()
    runbook = files["redacted/plans/1.0/runbook.md"].decode()
    assert (
        f"Night note: ring Ana on {REDACTED} or at {REDACTED}; the {REDACTED} has the key. "
        f"Ask Zed, {REDACTED} or {REDACTED}. Customers write to {PUBLIC_TOO}.\n"
    ) in runbook
    assert f"Meet: {REDACTED}, {REDACTED}{MEETING[1]}" in runbook
    assert f"{packs.public['providers/0/phone']}; {packs.public['providers/0/email']}" in runbook
    before = packs.plain["plans/1.0/runbook.md"].decode()
    assert runbook.count("GAP") == before.count("GAP"), "what was taken out is no gap of the plan"
    assert yaml.safe_load(profile)["people"]["ben"] == {
        "name": APPROVER,
        "phone": REDACTED,
        "email": REDACTED,
    }
    assert 'seat: {place: US-CO, address: "1 Public Street, Denver"}' in profile


def test_data_can_still_be_read(packs: Packs) -> None:
    for name, data in packs.redacted.items():
        if name.endswith(".json"):
            json.loads(data)
        elif name.endswith(".yaml"):
            yaml.safe_load(data)
    profile = yaml.safe_load(packs.redacted["redacted/plans/1.0/source/profile.yaml"])
    assert profile["people"]["ana"] == {
        "name": "Ana Alvarez",
        "phone": REDACTED,
        "email": REDACTED,
        "note": REDACTED,
    }


def test_what_cannot_be_redacted_is_left_out_and_listed_with_its_hash(packs: Packs) -> None:
    left = {
        line["name"]: line for line in json.loads(packs.redacted["evidence.json"])["redaction"]["left_out"]
    }
    assert set(left) == {"drills/stop.txt", "incidents/INC-2026-001/screen.png"}
    assert left["drills/stop.txt"]["sha256"] == hashlib.sha256(DRILL).hexdigest()
    assert not left.keys() & packs.redacted.keys()
    assert left.keys() <= packs.plain.keys()
    cover = packs.redacted["00-cover.md"].decode()
    assert all(f"`{name}`" in cover for name in left)
    assert "Evidenced when this pack was made" in packs.redacted["30-drills.md"].decode()
    assert packs.redacted["incidents/INC-2026-001/call-redacted.txt"].decode().count(REDACTED) == 2


def test_no_hash_of_a_single_document_as_released_is_given(packs: Packs) -> None:
    plain = packs.plain
    for text in (data.decode("utf-8", "replace") for data in packs.redacted.values()):
        for name, data in plain.items():
            if name.startswith("plans/1.0/") and name.endswith((".md", ".pdf")):
                changed = packs.redacted.get(f"redacted/{name}") != data
                assert not (changed and hashlib.sha256(data).hexdigest() in text), name


def test_the_same_bytes_again(packs: Packs) -> None:
    first, second = packs.again
    assert [one.files for one in first.versions] == [one.files for one in second.versions]
    assert [job.key("") for job in first.jobs] == [job.key("") for job in second.jobs]


def test_verify_accepts_it_and_says_what_it_does_not_prove(packs: Packs) -> None:
    pack = packs.folder / "redacted.zip"
    pack.write_bytes(packs.archive)
    result = airplan("verify", pack)
    assert result.exit_code == 0, result.stdout
    assert "the record of Ben Brandt (approver)" in result.stdout
    assert "those released and approved, but for what was taken out" in result.stdout


def test_verify_finds_an_approval_of_another_release(packs: Packs) -> None:
    from generator.evidence.manifest import read_statement, sha256
    from generator.evidence.verify_redacted import APPROVALS, PLANS, RELEASE, redacted_findings
    from generator.evidence.verify_releases import RecordReaders
    from generator.model.release import Approvals, Release
    from generator.workflows.verification import _record

    readers = RecordReaders(_record(Release), _record(Approvals))
    where = f"{PLANS}1.0/"

    def wrong(files: dict[str, bytes]) -> list[str]:
        hashes = {name: sha256(data) for name, data in files.items()}
        found = redacted_findings(read_statement(files["manifest.json"]), files, hashes, readers)
        return [f"{one.file} {one.what}" for one in found if one.level == "fail"]

    assert wrong(packs.redacted) == []
    mark = yaml.safe_load(packs.redacted[where + RELEASE])["plan_sha256"]
    other = packs.redacted[where + RELEASE].replace(mark.encode(), b"0" * 64)
    assert any("is of another release" in line for line in wrong({**packs.redacted, where + RELEASE: other}))
    changed = {**packs.redacted, f"{where}runbook.md": b"other\n"}
    assert any("runbook.md was changed" in line for line in wrong(changed))
    assert any("not of the version" in line for line in wrong({**packs.redacted, f"{where}more.md": b""}))
    assert any(
        RELEASE in line for line in wrong({k: v for k, v in packs.redacted.items() if k != where + RELEASE})
    )
    gone = {k: v for k, v in packs.redacted.items() if k != where + APPROVALS}
    assert any("original-approvals.yaml is missing" in line for line in wrong(gone))
