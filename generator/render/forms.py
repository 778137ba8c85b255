"""The fillable form of the root cause analysis: HTML with fields -> an ordinary PDF with an AcroForm.

The same questions stand in rca-form.md and in its accessible twin rca-form-print.pdf, which is made like any
document. Fillable forms fail PDF/A and PDF/UA, so this one claims neither.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pikepdf

from generator.errors import RenderError, UsageProblem
from generator.render.faces import latin_face
from generator.render.jobs import PdfOptions
from generator.render.pdf import to_pdf
from generator.render.rca import VERSION_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterator

READ_ONLY = 1
FONT_FILE = "fonts/plex/IBMPlexSans-Regular.woff2"
FONT_KEY = "/PlanSans"
FONT_SIZE = 8
INK = "0.09 0.1 0.11 rg"


def to_form(html: str, *, assets: Mapping[str, bytes], options: PdfOptions, name: str = "form") -> bytes:
    """Render a page with fields. Every field gets an appearance, the version field is read-only.

    WeasyPrint gives fields a font by glyph number, which no viewer can type in: each field gets our face with
    the Windows Latin encoding instead. Raises RenderError as `to_pdf` does, or for a page without fields.
    """
    data = to_pdf(html, assets=assets, options=options, name=name)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if "/AcroForm" not in pdf.Root:
            raise RenderError(f"{name}: the form has no fields")
        form = pdf.Root.AcroForm
        form["/DR"] = pikepdf.Dictionary({"/Font": pikepdf.Dictionary({FONT_KEY: _font(pdf, assets)})})
        form["/DA"] = pikepdf.String(f"{FONT_KEY} {FONT_SIZE} Tf {INK}")
        for field in _fields(form.Fields):
            if str(field.get("/T", "")) == VERSION_FIELD:
                field["/Ff"] = int(field.get("/Ff", 0)) | READ_ONLY
            if field.get("/FT") in ("/Tx", "/Ch"):
                field["/DA"] = form["/DA"]
                if "/AP" in field:
                    del field["/AP"]
        form["/NeedAppearances"] = True
        pdf.generate_appearance_streams()
        pdf.remove_unreferenced_resources()
        done = io.BytesIO()
        pdf.save(done, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return done.getvalue()


def _font(pdf: pikepdf.Pdf, assets: Mapping[str, bytes]) -> Any:
    """Our face as a simple font with the Windows Latin encoding, cut to its characters."""
    face = latin_face(assets[FONT_FILE])
    descriptor = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name("/Plan-Sans"),
            FontFamily=pikepdf.String("Plan Sans"),
            Flags=32,
            FontBBox=list(face.box),
            ItalicAngle=0,
            Ascent=face.ascent,
            Descent=face.descent,
            CapHeight=face.cap_height,
            StemV=80,
            FontFile2=pdf.make_stream(face.data, Length1=len(face.data)),
        )
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.TrueType,
            BaseFont=pikepdf.Name("/Plan-Sans"),
            FirstChar=32,
            LastChar=255,
            Widths=list(face.widths),
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FontDescriptor=descriptor,
        )
    )


def _fields(fields: Any) -> Iterator[Any]:
    for field in fields:
        yield field
        if "/Kids" in field and "/T" in field:
            yield from _fields(field.Kids)


def read_form(pdf: bytes) -> dict[str, str]:
    """Name and value of every field of a form that a person filled and sent back.

    Raises UsageProblem with one clear line for a file that is broken, encrypted, flattened, or not ours.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            if opened.is_encrypted:
                raise UsageProblem("is encrypted: save it without a password and without restrictions")
            if not list(opened.pages):
                raise UsageProblem("has no pages")
    except pikepdf.PasswordError:
        raise UsageProblem("is encrypted: save it without a password") from None
    except (pikepdf.PdfError, ValueError) as error:
        words = " ".join(str(error).rpartition(">: ")[2].split())[:80]
        raise UsageProblem(f"is broken or no PDF ({words}): send the form again") from None
    values = field_values(pdf)
    if not values:
        raise UsageProblem(
            "has no fields: it was printed or flattened on the way; send the fillable rca-form.pdf itself, or type "
            "the answers into the YAML or Markdown form"
        )
    if VERSION_FIELD not in values:
        raise UsageProblem(f"is another form: it has no field {VERSION_FIELD}")
    return values


def field_values(pdf: bytes) -> dict[str, str]:
    """Name and value of every field of a filled form; "" for an empty one, "Yes" or "Off" for a box."""
    values: dict[str, str] = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if "/AcroForm" not in opened.Root:
            return values
        for field in _fields(opened.Root.AcroForm.Fields):
            if "/T" in field:
                value = field.get("/V", "")
                values[str(field["/T"])] = str(value).lstrip("/")
    return values
