"""Taking values out of texts: in every way in which they may be written, and nothing else. Pure.

A value is replaced by `[redacted]` wherever it stands, also with the escapes of Markdown, XML, JSON, a shell or a web
address, and whatever the case of its letters. A phone number is known by its digits, with the country code or without.
A value of one or two plain words (`Pager`) names no secret by itself: it goes where its field is printed, and stays in
other sentences, unless a text is to be read thoroughly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.entities import codepoint2name
from typing import Any
from urllib.parse import quote

REDACTED = "[redacted]"
PHONE = "phone number"
EMAIL = "e-mail address"
_SHORTEST_NUMBER = 7
"""Digits of a phone number without its country code; fewer are found with the country code only."""
_LONGEST_NUMBER = 17
_SHORTEST_ANYWHERE, _ENOUGH, _LONGEST_ANYWHERE = 8, 11, 15
"""Digits of a phone number that no field declares: at least, where the next group counts no more, at most."""

_GAP = "[ \\t\\n\\r\u00a0\u2009\u202f\u2010\u2011\u2013().\\-/\\\\]{0,5}"
_RUN = re.compile(rf"(?:(?<=%2[Bb])|(?<![0-9A-Za-z]))(?:\+ ?)?\(?[0-9](?:{_GAP}[0-9])+")
_EXTENSION = re.compile(r"(?: ?(?:x|ext\.?|extension) ?[0-9]{1,6})(?![0-9A-Za-z])", re.IGNORECASE)
_ANY_EMAIL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._+'\\-]*[A-Za-z0-9_+-])?\\?(?:@|%40|&\#64;)(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CODE = re.compile(r"[@/#>\\_]|[0-9]{4}|[A-Za-z]-?[0-9]|[0-9]-?[A-Za-z]")
_BLANK = "(?:[\\s\u00a0]|\\\\\n|&nbsp;|&#160;|%20)+"
_LOOSE = r"[\s\\'\"+]*"
_READS_AS_LINK = re.compile(r"\[redacted\](?=[(\[:])")


@dataclass(frozen=True, slots=True)
class Secret:
    """A value to take out, and what it is."""

    value: str
    what: str

    @property
    def is_contact(self) -> bool:
        """Whether it is a phone number or an e-mail address: a secret wherever it stands."""
        return self.what in (PHONE, EMAIL)

    @property
    def is_specific(self) -> bool:
        """Whether it is more than a word or two that say nothing by themselves."""
        return self.is_contact or self.is_code or len(self.value.split()) > 2

    @property
    def is_code(self) -> bool:
        """Whether a word of it is a code, an address or a path."""
        return any(_CODE.search(word) for word in self.value.split())


class Redactor:
    """Replaces `secrets`, and every other e-mail address and international phone number that is not `public`.

    A contact that is `published` stays in all texts. A value that is no contact, holds no code, and stands in one of
    the `common` texts (a limit of the law, the wording of a class) is left in sentences: `24 hours` may be what a
    supplier answers in, and is no secret in a deadline.
    """

    def __init__(
        self,
        secrets: Iterable[Secret],
        public: Iterable[str] = (),
        common: Iterable[str] = (),
        published: Iterable[str] = (),
    ) -> None:
        found = {(one.value.strip(), one.what): one for one in secrets if one.value.strip()}
        self.secrets = tuple(sorted(found.values(), key=lambda one: (-len(one.value), one.value, one.what)))
        shown = tuple(published)
        known = (*public, *shown)
        self._public = {text.strip().casefold() for text in known}
        self._public_numbers = {digits for text in known if (digits := _digits(text))}
        self._published = {text.strip().casefold() for text in shown} | set(map(_digits, shown)) - {""}
        usual = "\n".join(sorted(set(common))).casefold()
        self._words = [one for one in map(_Words, self.secrets) if not self._stays(one, usual)]
        self._whole = {one.secret.value.strip().casefold() for one in self._words}
        self._numbers = {
            form for one in self._words if one.secret.what == PHONE for form in _forms(one.secret.value)
        }

    def _stays(self, words: _Words, usual: str) -> bool:
        """Whether a value is left where it stands in other fields and in sentences."""
        secret = words.secret
        if secret.is_contact:
            return not self._published.isdisjoint((secret.value.strip().casefold(), _digits(secret.value)))
        return not secret.is_code and words.core in usual and bool(words.pattern.search(usual))

    def text(self, text: str, *, thorough: bool = False) -> str:
        """`text` without the secrets. `thorough` also replaces values of one or two plain words."""
        folded = text.casefold()
        for words in self._words:
            if words.core in folded and (thorough or words.specific):
                text = words.pattern.sub(REDACTED, text)
        text = _ANY_EMAIL.sub(self._address, text)
        return _numbers_replaced(text, self._numbers, self._public_numbers)

    def markdown(self, text: str, *, thorough: bool = False) -> str:
        """The same for Markdown, where `[redacted](` would begin a link."""
        done = self.text(text, thorough=thorough).replace(r"\[redacted\]", REDACTED)
        return _READS_AS_LINK.sub(r"\\[redacted\\]", done)

    def data(self, data: Any) -> Any:
        """Plain data with every text in it redacted, keys too. A text that is a secret as a whole goes whole."""
        if isinstance(data, str):
            return REDACTED if data.strip().casefold() in self._whole else self.text(data)
        if isinstance(data, Mapping):
            return {
                self.text(key) if isinstance(key, str) else key: self.data(one) for key, one in data.items()
            }
        return [self.data(one) for one in data] if isinstance(data, list | tuple) else data

    def name(self, name: str) -> str:
        """A file's name without the secrets, as a name that every system allows."""
        return self.text(name).replace(REDACTED, "redacted")

    def left_in(self, text: str) -> Iterator[str]:
        """What is still there where blanks, quotes and backslashes are passed over: kinds of value, in words."""
        squeezed = _squeezed(text)
        for words in self._words:
            if words.specific and words.squeezed in squeezed and words.loose.search(text):
                yield words.secret.what
        digits = _squeezed(text, "().-/\u00a0\u2011")
        for form in self._numbers:
            if len(form) > 9 and form in digits and re.search(rf"(?<![0-9a-z]){form}(?![0-9a-z])", digits):
                yield PHONE

    def _address(self, found: re.Match[str]) -> str:
        plain = found[0].replace("\\", "").replace("%40", "@").replace("&#64;", "@").casefold()
        return found[0] if plain in self._public else REDACTED


class _Words:
    """How a secret is found as it was typed."""

    def __init__(self, secret: Secret) -> None:
        text = " ".join(secret.value.split()).rstrip(".;,:") or secret.value.strip()
        self.secret = secret
        self.specific = secret.is_specific
        runs = re.findall(r"[A-Za-z0-9]+", text)
        self.core = max(runs, key=len, default="").casefold()
        self.pattern = _bordered(text, "".join(_BLANK if char == " " else _written(char) for char in text))
        self.squeezed = _squeezed(text)
        self.loose = _bordered(text, _LOOSE.join(_written(char) for char in text if not char.isspace()))


def _bordered(text: str, pattern: str) -> re.Pattern[str]:
    """A pattern that begins and ends where a word does."""
    before = r"(?<![^\W_])" if text[0].isalnum() else ""
    after = r"(?![^\W_])" if text[-1].isalnum() else ""
    return re.compile(before + pattern + after, re.IGNORECASE)


def _written(char: str) -> str:
    """A pattern for every way in which texts of a pack write one character."""
    if char.isascii() and char.isalnum():
        return char
    code = ord(char)
    ways = [rf"\\?{re.escape(char)}", rf"&\#0*{code};", rf"&\#x0*{code:x};", rf"\\u{code:04x}"]
    ways += [re.escape(quote(char, safe=""))] if quote(char, safe="") != char else [f"%{code:02x}"]
    if name := codepoint2name.get(code):
        ways.append(f"&{name};")
    if char == "'":
        ways.append("'\"'\"'")
    return f"(?:{'|'.join(ways)})"


def _squeezed(text: str, more: str = "") -> str:
    return text.casefold().translate(dict.fromkeys(map(ord, " \t\r\n\u00a0\\'\"+" + more)))


def _digits(text: str) -> str:
    """The digits of a phone number without its extension; empty for what is none."""
    main = re.split(r"[x#]|ext", text, maxsplit=1)[0]
    return re.sub(r"[^0-9]", "", main) if re.fullmatch(r"\+?[0-9 ().\-/]+", main.strip()) else ""


def _forms(number: str) -> Iterator[str]:
    """The digits with the country code, and without one of one, two or three digits."""
    digits = _digits(number)
    if digits:
        yield digits
    yield from (digits[at:] for at in (1, 2, 3) if len(digits) - at >= _SHORTEST_NUMBER)


def _numbers_replaced(text: str, secret: set[str], public: set[str]) -> str:
    """`text` without the numbers, however their digits are grouped; nor any other that begins with `+`."""
    parts: list[str] = []
    at = 0
    for run in _RUN.finditer(text):
        for start, end in _in_run(run, secret, public):
            if start < at:
                continue
            if "(" in text[start:end] and ")" not in text[start:end] and text[start] == "(":
                start += 1
            if more := _EXTENSION.match(text, end):
                end = more.end()
            parts += [text[at:start], REDACTED]
            at = end
    return "".join([*parts, text[at:]])


def _in_run(run: re.Match[str], secret: set[str], public: set[str]) -> Iterator[tuple[int, int]]:
    """(start, end) of each number in a run of digits and what may stand between them."""
    text = run.string
    groups = [(one.start() + run.start(), one.end() + run.start()) for one in re.finditer("[0-9]+", run[0])]
    at = 0
    while at < len(groups):
        start = run.start() if at == 0 else groups[at][0]
        end = _secret_end(text, groups[at:], secret)
        if end is None and at == 0 and _is_international(text, start):
            end = _any_end(text, groups, public)
        if end is None:
            at += 1
            continue
        yield start, end
        at = next((number for number, group in enumerate(groups) if group[0] >= end), len(groups))


def _secret_end(text: str, groups: Sequence[tuple[int, int]], secret: set[str]) -> int | None:
    """Where the longest secret number that begins with the first group ends."""
    digits, found = "", None
    for start, end in groups:
        digits += text[start:end]
        if len(digits) > _LONGEST_NUMBER:
            break
        if not secret.isdisjoint((digits, digits.removeprefix("0"), digits.removeprefix("00"))):
            found = end
    return found


def _is_international(text: str, start: int) -> bool:
    return text[start] == "+" or text[max(0, start - 3) : start].lower() == "%2b"


def _any_end(text: str, groups: Sequence[tuple[int, int]], public: set[str]) -> int | None:
    """Where a number of any country ends, on one line; None for a public one and for what is no phone number."""
    digits, found = "", None
    for number, (start, end) in enumerate(groups):
        if number and "\n" in text[groups[number - 1][1] : start]:
            break
        digits += text[start:end]
        if digits in public or len(digits) > _LONGEST_ANYWHERE:
            return None
        if len(digits) >= _SHORTEST_ANYWHERE:
            found = end
        if len(digits) >= _ENOUGH:
            break
    return None if found is None or _DAY.search(text[groups[0][0] : found]) else found
