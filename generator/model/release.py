"""A release, an immutable numbered pack, and the records of who approved it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from generator.model.base import Frozen, Identifier, Line

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A hash in hexadecimal."""

Moment = AwareDatetime
"""A point in time with its offset from UTC."""


class Release(Frozen):
    """release.yaml: which plan was frozen when, and the hashes that everything else hangs on."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    plan: Identifier
    version: Line
    """`plan.version` of the profile: the number of the release."""
    effective: date
    law_as_of: date
    released_at: Moment
    zone: Line
    """IANA zone in which `released_at` is written: the client's."""
    plan_sha256: Sha256
    """Of plan.json, byte for byte: what an approval approves."""
    manifest_sha256: Sha256
    """Of manifest.json, which holds the hash of every document."""
    edited: tuple[Line, ...] = ()
    """Texts that hold edits by hand."""


class Approval(Frozen):
    """One person's approval of one release."""

    by: Line
    role: Line
    """In which role, in words or as a role id of the plan."""
    at: Moment
    zone: Line
    version: Line
    plan_sha256: Sha256
    manifest_sha256: Sha256
    outside: bool = False
    """The plan names nobody of this name; `--outside` was given."""


class Approvals(Frozen):
    """approvals.yaml of a release. Entries are appended, never changed."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    plan: Identifier
    version: Line
    approvals: tuple[Approval, ...] = ()


class ApprovalStamp(Frozen):
    """An approval as documents print it."""

    by: str
    role: str
    on: date
    """The day in the client's zone."""
    sha256: str
    """Of plan.json."""
