"""The pipeline of a plan as a drawing: agents, hand-offs, human gates, breakers, kill points; and the same in words.

Pure: the plan decides every byte. Black on white; shapes, not colours, tell things apart. Agents stand below each
other in the order of the plan. A hand-off to the next agent runs straight down, any other one in a lane on the left,
one that leaves the pipeline to the right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.render.pipeline import Data, alone, gate_title, handoffs, main_switch, pipeline_words
from generator.render.svg import arrow, box, drawing, fit, measure, octagon, person, text

NAME = "pipeline.svg"
"""The file in the pack."""
WIDTH = 480.0
_EDGE = 4.0
_PAD = 8.0
_LEADING = 9.8
_LANE_ROOM = 110.0
UNSAID = "?"
"""Stands for a switch or breaker that the profile does not name."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """The drawing and what it says, in words."""

    svg: bytes
    words: str


def pipeline(plan: Data) -> Diagram | None:
    """The pipeline of the plan (as plain data); None for fewer than two agents: there is nothing to hand over."""
    agents = plan["deployment"]["agents"]
    if len(agents) < 2:
        return None
    said = pipeline_words(plan, agents)
    return Diagram(_Drawing(plan, agents).svg(said).encode(), said)


def shown_in(markdown: str, audience: str, drawn: Diagram | None) -> tuple[tuple[str, bytes], ...]:
    """The drawing by its name, for a document of the house that shows it."""
    if drawn is None or audience != "internal" or f"]({NAME})" not in markdown:
        return ()
    return ((NAME, drawn.svg),)


@dataclass(slots=True)
class _Row:
    """An agent's place, and what leaves it to the right."""

    name: list[str]
    keeper: list[str] = field(default_factory=list)
    """Who stands at the human gate."""
    releases: list[str] = field(default_factory=list)
    outs: list[tuple[list[str], str | None]] = field(default_factory=list)
    """(words, breaker); breaker None: goods that come in."""
    ports: list[int] = field(default_factory=list)
    """Lanes that touch the left side, by the number of the edge; each twice for an agent that hands to itself."""
    top: float = 0.0
    height: float = 0.0

    def gate(self) -> float:
        """The height of the human gate."""
        return (len(self.keeper) + len(self.releases)) * _LEADING + 9 if self.keeper else 0.0

    def stack(self) -> float:
        """The height of the boxes on the right."""
        return sum(_out_height(lines) + 6 for lines, _ in self.outs) - 6 if self.outs else 0.0


def _out_height(lines: Sequence[str]) -> float:
    return max(20.0, len(lines) * _LEADING + 7)


class _Drawing:
    """Places everything, then draws it."""

    def __init__(self, plan: Data, agents: Sequence[Data]) -> None:
        self.plan, self.agents = plan, agents
        at = {agent["id"]: number for number, agent in enumerate(agents)}
        edges = handoffs(plan, at)
        ends = [(at[edge["from"]], at.get(edge["to"], -1), edge["breaker"] or UNSAID) for edge in edges]
        self.straight = [(a, code) for a, b, code in ends if b == a + 1]
        self.sideways = sorted(
            ((a, b, code) for a, b, code in ends if b >= 0 and b != a + 1), key=lambda e: abs(e[0] - e[1])
        )
        self.lanes = _lanes([(min(a, b), max(a, b)) for a, b, _ in self.sideways])
        count = max(self.lanes, default=-1) + 1
        widest = max((_code_width(code) for _, _, code in self.sideways), default=0)
        self.upright = count * (widest + 6) > _LANE_ROOM
        self.spacing = 18.0 if self.upright else widest + 6
        self.left = _EDGE + _PAD + (count * self.spacing + 8 if count else 0)
        self.width = 206.0 - 0.5 * max(0.0, self.left - 60)
        self.frame_right = self.left + self.width + _PAD
        gap = max([34.0, *(_code_width(code) + 28 for _, b, code in ends if b < 0)])
        self.outside = self.frame_right + gap
        self.rows = [self._row(agent, number) for number, agent in enumerate(agents)]
        for edge, (a, b, code) in zip(edges, ends, strict=True):
            if b < 0:
                self.rows[a].outs.append((self._outside_lines(edge["to_outside"]), code))
        for number, (a, b, _) in enumerate(self.sideways):
            self.rows[a].ports.append(number)
            self.rows[b].ports.append(number)
        self.bottom = self._place()

    def _row(self, agent: Data, number: int) -> _Row:
        room = self.width - 2 * _PAD
        gate = agent["gate"]
        row = _Row(fit(agent["name"], room, 9.5, 2))
        if gate:
            row.keeper = fit(f"Human gate: {gate_title(self.plan, gate)}", room - 13, 8, 2)
            row.releases = fit(f"releases: {gate['releases']}", room, 8, 3)
        if number == 0 and agent["inputs"]:
            row.outs.append((self._outside_lines("; ".join(agent["inputs"])), None))
        return row

    def _outside_lines(self, words: str) -> list[str]:
        return fit(words, WIDTH - _EDGE - self.outside - 12, 8, 3)

    def _place(self) -> float:
        """Set top and height of every row; the bottom of the frame."""
        y = _EDGE + (26 if main_switch(self.plan) else _PAD)
        for number, row in enumerate(self.rows):
            content = 28 + len(row.name) * 11.5 + row.gate()
            row.top, row.height = y, max(content, row.stack(), 12.0 * len(row.ports) + 6)
            y += row.height + (32 if any(a == number for a, _ in self.straight) else 12)
        return y - 12 + _PAD

    def svg(self, words: str) -> str:
        """The finished file."""
        name = self.plan["deployment"]["name"]
        frame_top = _EDGE
        shapes = [
            box(
                _EDGE,
                frame_top,
                self.frame_right - _EDGE,
                self.bottom - frame_top,
                dash="9 3 2 3",
                line=1.4,
                round_=7,
            )
        ]
        if stop := main_switch(self.plan):
            sign, width = octagon(_EDGE + _PAD, frame_top + 14, stop["id"])
            room = self.frame_right - 2 * _EDGE - 2 * _PAD - width - 5
            shapes += [sign, text(_EDGE + _PAD + width + 5, frame_top + 17, fit(stop["name"], room, 8)[0])]
        shapes += self._lanes_drawn()
        for number, (agent, row) in enumerate(zip(self.agents, self.rows, strict=True)):
            shapes += self._agent(agent, row)
            shapes += self._outs(row)
            shapes += self._down(number)
        legend, height = self._legend(self.bottom + 14)
        return drawing(WIDTH, height, f"Pipeline of {name}", words, [*shapes, *legend])

    def _agent(self, agent: Data, row: _Row) -> list[str]:
        x, y = self.left, row.top
        shapes = [box(x, y, self.width, row.height, line=1.4, round_=3)]
        y += 4
        for line in row.name:
            y += 11.5
            shapes.append(text(x + _PAD, y, line, size=9.5, bold=True))
        y += 12.5
        sign, width = octagon(x + _PAD, y, agent["switch"] or UNSAID)
        words = alone(agent) if agent["switch"] else "no switch of its own"
        shapes += [
            sign,
            text(x + _PAD + width + 5, y + 2.8, fit(words, self.width - width - 2 * _PAD - 5, 8)[0]),
        ]
        if row.keeper:
            shapes.insert(1, box(x + 3, row.top + 3, self.width - 6, row.height - 6, line=0.7, round_=2))
            shapes.append(person(x + _PAD, y + 20.5))
            y += 8
            for indent, lines in ((13, row.keeper), (0, row.releases)):
                for line in lines:
                    y += _LEADING
                    shapes.append(text(x + _PAD + indent, round(y + 2.6, 1), line, bold=indent > 0))
        return shapes

    def _outs(self, row: _Row) -> list[str]:
        """What leaves to the right, and what comes in from there."""
        shapes: list[str] = []
        y = row.top
        right, width = self.left + self.width, WIDTH - _EDGE - self.outside
        for lines, code in row.outs:
            height = _out_height(lines)
            middle = y + height / 2
            shapes.append(box(self.outside, y, width, height, dash="3 2", line=0.9))
            first = middle + 2.8 - (len(lines) - 1) * _LEADING / 2
            shapes += [
                text(self.outside + 6, first + number * _LEADING, line) for number, line in enumerate(lines)
            ]
            if code is None:
                shapes.append(arrow((self.outside, middle), (right, middle)))
            else:
                shapes.append(arrow((right, middle), (self.outside, middle)))
                shapes.append(_breaker((self.frame_right + self.outside - 6) / 2, middle, code))
            y += height + 6
        return shapes

    def _down(self, number: int) -> list[str]:
        """The hand-offs to the next agent, side by side."""
        codes = [code for a, code in self.straight if a == number]
        shapes: list[str] = []
        for place, code in enumerate(codes):
            x = round(self.left + self.width * (place + 1) / (len(codes) + 1), 1)
            top, foot = self.rows[number].top + self.rows[number].height, self.rows[number + 1].top
            shapes += [arrow((x, top), (x, foot)), _breaker(x, (top + foot) / 2 - 2, code)]
        return shapes

    def _lanes_drawn(self) -> list[str]:
        shapes, signs = [], []
        used = [0] * len(self.rows)
        places: list[list[float]] = []
        for a, b, _ in self.sideways:
            ys = []
            for agent in (a, b):
                row = self.rows[agent]
                used[agent] += 1
                ys.append(round(row.top + row.height * used[agent] / (len(row.ports) + 1), 1))
            places.append(ys)
        for number, ((_, _, code), (start, end)) in enumerate(zip(self.sideways, places, strict=True)):
            x = self.left - 8 - (self.lanes[number] + 0.5) * self.spacing
            shapes.append(arrow((self.left, start), (x, start), (x, end), (self.left, end)))
            signs.append(_breaker(x, (start + end) / 2, code, upright=self.upright))
        return shapes + signs

    def _legend(self, y: float) -> tuple[list[str], float]:
        """What the shapes mean; and where the drawing ends."""
        sign, _ = octagon(_EDGE, y, "A1")
        entries: list[tuple[str, float, str]] = [
            (sign, 21, "switch that stops"),
            (_breaker(_EDGE + 9, y, "B1"), 18, "breaker on a hand-off"),
            (
                box(_EDGE, y - 6.5, 19, 13) + box(_EDGE + 2, y - 4.5, 15, 9, line=0.7),
                19,
                "behind a human gate",
            ),
            (box(_EDGE, y - 6, 18, 12, dash="3 2", line=0.9), 18, "outside"),
        ]
        codes = [code for *_, code in (*self.straight, *self.sideways)]
        codes += [code for row in self.rows for _, code in row.outs if code]
        if UNSAID in codes or not all(agent["switch"] for agent in self.agents):
            entries.append((_breaker(_EDGE + 9, y, UNSAID), 18, "not in the profile"))
        shapes: list[str] = []
        x = 0.0
        for shape, width, words in entries:
            shapes.append(f'<g transform="translate({x:g} 0)">{shape}</g>')
            shapes.append(text(_EDGE + x + width + 4, y + 2.8, words))
            x = round(x + width + 14 + measure(words, 8) * 0.94, 1)
        return shapes, y + 12


def _lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each span, the nearest one that is free all along."""
    taken: list[list[tuple[int, int]]] = []
    result = []
    for low, high in spans:
        lane = next(
            (n for n, others in enumerate(taken) if all(high < a or b < low for a, b in others)), len(taken)
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        result.append(lane)
    return result


def _code_width(code: str) -> float:
    return max(18.0, round(measure(code, 8) + 8, 1))


def _breaker(x: float, y: float, code: str, *, upright: bool = False) -> str:
    """A square on a line with its code, centred; dashed where nothing is known. Upright reads bottom to top."""
    width = _code_width(code)
    shape = box(x - width / 2, y - 6.5, width, 13, line=1.2, dash="2 1.5" if code == UNSAID else "")
    shape += text(x, y + 2.8, code, bold=True, anchor="middle")
    return f'<g transform="rotate(-90 {x:g} {y:g})">{shape}</g>' if upright else shape
