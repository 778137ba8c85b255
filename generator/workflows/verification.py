"""`airplan verify`: read a pack, hand it to the judgement with the readers that this needs."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import ParamSpec, TypeVar

from pydantic import BaseModel

from generator.errors import InvalidInput, Problem, SourceRef, UsageProblem
from generator.evidence.archive import MIB, BadArchive, NoArchive, read_archive
from generator.evidence.folder import read_folder
from generator.evidence.report import Expectations, Report, fail
from generator.evidence.verify import Tools, judge
from generator.evidence.verify_releases import RecordReaders
from generator.evidence.verify_signatures import Checkers
from generator.model.release import Approvals, Release
from generator.model.signature import SignatureReport
from generator.sources.validation import validate
from generator.sources.yaml_source import MAX_BYTES, read_yaml

M = TypeVar("M", bound=BaseModel)

PARSER_MEMORY = 160 * MIB
"""What the parsers of PDFs and signatures may take on top of what is in use."""
FILE_SECONDS = 20.0
"""What they may take for one file."""
PARSER_SECONDS = 600.0
"""What they may take for all."""
MAX_CERTIFICATES = MIB


def verify_pack(where: Path, trust: Iterable[Path], at: datetime | None, expected: Expectations) -> Report:
    """The whole answer about a ZIP or a folder. Raises UsageProblem for what is neither, or for a wrong call."""
    trusted = tuple(map(_certificates, trust))
    parsers = _Parsers()

    @cache
    def library() -> Checkers | None:
        return _checkers(parsers, trusted, at)

    if trusted:
        library()  # a file that holds no certificate is the reader's mistake, whatever the pack is like
    try:
        files = open_pack(where)
    except BadArchive as error:
        name = where.name or str(where)
        return Report(None, tuple(fail(one.name or name, one.what) for one in error.problems), (), expected)
    tools = Tools(
        pages=parsers.bounded(_pages),
        records=RecordReaders(release=_record(Release), approvals=_record(Approvals)),
        signatures=library,
    )
    return judge(files, tools, expected)


def open_pack(where: Path) -> Mapping[str, bytes]:
    """The files of a ZIP or of a folder. Raises BadArchive for a harmful one, UsageProblem for what is neither."""
    if where.is_dir():
        return read_folder(where)
    try:
        return read_archive(where)
    except NoArchive as error:
        words = str(error)
        raise UsageProblem(words if words.startswith(str(where)) else f"{where}: {words}") from None


# --- readers ----------------------------------------------------------------------------------


def _pages(pdf: bytes) -> int:
    from generator.render.pdf_pages import page_count

    return page_count(pdf)


def _record(model: type[M]) -> Callable[[bytes, str], M]:
    """Reads a YAML record out of a pack."""

    def read(data: bytes, name: str) -> M:
        path = PurePosixPath(name)
        if len(data) > MAX_BYTES:
            raise InvalidInput([Problem(SourceRef(path), "", f"larger than {MAX_BYTES} bytes")])
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InvalidInput([Problem(SourceRef(path), "", "not UTF-8 text")]) from None
        return validate(model, *read_yaml(text, path))

    return read


def _certificates(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CERTIFICATES + 1)
    except OSError as error:
        raise UsageProblem(f"--trust {path}: cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_CERTIFICATES:
        raise UsageProblem(
            f"--trust {path}: is larger than {MAX_CERTIFICATES} bytes, no file of certificates"
        )
    return data


def _checkers(parsers: _Parsers, trusted: tuple[bytes, ...], at: datetime | None) -> Checkers | None:
    """The checks of signatures, or None where their library is not installed."""
    try:
        from generator.evidence.signature_check import check_detached, check_pdf_signatures
        from generator.evidence.signers import read_certificates
    except (UsageProblem, ModuleNotFoundError):
        return None
    for data in trusted:
        read_certificates(data, "--trust")
    return Checkers(
        pdf=parsers.reporting(partial(check_pdf_signatures, trust=trusted, at=at), lambda one: (one,)),
        detached=parsers.reporting(partial(check_detached, trust=trusted, at=at), lambda one: one),
    )


# --- memory and time --------------------------------------------------------------------------

P = ParamSpec("P")
R = TypeVar("R")


class TooMuch(ValueError):
    """A file asks its parser for more memory or time than is allowed."""


class _TimeIsUp(BaseException):
    """No Exception, so that no library takes it for a fault of the file and goes on."""


class _Parsers:
    """Calls parsers of PDFs and signatures within limits: a small file can ask for gigabytes and for hours."""

    def __init__(self) -> None:
        self._seconds = PARSER_SECONDS

    def bounded(self, function: Callable[P, R]) -> Callable[P, R]:
        """`function`, raising TooMuch where it would need more than is allowed."""

        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            if self._seconds <= 0:
                raise TooMuch("there was no time left for it: the files before it took too long to read")
            started = time.perf_counter()
            try:
                with _time_limit(min(self._seconds, FILE_SECONDS)), _memory_limit(PARSER_MEMORY):
                    return function(*args, **kwargs)
            except MemoryError:
                fault = "needs more memory to be read than is allowed"
            except _TimeIsUp:
                fault = "takes longer to be read than is allowed"
            finally:
                self._seconds -= time.perf_counter() - started
            raise TooMuch(fault)  # out here, where nothing holds on to the memory any more

        return limited

    def reporting(self, function: Callable[P, R], refused: Callable[[SignatureReport], R]) -> Callable[P, R]:
        """The same for a check of signatures, which answers with a report in any case."""
        bounded = self.bounded(function)

        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return bounded(*args, **kwargs)
            except TooMuch as error:
                return refused(SignatureReport(field="", fault=str(error)))

        return limited


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise _TimeIsUp in this thread after `seconds`; where a system or thread has no such alarm, nothing."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory_limit(more: int) -> Iterator[None]:
    """Let this process take `more` bytes of memory at most; where a system knows no such limit, nothing.

    Python and the PDF library then raise MemoryError or an error of their own, which is said as a finding.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    in_use = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [one for one in (soft, hard) if one != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([in_use + more, *limits]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
