"""Filters for template authors: dates, durations, gaps, blanks, code. Plain data in, Markdown out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from generator.errors import RenderError
from generator.model.base import UNIT_WORDS
from generator.render.escape import command_lines, fenced, inline_code, one_line, plain
from generator.render.templating import RawMarkdown

_BASIS = {
    "law": "(law)",
    "contract": "(contract)",
    "internal": "(internal)",
    "cited": "(cited)",
    "judgement": "(judgement)",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]+")


def code(value: object) -> RawMarkdown:
    """Inline code, safe for any content. A list is a command on one line."""
    if isinstance(value, list | tuple):
        return RawMarkdown(inline_code(" ".join(line.strip(" \\") for line in command_lines(value))))
    return RawMarkdown(inline_code(str(value)))


def command(arguments: Sequence[str]) -> RawMarkdown:
    """A fenced block with the shell command that runs `arguments`."""
    return RawMarkdown(fenced("\n".join(command_lines(arguments)), "sh"))


def block(text: str) -> RawMarkdown:
    """A fenced block with text that is kept as it is (a query, a log line)."""
    return RawMarkdown(fenced("\n".join(one_line_kept(line) for line in text.splitlines())))


def one_line_kept(line: str) -> str:
    """A line for a code block: inner spaces stay, control characters go."""
    return "".join(char if char.isprintable() else " " for char in line).rstrip()


def cell(value: object) -> RawMarkdown:
    """A value for a table cell; an en dash where there is nothing."""
    if value is None or value == "" or value == [] or value == ():
        return RawMarkdown("–")
    if isinstance(value, list | tuple):
        return RawMarkdown("; ").join(RawMarkdown.escape(item) for item in value)
    return RawMarkdown(" ".join(RawMarkdown.escape(value).split()))


def paragraphs(text: str) -> RawMarkdown:
    """Text of several paragraphs: a blank line parts them, a single line break is a space."""
    parts = [plain(part) for part in re.split(r"\n\s*\n", text) if one_line(part)]
    return RawMarkdown("\n\n".join(parts))


def date_words(value: str | None, *, american: bool) -> RawMarkdown | str:
    """`2026-11-24` as "24 November 2026", or "November 24, 2026" in an American document."""
    if value is None:
        return gap("date")
    day = date.fromisoformat(value[:10])
    month = _MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if american else f"{day.day} {month} {day.year}"


def moment_words(value: str, *, american: bool) -> str:
    """An ISO instant as "Sunday 29 November 2026, 02:13 (UTC-06:00)"."""
    moment = datetime.fromisoformat(value)
    offset = moment.strftime("%z")
    zone = f" (UTC{offset[:3]}:{offset[3:5]})" if offset else ""
    day = date_words(value, american=american)
    comma = "," if american else ""
    return f"{_DAYS[moment.weekday()]}{comma} {day}, {moment:%H:%M}{zone}"


def number_words(value: float) -> str:
    """A number with thousands apart and no needless decimals: 1200 -> "1,200", 2.50 -> "2.5"."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,}"


def duration(value: Mapping[str, Any] | None) -> RawMarkdown | str:
    """A duration with its unit in words: "15 minutes"."""
    if value is None:
        return gap("time")
    amount = value["value"]
    word = UNIT_WORDS.get(value["unit"], value["unit"])
    return f"{number_words(amount)} {plural(amount, word) if value['unit'] in UNIT_WORDS else word}"


def minutes(value: float | None) -> RawMarkdown | str:
    """A number of minutes in the largest whole unit: 90 -> "90 minutes", 120 -> "2 hours"."""
    if value is None:
        return gap("time")
    unit, size = ("calendar_days", 1440) if value % 1440 == 0 and value else ("minutes", 1)
    if size == 1 and value % 60 == 0 and value:
        unit, size = "hours", 60
    return duration({"value": value / size, "unit": unit})


def elapsed(value: int) -> RawMarkdown | str:
    """A number of minutes that no calendar counts: 60 -> "60 minutes", 1440 -> "24 hours"."""
    hours = value >= 120 and value % 60 == 0
    return duration({"value": value // 60 if hours else value, "unit": "hours" if hours else "minutes"})


def plural(count: float, one: str, many: str = "") -> str:
    """`one` or its plural, without the number."""
    if count == 1:
        return one
    if many:
        return many
    if one.endswith("y") and one[-2:-1] not in "aeiou":
        return one[:-1] + "ies"
    return one + ("es" if one.endswith(("s", "x", "ch", "sh")) else "s")


def counted(count: float, one: str, many: str = "") -> str:
    """The number with its word: "3 duties"."""
    return f"{number_words(count)} {plural(count, one, many)}"


def basis(value: str | Mapping[str, Any]) -> str:
    """Where a number comes from: "(law)", "(contract)", "(judgement)" ..."""
    name = value if isinstance(value, str) else str(value["basis"])
    return _BASIS.get(name, f"({name})")


def phone(value: str | None) -> RawMarkdown | str:
    """A phone number, or the visible gap."""
    return value or gap("phone")


def gap(what: str = "missing in the profile") -> RawMarkdown:
    """The visible marker of something that the profile does not say."""
    return RawMarkdown(f"**[GAP: {plain(what)}]**")


def blank(what: str = "") -> RawMarkdown:
    """The visible write-in blank; it looks the same in every document.

    The inner spaces keep the underscores from being read as emphasis.
    """
    return RawMarkdown(f"[ ____ {plain(what)} ____ ]") if what else RawMarkdown("[ ________ ]")


def link(url: str | None, text: str | None = None) -> RawMarkdown:
    """A link to a web, e-mail or phone address; any other address prints as text."""
    if not url:
        return RawMarkdown(plain(text)) if text else gap("address")
    if not _SAFE_LINK.fullmatch(url):
        return RawMarkdown(plain(f"{text} ({url})" if text else url))
    safe = url.replace("|", "%7C").replace("`", "%60").replace("\\", "%5C")
    if not text:
        return RawMarkdown(f"<{safe}>")
    return RawMarkdown(
        f"[{plain(text)}](<{safe}>)" if "(" in safe or ")" in safe else f"[{plain(text)}]({safe})"
    )


def filters(*, american: bool) -> dict[str, Callable[..., Any]]:
    """Every filter by the name that templates use."""

    def short(value: str | None) -> RawMarkdown | str:
        return date_words(value, american=american)

    def moment(value: str) -> str:
        return moment_words(value, american=american)

    return {
        "code": code,
        "command": command,
        "block": block,
        "cell": cell,
        "paragraphs": paragraphs,
        "date": short,
        "moment": moment,
        "number": number_words,
        "duration": duration,
        "minutes": minutes,
        "elapsed": elapsed,
        "basis": basis,
        "phone": phone,
        "link": link,
    }


def functions() -> dict[str, Callable[..., Any]]:
    """Every function by the name that templates use."""
    return {
        "plural": plural,
        "counted": counted,
        "gap": gap,
        "blank": blank,
        "link": link,
        "fail": fail,
    }


def fail(message: str) -> str:
    """Stop the render: the template cannot say what it must."""
    raise RenderError(message)
