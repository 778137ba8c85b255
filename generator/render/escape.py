"""Markdown escaping: a value from a profile prints as that text, whatever it holds.

Only what CommonMark would read as markup is escaped, so that the Markdown stays readable raw. Two private
characters carry what only the finished line can tell; `settle` resolves them:
`LINE_START` before a character that means something at the start of a line only, `CODE_PIPE` for a `|` inside
inline code (a table splits there even inside backticks).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from html.entities import html5

LINE_START = "\ue001"
CODE_PIPE = "\ue002"

COMMAND_WIDTH = 96
"""Characters of a command line in a document before it is broken at an argument."""

LONGEST_WORD = 150
"""Characters of one argument that a page can show on one line; longer ones are written in joined quotes."""

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ue000-\uf8ff\ud800-\udfff]"
)
_SPACE = re.compile(r"[^\S\xa0]+")
_SPECIAL = re.compile(r"[\\`\[\]|*_<~!{&]")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*)(;|$)")
_CLOSES_HEADING = re.compile(r"(?:^| )#+$")
_NUMBERED = re.compile(r"[0-9]{1,9}(?=[.)])")
_BEFORE_TEXT = re.compile(r"(?:[ \t]*(?:[-*+>]|[0-9]{1,9}[.)])(?=[ \t]))*[ \t]*(?:[0-9]{1,9})?")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def one_line(text: str) -> str:
    """`text` on one line: white space becomes one space (no-break spaces stay), what cannot be seen goes."""
    return _SPACE.sub(" ", _UNPRINTABLE.sub(" ", text)).strip()


def plain(text: str) -> str:
    """`text` as Markdown that reads as exactly that text, on one line. Needs `settle` afterwards."""
    line = one_line(text)
    escaped = _SPECIAL.sub(_escaped, line)
    if _CLOSES_HEADING.search(line):
        escaped = escaped[:-1] + "\\#"
    if line and line[0] in "#-+=>~:" and escaped[0] != "\\":
        return LINE_START + escaped
    if numbered := _NUMBERED.match(line):
        return escaped[: numbered.end()] + LINE_START + escaped[numbered.end() :]
    return escaped


def _escaped(found: re.Match[str]) -> str:
    """The character, with a backslash where CommonMark needs one."""
    line, index = found.string, found.start()
    before = line[index - 1] if index else ""
    after = line[index + 1] if index + 1 < len(line) else ""
    return f"\\{found[0]}" if _is_markup(line, index, before, found[0], after) else found[0]


def _is_markup(line: str, index: int, before: str, char: str, after: str) -> bool:
    match char:
        case "\\":
            return not after or after in _PUNCTUATION
        case "`" | "[" | "]" | "|":
            return True
        case "*":
            return not (before == " " and after == " ")
        case "_":
            return not (before.isalnum() and after.isalnum())
        case "<":
            return not after or after.isalpha() or after in "/!?"
        case "~":
            return "~" in (before, after)
        case "!":
            return not after
        case "{":
            return after != "" and after in "#@"
        case "&":
            entity = _ENTITY.match(line, index)
            return entity is not None and (entity[1][0] == "#" or f"{entity[1]};" in html5)
    return False


def inline_code(text: str) -> str:
    """`text` as inline code, safe for any content, backticks too. Needs `settle` afterwards."""
    line = one_line(text)
    if not line:
        return ""
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{padding}{line.replace('|', CODE_PIPE)}{padding}{fence}"


def fenced(text: str, language: str = "") -> str:
    """`text` as a fenced code block, its lines unchanged."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def command_lines(arguments: Sequence[str]) -> list[str]:
    """The lines of a shell command that runs `arguments`: pasted into a shell they are the same command.

    Over 96 characters the command is broken between arguments with ` \\` and two spaces on the next line. One
    argument stays whole up to 150 characters; a longer one is written as quoted pieces that the shell joins.
    """
    words = [shlex.quote(argument) for argument in arguments]
    lines: list[str] = []
    current = ""
    for word, argument in zip(words, arguments, strict=True):
        if current and len(current) + 1 + len(word) > COMMAND_WIDTH - 2:
            lines.append(current + " \\")
            current = "  "
        elif current:
            current += " "
        if len(word) <= LONGEST_WORD:
            current += word
            continue
        pieces = [shlex.quote(argument[at : at + 88]) for at in range(0, len(argument), 88)]
        lines += [(current if at == 0 else "") + piece + "\\" for at, piece in enumerate(pieces[:-1])]
        current = pieces[-1]
    return [*lines, current]


def settle(markdown: str) -> str:
    """Resolve the private characters, line by line, and tidy white space.

    At most one blank line in a row, no space at line ends, one newline at the end. Fenced blocks keep
    their lines.
    """
    result: list[str] = []
    fence = ""
    for raw in markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = _settle_line(raw).rstrip()
        inside, fence = fence, _fence_after(line, fence)
        if not (inside or fence or line) and (not result or not result[-1]):
            continue
        result.append(line)
    return "\n".join(result).strip("\n") + "\n"


def _settle_line(line: str) -> str:
    if CODE_PIPE in line:
        line = line.replace(CODE_PIPE, r"\|" if line.lstrip(" >").startswith("|") else "|")
    if LINE_START in line:
        start = _BEFORE_TEXT.match(line)
        at = start.end() if start else 0
        if line.startswith(LINE_START, at):
            line = line[:at] + "\\" + line[at + 1 :]
        line = line.replace(LINE_START, "")
    return line


def outside_fences(markdown: str) -> Iterator[tuple[int, str]]:
    """(line number from 0, line) of every line that is not in a fenced code block."""
    fence = ""
    for number, line in enumerate(markdown.split("\n")):
        inside, fence = fence, _fence_after(line, fence)
        if not (inside or fence):
            yield number, line


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after `line`, when `fence` is open before it; empty outside of code."""
    mark = _FENCE.match(line)
    if not mark:
        return fence
    if not fence:
        return mark[1]
    return "" if mark[1].startswith(fence) and not line[mark.end() :].strip("`~ ") else fence
