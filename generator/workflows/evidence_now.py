"""The profile's plan as it is now, for an evidence pack of a period in which no release was in force."""

from __future__ import annotations

import json
from collections.abc import Mapping

from generator.render.manifest import NAME, entry_of, manifest_bytes
from generator.workflows.evidence_plan import NOT_RELEASED, Version
from generator.workflows.evidence_request import Request
from generator.workflows.packs import Pack, pack_files, pack_meta, prepare_pack


def prepare_version(request: Request) -> Pack:
    """The profile's pack, with its sources. Renders nothing, writes nothing."""
    return prepare_pack(request.profile, request.built, sources_inside=True)


def finish_version(pack: Pack, rendered: Mapping[str, bytes]) -> Version:
    """The pack as a version that is no release."""
    files = {file.name: file for file in pack_files(pack, rendered)}
    data = {name: file.data for name, file in files.items()}
    data[NAME] = manifest_bytes([entry_of(file) for file in files.values()], pack_meta(pack))
    identity = pack.planned.plan.identity
    return Version(f"{NOT_RELEASED}/{identity.version}", json.loads(data["plan.json"]), None, (), data)
