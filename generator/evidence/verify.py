"""The judgement on a pack: is every file the one that was built, and what does that prove? Pure.

Works on the files as a mapping of names to bytes and on readers that it is given, so it opens nothing itself. It says
what is wrong, what is proven and what is not; all three are needed to rely on a pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.evidence.archive import shown
from generator.evidence.manifest import (
    MANIFEST,
    SUMS,
    BadManifest,
    Statement,
    read_statement,
    read_sums,
    sha256,
    signature_number,
)
from generator.evidence.report import (
    Expectations,
    Finding,
    Identity,
    Kind,
    Report,
    Signed,
    counted,
    fail,
    proven,
    some,
    unproven,
    warning,
)
from generator.evidence.verify_releases import APPROVALS, RELEASE, RecordReaders, release_findings
from generator.evidence.verify_signatures import Checkers, signature_findings

Files = Mapping[str, bytes]

PageCount = Callable[[bytes], int]
"""How many pages a PDF has. Raises ValueError with words for what is no PDF."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What reads the formats that this module does not know."""

    pages: PageCount
    records: RecordReaders
    signatures: Callable[[], Checkers | None]
    """The checks of signatures; None where the signing library is not installed."""


def judge(files: Files, tools: Tools, expected: Expectations) -> Report:
    """Everything that can be said about a pack."""
    if MANIFEST not in files:
        return Report(None, (_no_manifest(files),), (), expected)
    hashes: dict[str, str] = {}
    archives = []
    for name in files:  # unpacks each file: once for all that needs its bytes alone
        data = files[name]
        hashes[name] = sha256(data)
        if _unknown_archive(name, data):
            archives.append(name)
    try:
        statement = read_statement(files[MANIFEST])
    except BadManifest as error:
        findings = [fail(MANIFEST, one) for one in error.faults]
        return Report(None, (*findings, *_sums_alone(files, hashes)), (), expected)
    kind = _kind(statement, files)
    findings = list(_content_findings(statement, files, hashes, kind))
    signatures: tuple[Signed, ...] = ()
    if kind == "evidence pack":
        findings += _sums_findings(statement, files, hashes)
    sound = {name for name, mark in statement.told.items() if hashes.get(name) == mark}
    findings += _page_findings(statement, files, sound, tools.pages)
    found, signatures = signature_findings(statement, files, tools.signatures, expected)
    findings += found
    findings += release_findings(statement, files, hashes, tools.records, frozen=kind == "release")
    identity = Identity(
        kind, statement.plan_id, statement.versions, statement.client, statement.period, statement.redacted,
        len(files), hashes[MANIFEST],
    )  # fmt: skip
    findings += _expectation_findings(identity, expected)
    findings += _other_gaps(statement, archives)
    return Report(identity, tuple(findings), signatures, expected)


def _kind(statement: Statement, files: Files) -> Kind:
    if statement.kind == "evidence":
        return "evidence pack"
    return "release" if RELEASE in files else "pack"


def _no_manifest(files: Files) -> Finding:
    inside = sorted({name.partition("/")[0] for name in files})
    if len(inside) == 1 and f"{inside[0]}/{MANIFEST}" in files:
        mend = f"give the folder {shown(inside[0])} alone, or the archive as it was sent"
        return fail(MANIFEST, "is missing: the pack lies one folder deeper", mend)
    return fail(MANIFEST, "is missing: nothing says what belongs to the pack")


# --- files and hashes -----------------------------------------------------------------------


def compare(told: Mapping[str, str], there: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(file, what is wrong) for each file that is not as told: changed, swapped, missing, renamed, too many."""
    wrong = {name for name in told if name in there and told[name] != there[name]}
    missing = sorted(told.keys() - there)
    extra = sorted(there.keys() - told)
    owner: dict[str, str] = {}
    for name in sorted(told):
        owner.setdefault(told[name], name)
    moved: dict[str, str] = {}
    for name in extra:
        origin = owner.get(there[name])
        if origin is None:
            yield name, "is not of the pack: the manifest does not name it"
        elif origin in there:
            yield name, f"is not of the pack: a copy of {shown(origin)}"
        else:
            moved[origin] = name
            yield name, f"is not of the pack under this name: it is {shown(origin)}, renamed"
    for name in missing:
        yield name, f"is missing{f': it is there as {shown(moved[name])}' if name in moved else ''}"
    for name in sorted(wrong):
        other = next((one for one in sorted(wrong) if told[one] == there[name]), owner.get(there[name]))
        if other in wrong and there[other] == told[name]:
            yield name, f"was swapped with {shown(other)}: each holds the content of the other"
        elif other is not None:
            yield name, f"holds the content of {shown(other)}"
        else:
            yield name, "was changed: its SHA-256 is not the one in the manifest"


def _content_findings(
    statement: Statement, files: Files, hashes: Mapping[str, str], kind: Kind
) -> Iterator[Finding]:
    aside = {MANIFEST}
    if kind == "pack":
        aside |= {name for name in files if name.startswith(".airplan/")}
    elif kind == "evidence pack":
        aside |= {SUMS, *(name for name in files if signature_number(name))}
    elif kind == "release":
        aside |= {RELEASE, APPROVALS}
    there = {name: mark for name, mark in hashes.items() if name not in aside}
    told = statement.told
    clean = True
    for name, what in compare(told, there):
        if kind == "pack" and name not in told:
            yield warning(name, "is not of the pack: the manifest does not name it")
            continue
        clean = False
        yield fail(name, what)
    for subject in statement.subjects:
        if subject.edited:
            yield warning(subject.name, "holds edits by hand, as the manifest says")
    if clean and told:
        rest = "" if kind == "pack" else ", and there are no others"
        yield proven(
            "", f"all of the {len(told)} files that {MANIFEST} names are there, each with its SHA-256{rest}"
        )
    elif not told:
        yield fail(MANIFEST, "names no file at all")


def _sums_findings(statement: Statement, files: Files, hashes: Mapping[str, str]) -> Iterator[Finding]:
    """SHA256SUMS says the same as the manifest, and names the manifest itself."""
    if SUMS not in files:
        yield fail(SUMS, "is missing")
        return
    try:
        sums = read_sums(files[SUMS])
    except BadManifest as error:
        yield from (fail(SUMS, one) for one in error.faults)
        return
    clean = True
    told = {**statement.told, MANIFEST: hashes[MANIFEST]}
    for name in sorted(told.keys() | sums):
        if sums.get(name) == told.get(name):
            continue
        clean = False
        if name not in sums:
            yield fail(SUMS, f"does not name {shown(name)}")
        elif name not in told:
            yield fail(SUMS, f"names {shown(name)}, which {MANIFEST} does not name")
        elif name == MANIFEST:
            yield fail(MANIFEST, f"was changed: its SHA-256 is not the one in {SUMS}")
        else:
            yield fail(SUMS, f"names another SHA-256 for {shown(name)} than {MANIFEST}")
    if clean:
        yield proven("", f"{SUMS} names the same files with the same hashes, and {MANIFEST}")


def _sums_alone(files: Files, hashes: Mapping[str, str]) -> Iterator[Finding]:
    """What SHA256SUMS still tells where the manifest cannot be used."""
    try:
        sums = read_sums(files[SUMS]) if SUMS in files else {}
    except BadManifest as error:
        yield from (fail(SUMS, one) for one in error.faults)
        return
    for name, mark in sorted(sums.items()):
        if name not in hashes:
            yield fail(name, f"is missing: {SUMS} names it")
        elif hashes[name] != mark:
            yield fail(name, f"was changed: its SHA-256 is not the one in {SUMS}")


def _page_findings(
    statement: Statement, files: Files, sound: set[str], pages: PageCount
) -> Iterator[Finding]:
    right = 0
    for subject in statement.subjects:
        if subject.pages is None or subject.name not in sound:
            continue
        try:
            count = pages(files[subject.name])
        except ValueError as error:
            yield fail(
                subject.name, f"has {counted(subject.pages, 'page', 'pages')} by the manifest, but it {error}"
            )
            continue
        if count != subject.pages:
            yield fail(
                subject.name,
                f"has {counted(count, 'page', 'pages')}, not {subject.pages} as the manifest says",
            )
        right += count == subject.pages
    if right:
        yield proven(
            "", counted(right, "PDF has as many pages as stated", "PDFs have as many pages as stated")
        )


# --- the reader's own questions -------------------------------------------------------------


def _expectation_findings(identity: Identity, expected: Expectations) -> Iterator[Finding]:
    if expected.plan and expected.plan != identity.plan:
        yield fail(
            MANIFEST, f"is of the plan {shown(identity.plan)}, not of {shown(expected.plan)} as expected"
        )
    if expected.period:
        wanted = tuple(day.isoformat() for day in expected.period)
        if identity.period != wanted:
            there = (
                f"covers {' to '.join(map(shown, identity.period))}"
                if identity.period
                else "covers no period"
            )
            yield fail(MANIFEST, f"{there}, not {' to '.join(wanted)} as expected")
    for version in expected.versions:
        if version not in identity.versions:
            there = some(identity.versions) or "none"
            yield fail(MANIFEST, f"holds no version {shown(version)} as expected; it holds {there}")
    if expected.manifest and expected.manifest != identity.manifest_sha256:
        yield fail(MANIFEST, "is another than expected: its SHA-256 is not the one that you gave")
    if not expected.of_content:
        yield unproven(
            "",
            "that this is the pack that you asked for: a whole older pack is just as sound in itself",
            "say what you expect, with --expect-period, --expect-version, --signed-after or --expect-manifest",
        )


def _other_gaps(statement: Statement, archives: list[str]) -> Iterator[Finding]:
    if statement.redacted:
        yield unproven(
            "",
            f"what was taken out: the pack is redacted ({shown(statement.redacted)}), and the cover says how",
        )
    for gap in statement.gaps:
        yield unproven("", f"as the pack itself says: {shown(gap)}")
    if archives:
        yield unproven("", f"what is inside of archives in the pack, which are not opened: {some(archives)}")


def _unknown_archive(name: str, data: bytes) -> bool:
    """An archive inside the pack that is no office document."""
    office = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
    marks = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!")
    return data.startswith(marks) and not name.lower().endswith(office)
