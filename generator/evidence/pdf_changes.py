"""Names what two revisions of a PDF differ in, for a person: which page, field, note or attachment.

Works on objects as pyHanko reads them but imports nothing of it. It only names: whether a change is allowed
after a signature is decided from the kinds given here together with pyHanko's own policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

MAX_NAMED = 20
MAX_OBJECTS = 200_000
MAX_DEPTH = 200


class Change(NamedTuple):
    """One change in words; `allowed` where another signature explains it."""

    what: str
    allowed: bool


def changes_between(old: Any, new: Any, changed: Iterable[Any]) -> tuple[Change, ...]:
    """What the objects `changed` say about the way from `old` to `new`, both revisions of one file."""
    labels = _labels(new)
    before = _labels(old)
    found: dict[Change, None] = {}
    for reference in sorted(set(changed), key=lambda reference: reference.idnum):
        then, now = _get(old, reference), _get(new, reference)
        if _same(then, now) or _is_plumbing(now):
            continue
        label = labels.get(reference.idnum) or before.get(reference.idnum)
        if label is not None and label.kind == "signature":
            found.update(dict.fromkeys(_signature_changes(label, old, new, reference, then)))
        else:
            found.update(dict.fromkeys(_named(label, then, now)))
    return tuple(found)


class _Label(NamedTuple):
    kind: str
    words: str
    field: Any = None
    """Of a part of a signature field: the reference of the field."""


def _get(revision: Any, reference: Any) -> Any:
    try:
        return revision.get_object(reference)
    except Exception:  # an object that is not there, or is broken, is none
        return None


def _same(then: Any, now: Any) -> bool:
    if then is None or now is None:
        return then is now
    if hasattr(now, "encoded_data") or hasattr(then, "encoded_data"):
        return _data(then) == _data(now) and dict(then) == dict(now)
    return bool(then == now)


def _is_plumbing(item: Any) -> bool:
    """A table of objects or a pack of them: what is in it is looked at one by one."""
    kind = str(dict.get(item, "/Type")) if isinstance(item, dict) else ""
    return _data(item) is not None and kind in ("/XRef", "/ObjStm")


def _data(stream: Any) -> Any:
    return getattr(stream, "encoded_data", None)


def _named(label: _Label | None, then: Any, now: Any) -> Iterator[Change]:
    if label is None:
        yield Change("an object that no page shows was added or changed", False)
    elif label.kind == "page":
        yield from _page_changes(label, then, now)
    elif label.kind in ("form", "proof"):
        yield Change(label.words, True)
    elif label.kind == "catalogue":
        yield from _catalogue_changes(then, now)
    elif label.kind in ("note", "field"):
        verb = "added" if then is None else "removed" if now is None else "changed"
        yield Change(f"{label.words} {verb}", False)
    elif label.kind == "structure":
        yield Change("the structure for screen readers changed", True)
    else:
        yield Change(f"{label.words} changed", False)


def _signature_changes(label: _Label, old: Any, new: Any, reference: Any, then: Any) -> Iterator[Change]:
    """A field may be filled once; what is or was below it may change with that alone."""
    field_then, field_now = _get(old, label.field), _get(new, label.field)
    filled_then, filled_now = ("/V" in (field or {}) for field in (field_then, field_now))
    if filled_now and not filled_then:
        yield Change(f"signature {label.words} was added", True)
    elif field_then is None and field_now is not None:
        yield Change(f"empty signature field {label.words} was added", True)
    elif then is not None or reference.idnum == label.field.idnum:
        yield Change(f"the signature field {label.words} looks or stands otherwise", False)


def _keys(then: Any, now: Any) -> list[str]:
    then, now = dict(then or {}), dict(now or {})
    return sorted(key for key in then.keys() | now.keys() if _raw(then, key) != _raw(now, key))


def _raw(values: Any, key: str) -> Any:
    return dict.get(values, key)


def _page_changes(label: _Label, then: Any, now: Any) -> Iterator[Change]:
    if then is None:
        yield Change(f"{label.words} added", False)
        return
    if now is None:
        yield Change(f"{label.words} removed", False)
        return
    for key in _keys(then, now):
        if key == "/Annots":
            yield Change(f"the list of fields and notes of {label.words} changed", True)
        elif key != "/Tabs":
            yield Change(f"{label.words} changed ({key[1:]})", False)


def _catalogue_changes(then: Any, now: Any) -> Iterator[Change]:
    for key in _keys(then, now):
        if key not in ("/AcroForm", "/DSS", "/Extensions", "/Perms", "/Version"):
            yield Change(f"the catalogue of the document changed ({key[1:]})", False)


def _labels(revision: Any) -> dict[int, _Label]:
    """Which object belongs to what, by number. The first to name an object wins, so narrow parts go first."""
    labels: dict[int, _Label] = {}
    root = revision.root
    labels[revision.root_ref.idnum] = _Label("catalogue", "the catalogue")
    pages = list(_pages(root))
    for number, page in enumerate(pages, 1):
        if (own := _number(page)) is not None:
            labels.setdefault(own, _Label("page", f"page {number}"))
    _label_form(labels, root)
    for number, page in enumerate(pages, 1):
        _label_page(labels, _value(page), number)
    _spread(labels, dict.get(root, "/DSS"), _Label("proof", "certificates for later checks were added"))
    _spread(
        labels, dict.get(root, "/StructTreeRoot"), _Label("structure", "the structure for screen readers")
    )
    _spread(labels, dict.get(root, "/Metadata"), _Label("part", "the metadata of the document"))
    _spread(labels, dict.get(root, "/Pages"), _Label("part", "the list of pages"))
    _spread(labels, dict.get(root, "/AF"), _Label("part", "an attached file"))
    _spread(labels, dict.get(root, "/Names"), _Label("part", "an attached file or another named part"))
    for key in sorted(root):
        _spread(labels, dict.get(root, key), _Label("part", f"a part of the document ({key[1:]})"))
    _spread(
        labels, dict.get(revision.trailer_view, "/Info"), _Label("part", "the title or dates of the document")
    )
    return labels


def _value(item: Any) -> Any:
    return item.get_object() if hasattr(item, "get_object") else item


def _number(item: Any) -> int | None:
    reference = getattr(item, "reference", item)
    return getattr(reference, "idnum", None)


def _items(item: Any) -> list[Any]:
    value = _value(item)
    return list(list.__iter__(value)) if isinstance(value, list) else []


def _pages(root: Any) -> Iterator[Any]:
    """The pages in order; a tree that runs in circles ends."""
    waiting = [dict.get(root, "/Pages")]
    seen: set[int] = set()
    while waiting and len(seen) < MAX_OBJECTS:
        item = waiting.pop()
        number = _number(item)
        if number is not None:
            if number in seen:
                continue
            seen.add(number)
        node = _value(item)
        if not isinstance(node, dict):
            continue
        if "/Kids" in node:
            waiting.extend(reversed(_items(dict.get(node, "/Kids"))))
        else:
            yield item


def _label_form(labels: dict[int, _Label], root: Any) -> None:
    form = dict.get(root, "/AcroForm")
    if (number := _number(form)) is not None:
        labels.setdefault(number, _Label("form", "the list of form fields changed"))
    holder = _value(form)
    if not isinstance(holder, dict):
        return
    listed = dict.get(holder, "/Fields")
    if (number := _number(listed)) is not None:
        labels.setdefault(number, _Label("form", "the list of form fields changed"))
    waiting = [(item, "", None) for item in _items(listed)]
    seen: set[int] = set()
    while waiting and len(seen) < MAX_OBJECTS:
        item, prefix, inherited = waiting.pop()
        number = _number(item)
        if number is None or number in seen:
            continue
        seen.add(number)
        field = _value(item)
        if not isinstance(field, dict):
            continue
        part = str(_value(dict.get(field, "/T")) or "")
        name = ".".join(filter(None, (prefix, part)))
        kind = _value(dict.get(field, "/FT")) or inherited
        waiting.extend((kid, name, kind) for kid in _items(dict.get(field, "/Kids")))
        if kind == "/Sig":
            _spread(labels, item, _Label("signature", repr(name), getattr(item, "reference", item)))
        else:
            _spread(labels, item, _Label("field", f"form field {name!r}"))


def _label_page(labels: dict[int, _Label], page: Any, number: int) -> None:
    if not isinstance(page, dict):
        return
    annotations = dict.get(page, "/Annots")
    if (listed := _number(annotations)) is not None:
        labels.setdefault(listed, _Label("form", f"the list of fields and notes of page {number} changed"))
    for item in _items(annotations):
        note = _value(item)
        kind = str(_value(dict.get(note, "/Subtype")) or "?")[1:] if isinstance(note, dict) else "?"
        _spread(labels, item, _Label("note", f"annotation ({kind}) on page {number}"))
    for key in sorted(page):
        if key not in ("/Parent", "/Annots"):
            what = "content" if key == "/Contents" else key[1:].lower()
            _spread(labels, dict.get(page, key), _Label("part", f"{what} of page {number}"))


_UP = frozenset({"/Parent", "/P", "/Pg", "/Dest", "/D", "/Popup", "/IRT", "/StructParent", "/Data"})
"""Keys that lead away from a part, not into it."""


def _spread(labels: dict[int, _Label], item: Any, label: _Label) -> None:
    """Give `label` to everything below `item` that has none."""
    waiting = [(item, 0)]
    while waiting:
        item, depth = waiting.pop()
        number = _number(item)
        if number is not None:
            if number in labels:
                continue
            if len(labels) > MAX_OBJECTS:
                return
            labels[number] = label
        if depth > MAX_DEPTH:
            continue
        value = _value(item)
        if isinstance(value, dict):
            waiting.extend((dict.get(value, key), depth + 1) for key in value if key not in _UP)
        elif isinstance(value, list):
            waiting.extend((part, depth + 1) for part in list.__iter__(value))
