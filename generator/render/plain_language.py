"""How easy a letter is to read: its school grade. The only module that imports readability.

Counted is what the reader gets: instructions, headings, addresses, tables and items of a list that are no sentence
are taken out first, a fill-in counts as one short word, and of a choice the longest option stays. The grade is
Flesch-Kincaid's; the library counts syllables by rule, about 1 percent too few against the CMU dictionary on our
letters, which makes a grade about 0.2 too low.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from readability import getmeasures

from generator.render.escape import outside_fences

LIMIT = 8.0
"""Letters to people and to the public are written for this grade."""
FEWEST_WORDS = 40
"""A grade of less text says nothing."""
READERS = ("people", "public")

_BLANK = re.compile(r"\[ ____ [^\[\]]* ____ \]|\[ _{8} \]")
_NOTE = re.compile(r"(?<!\*)\*\[[^\]]*\]\*")
_CHOICE = re.compile(r"\[choose: ([^\[\]]*)\]")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|<(?:https?:|mailto:|tel:)[^>]*>|\bwww\.\S+|https?://\S+")
_MARKS = re.compile(r"[*_`☐☒]|\\(?=[^\w\s])|\\$")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")
_SKIPPED = re.compile(r"^(?:#|\||\*Template[.,]|---|>?\s*$)|^- \*\*(?:Phone|E-mail|Post|Hours):")
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(A-Z0-9])")
_TOKEN = re.compile(r"[A-Za-zÀ-ž]+(?:['’-][A-Za-zÀ-ž]+)*|\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Grade:
    """The school grade of one letter, and on how much text it rests."""

    name: str
    grade: float
    words: int
    sentences: int

    @property
    def too_hard(self) -> bool:
        """Above the grade that letters to people are written for."""
        return self.grade > LIMIT


def grade(name: str, markdown: str) -> Grade | None:
    """The grade of a letter; None where too little text is left to say."""
    sentences = [" ".join(tokens) for text in reading_text(markdown) if (tokens := _TOKEN.findall(text))]
    words = sum(len(sentence.split()) for sentence in sentences)
    if words < FEWEST_WORDS:
        return None
    measured = getmeasures(sentences, lang="en")["readability grades"]["Kincaid"]
    return Grade(name, round(float(measured), 1), words, len(sentences))


def reading_text(markdown: str) -> list[str]:
    """The sentences that a reader gets, without what the writer fills in or deletes."""
    found: list[str] = []
    for paragraph in _paragraphs(line for _, line in outside_fences(markdown)):
        text = _NOTE.sub(" ", _BLANK.sub("it", paragraph))
        while (chosen := _CHOICE.sub(_longest_option, text)) != text:
            text = chosen
        text = _MARKS.sub("", _LINK.sub(r"\1", text))
        found += [sentence.strip() for sentence in _SENTENCE.split(" ".join(text.split()))]
    return [sentence for sentence in found if len(_TOKEN.findall(sentence)) > 1]


def _longest_option(match: re.Match[str]) -> str:
    return max(match[1].split(" / "), key=len)


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """Text that belongs together on one line; each item of a list is one of its own, if it is a sentence."""
    parts: list[list[str]] = [[]]
    for line in lines:
        text = line.removeprefix("> ")
        if _SKIPPED.search(text):
            parts.append([])
        elif _ITEM.match(text):
            parts.append([_ITEM.sub("", text)] if text.rstrip(' *"').endswith((".", "!", "?", ":")) else [])
        elif text.endswith("\\"):
            parts.append([])  # lines of an address
        else:
            parts[-1].append(text)
    return [" ".join(part) for part in parts if part]
