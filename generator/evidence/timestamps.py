"""Asks an RFC 3161 server for a timestamp over HTTP."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from generator.errors import PlanError, UsageProblem

SECONDS = 20.0
MAX_ANSWER = 1_000_000
"""Bytes. An answer with its certificates has a few thousand."""


class TimestampFailed(PlanError):
    """The timestamp server did not give what was asked for."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The address that the user gave is the one that is asked."""

    def redirect_request(self, *_: object) -> None:
        return None


def check_timestamp_address(address: str) -> None:
    """Raise UsageProblem unless `address` is an http or https address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageProblem("timestamp server: give an address that begins with http:// or https://")
    if parts.username or parts.password:
        raise UsageProblem("timestamp server: the address may hold no user name or password")


def ask_for_timestamp(address: str, query: bytes, seconds: float = SECONDS) -> bytes:
    """The server's answer to a timestamp query (DER both). Raises TimestampFailed with what went wrong."""
    check_timestamp_address(address)
    request = urllib.request.Request(
        address,
        data=query,
        headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=seconds) as response:
            kind = response.headers.get_content_type()
            answer: bytes = response.read(MAX_ANSWER + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise TimestampFailed(f"timestamp server {address}: answered with HTTP status {error.code}") from None
    except TimeoutError:
        raise TimestampFailed(f"timestamp server {address}: no answer within {seconds:g} seconds") from None
    except urllib.error.URLError as error:
        late = isinstance(error.reason, TimeoutError)
        why = f"no answer within {seconds:g} seconds" if late else f"cannot be reached ({error.reason})"
        raise TimestampFailed(f"timestamp server {address}: {why}") from None
    except (OSError, http.client.HTTPException) as error:
        raise TimestampFailed(f"timestamp server {address}: broke off ({type(error).__name__})") from None
    if kind != "application/timestamp-reply":
        raise TimestampFailed(f"timestamp server {address}: answered with {kind}, not with a timestamp")
    if len(answer) > MAX_ANSWER:
        raise TimestampFailed(f"timestamp server {address}: the answer is too long for a timestamp")
    return answer
