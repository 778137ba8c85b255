"""The two Jinja2 set-ups: Markdown templates and HTML page furniture. The only module that imports Jinja2.

Both are sandboxed and strict: a missing value stops the run. In Markdown templates `finalize` escapes every
`{{ value }}`; what a macro, a `{% call %}` or a `{% set %}...{% endset %}` block returns is Markdown already
and passes as it is, as does a value marked `|raw_md`.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from generator.errors import RenderError
from generator.render.escape import plain

_NOT_FOR_MARKDOWN = (
    "e",
    "escape",
    "forceescape",
    "safe",
    "striptags",
    "tojson",
    "urlize",
    "xmlattr",
    "pprint",
)


class RawMarkdown(Markup):
    """Text that is Markdown already. Adding a value to it escapes the value."""

    @classmethod
    def escape(cls, s: Any, /) -> RawMarkdown:
        """`s` as Markdown, spaces at its ends kept; unchanged when it is Markdown already."""
        if isinstance(s, Markup):
            return cls(s)
        text = _text(s)
        if not text.strip():
            return cls(" " if text else "")
        return cls(" " * text[0].isspace() + plain(text) + " " * text[-1].isspace())


def _text(value: object) -> str:
    """A value in words. A list or a mapping is never printed by mistake."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, dict | list | tuple):
        kind = "nothing (null)" if value is None else "a list or mapping"
        raise jinja2.TemplateRuntimeError(
            f"{kind} cannot be printed as text; test it, or use |join, gap() or a loop"
        )
    return str(value)


def _join(values: Iterable[Any], separator: str = ", ", attribute: str | None = None) -> RawMarkdown:
    """The `join` filter: values are escaped, the separator is the template's own text."""
    items = [value[attribute] if attribute else value for value in values]
    return RawMarkdown(separator).join(items)


@jinja2.pass_context
def _finalize(_: Context, value: Any) -> Markup:
    """What `{{ value }}` prints. Takes the context so that constants are not folded before escaping."""
    return value if isinstance(value, Markup) else RawMarkdown.escape(value)


class _Generator(CodeGenerator):
    """`a ~ b` joins by the Markdown rules, not by those of HTML."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja2's name
        self.write("environment.join_values((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _KeysFirst(ImmutableSandboxedEnvironment):
    """`plan.items` is the key `items` where there is one, not the method of a mapping."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The key `attribute` of a mapping, else what Jinja2 finds."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class MarkdownEnvironment(_KeysFirst):
    """Jinja2 for Markdown templates."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(["+", "%"])

    def join_values(self, values: tuple[Any, ...]) -> str:
        """`a ~ b`: plain text while all parts are, Markdown as soon as one is."""
        if any(isinstance(value, Markup) for value in values):
            return RawMarkdown("").join(values)
        return "".join(str(value) for value in values)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """`+` and `%` on text that is Markdown escape the other side by the Markdown rules."""
        if isinstance(left, Markup) or isinstance(right, Markup):
            if operator != "+":
                raise jinja2.TemplateRuntimeError(
                    "`%` does not work on Markdown; write the parts one after another"
                )
            return RawMarkdown("").join((left, right))
        return super().call_binop(context, operator, left, right)


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates in `__pycache__` beside the templates, as Python keeps its own; nothing where that
    folder cannot be written. A change of a template, of this module, of Jinja2 or of Python makes new files.
    """

    def __init__(self, folder: Path) -> None:
        salt = hashlib.sha256(Path(__file__).read_bytes() + version("jinja2").encode()).hexdigest()[:12]
        super().__init__(str(folder / "__pycache__"), f"%s-{salt}-{sys.implementation.cache_tag}.j2c")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` where the same source was compiled before."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, where that is possible."""
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


def markdown_environment(
    folders: tuple[Path, ...],
    filters: Mapping[str, Callable[..., Any]],
    look_ups: Mapping[str, Any],
) -> MarkdownEnvironment:
    """Jinja2 for the Markdown templates under `folders`, with the plan's own filters and look-ups.

    One environment serves one plan: look-ups are globals, so that imported macros see them.
    """
    environment = MarkdownEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        comment_start_string="{# ",  # with the space, so that a heading may end in {#its-id}
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        bytecode_cache=_Compiled(folders[-1]),
        cache_size=-1,
    )
    for name in _NOT_FOR_MARKDOWN:
        del environment.filters[name]
    environment.filters |= {"raw_md": RawMarkdown, "join": _join, **filters}
    environment.globals.update(look_ups)
    return environment


@lru_cache(maxsize=4)
def html_environment(folder: Path) -> ImmutableSandboxedEnvironment:
    """Jinja2 for page furniture and forms (`*.html.j2`): every value is HTML-escaped."""
    return _KeysFirst(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )


def trusted_html(html: str) -> Markup:
    """HTML of our own making (the body from Markdown), passed to the furniture as it is."""
    return Markup(html)


def render(environment: jinja2.Environment, template: str, values: Mapping[str, Any]) -> str:
    """Render one template. Raises RenderError that names the template's line."""
    try:
        return environment.get_template(template).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise RenderError(f"templates/{error.name or template}:{error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        raise RenderError(f"templates/{template}: there is no template {error.name}") from error
    except (jinja2.TemplateError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise RenderError(f"{_place(error, template)}: {error}") from error


def exported(environment: jinja2.Environment, template: str, name: str) -> Any:
    """A value that a template of macros sets."""
    return getattr(environment.get_template(template).module, name)


def _place(error: Exception, template: str) -> str:
    """The template line where `error` arose; Jinja2 puts template frames into the traceback."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    if not frames:
        return f"templates/{template}"
    path = Path(frames[-1].filename)
    parts = path.parts
    name = (
        "/".join(parts[len(parts) - parts[::-1].index("templates") :]) if "templates" in parts else path.name
    )
    return f"templates/{name}:{frames[-1].lineno}"
