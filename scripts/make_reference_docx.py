"""Write templates/docx/reference.docx: the styles, header and footer of our Word documents.

Run it after a change here and commit the result: `python scripts/make_reference_docx.py`. A test compares both.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime
from pathlib import Path

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from generator.render.docx_body import add_field
from generator.render.docx_package import repacked

TARGET = Path(__file__).resolve().parent.parent / "templates" / "docx" / "reference.docx"
DAY = "2026-01-01"
SANS, MONO = "Calibri", "Consolas"
ACCENT, INK, SOFT, LINE, SHADE = "14466B", "16191D", "4C555F", "9AA4AE", "F1F4F6"
TEXT_WIDTH = Mm(215.9 - 44)


def main() -> None:
    """Make the file."""
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(made())
    print(TARGET)


def made() -> bytes:
    """The reference document."""
    document = docx.Document()
    for child in list(document.element.body):
        if child.tag != qn("w:sectPr"):
            document.element.body.remove(child)
    _drop_unused(document)
    _page(document)
    _paragraph_styles(document)
    _character_styles(document)
    _table_style(document)
    _furniture(document)
    _sample(document)
    _properties(document)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue(), DAY)


def _drop_unused(document) -> None:
    """What python-docx's template has and we do not need: thumbnail, old twins of styles, coloured tables."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    for key, relation in list(document.part.rels.items()):
        if relation.reltype.endswith(("/stylesWithEffects", "/customXml")):
            del document.part.rels[key]
    compat = document.settings.element.find(qn("w:compat"))
    for setting in compat.findall(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else Word opens it as a document of 2010
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()


def _page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(215.9), Mm(279.4)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(22), Mm(21)
    section.header_distance = section.footer_distance = Mm(10)


def _style(document, name, kind=WD_STYLE_TYPE.PARAGRAPH, base=None, builtin=False):
    there = [style for style in document.styles if style.name == name]
    style = there[0] if there else document.styles.add_style(name, kind, builtin)
    if base:
        style.base_style = document.styles[base]
    style.hidden, style.quick_style, style.unhide_when_used = False, True, False
    return style


def _look(style, *, size=None, bold=None, italic=None, colour=None, font=None, before=None, after=None, line=None,
          left=None, hanging=None, keep=None) -> None:  # fmt: skip
    """Set what is given."""
    if font:
        style.font.name = font
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for attribute in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{attribute}"), font)
    if size:
        style.font.size = Pt(size)
    if bold is not None:
        style.font.bold = bold
    if italic is not None:
        style.font.italic = italic
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    if style.type != WD_STYLE_TYPE.PARAGRAPH:
        return
    shape = style.paragraph_format
    if before is not None:
        shape.space_before = Pt(before)
    if after is not None:
        shape.space_after = Pt(after)
    if line is not None:
        shape.line_spacing = line
    if left is not None:
        shape.left_indent = Pt(left)
    if hanging is not None:
        shape.first_line_indent = Pt(-hanging)
    if keep is not None:
        shape.keep_with_next = keep


def _border(style, sides, size=6, colour=LINE, space=1, shade=None) -> None:
    """Borders and shading of a paragraph style."""
    shape = style.element.get_or_add_pPr()
    for old in [*shape.findall(qn("w:pBdr")), *shape.findall(qn("w:shd"))]:
        shape.remove(old)
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>' for side in sides
    )
    parts = [parse_xml(f"<w:pBdr {nsdecls('w')}>{lines}</w:pBdr>")] if sides else []
    if shade:
        parts.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{shade}"/>'))
    after = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
             "w:outlineLvl", "w:rPr")  # fmt: skip
    at = next((n for n, child in enumerate(shape) if child.tag in [qn(tag) for tag in after]), len(shape))
    for number, part in enumerate(parts):
        shape.insert(at + number, part)


def _plain_proof(style) -> None:
    """No spelling check and no hyphens: a command stays as it is."""
    look = style.element.get_or_add_rPr()
    later = [
        qn(f"w:{tag}")
        for tag in (
            "color",
            "spacing",
            "w",
            "kern",
            "position",
            "sz",
            "szCs",
            "highlight",
            "u",
            "shd",
            "lang",
        )
    ]
    at = next((n for n, child in enumerate(look) if child.tag in later), len(look))
    look.insert(at, parse_xml(f"<w:noProof {nsdecls('w')}/>"))


def _paragraph_styles(document) -> None:
    _look(_style(document, "Normal"), size=10, font=SANS, colour=INK, before=0, after=0, line=1.1)
    _look(_style(document, "Body Text"), before=3, after=4)
    title = _style(document, "Title")
    _look(title, size=20, bold=True, colour=ACCENT, font=SANS, before=0, after=8, keep=True)
    _border(title, ("bottom",), size=12, colour=ACCENT, space=3)
    for level, (size, before, colour) in enumerate(
        [(14, 18, ACCENT), (11.5, 12, INK), (10.5, 9, SOFT), (10, 8, INK), (10, 6, INK)], 1
    ):
        style = _style(document, f"Heading {level}")
        _look(
            style,
            size=size,
            bold=True,
            italic=False,
            colour=colour,
            font=SANS,
            before=before,
            after=3,
            keep=True,
        )
        style.paragraph_format.keep_together = True
    _border(document.styles["Heading 1"], ("bottom",), size=6, colour=ACCENT, space=2)
    for level in (1, 2, 3):
        end = f" {level}" if level > 1 else ""
        for name in ("List Bullet", "List Number", "List Continue"):
            style = _style(document, name + end)
            numbers = style.element.pPr.find(qn("w:numPr")) if style.element.pPr is not None else None
            if numbers is not None:
                style.element.pPr.remove(numbers)
            for spacing in style.element.pPr.findall(qn("w:contextualSpacing")):
                style.element.pPr.remove(spacing)
            _look(style, before=1, after=2, left=17 * level, hanging=0 if name == "List Continue" else 17)
        check = _style(document, f"Check List{end}", base="Normal")
        _look(check, before=1.5, after=2.5, left=17 * level, hanging=17)
    box = _style(document, "Box", base="Normal")
    _look(box, before=5, after=5, left=6)
    box.paragraph_format.right_indent = Pt(6)
    _border(box, ("top", "left", "bottom", "right"), size=6, colour=LINE, space=4, shade=SHADE)
    code = _style(document, "Source Code", base="Normal")
    _look(code, size=8.5, font=MONO, before=0, after=0, line=1.05, left=4)
    _border(code, ("top", "left", "bottom", "right"), size=4, colour=LINE, space=3, shade="FAFBFC")
    _plain_proof(code)
    _look(_style(document, "Table Text", base="Normal"), size=8.5, before=1, after=1, line=1.0)
    _look(_style(document, "Table Text Small", base="Normal"), size=7.5, before=1, after=1, line=1.0)
    _look(_style(document, "After Table", base="Normal"), size=4, before=0, after=4, line=1.0)
    rule = _style(document, "Rule", base="Normal")
    _look(rule, size=4, before=6, after=6)
    _border(rule, ("bottom",), size=4)
    line = _style(document, "Write-in Line", base="Normal")
    _look(line, before=9, after=0)
    line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    letter = _style(document, "Letter Title", base="Title")
    _look(letter, size=14, colour=INK, after=6)
    _border(letter, ("bottom",), size=6, colour=LINE, space=3)
    _look(
        _style(document, "Contents Heading", base="Normal"),
        size=12,
        bold=True,
        colour=ACCENT,
        before=14,
        after=4,
        keep=True,
    )
    for level in (1, 2, 3):
        style = _style(document, f"toc {level}", base="Normal", builtin=True)
        _look(
            style,
            size=10 if level == 1 else 9.5,
            bold=level == 1,
            before=2 if level == 1 else 0,
            after=1,
            left=12 * (level - 1),
        )
        style.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    for name in ("Header", "Footer"):
        style = _style(document, name)
        while len(style.paragraph_format.tab_stops):
            del style.paragraph_format.tab_stops[0]
        _look(style, size=8, colour=SOFT, before=0, after=0, line=1.0)
        style.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)


def _shaded(style, colour) -> None:
    style.element.get_or_add_rPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    )


def _character_styles(document) -> None:
    code = _style(document, "Inline Code", WD_STYLE_TYPE.CHARACTER)
    _look(code, size=None, font=MONO)
    _plain_proof(code)
    code.font.size = Pt(8.5)
    gap = _style(document, "Gap", WD_STYLE_TYPE.CHARACTER)
    _look(gap, bold=True)
    _shaded(gap, "FFF3C4")
    blank = _style(document, "Blank", WD_STYLE_TYPE.CHARACTER)
    _look(blank, colour=SOFT)
    _shaded(blank, "E8EEF2")
    note = _style(document, "Instruction", WD_STYLE_TYPE.CHARACTER)
    _look(note, italic=True, colour=SOFT)
    _shaded(note, "F1F4F6")
    link = _style(document, "Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    _look(link, colour=ACCENT)
    link.font.underline = True


def _table_style(document) -> None:
    style = _style(document, "Plan Table", WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    element = style.element
    borders = (
        f'<w:tblPr {nsdecls("w")}><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{INK}"/>'
        f'<w:bottom w:val="single" w:sz="6" w:space="0" w:color="{INK}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="C9D0D6"/></w:tblBorders>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    first_row = (
        f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{INK}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
    )
    for xml in (borders, first_row):
        element.append(parse_xml(xml))


def _furniture(document) -> None:
    """Header and footer; a build fills the words in braces."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.add_run("{client} · {document}\t")
    head.add_run("{state}").bold = True
    foot = section.footer.paragraphs[0]
    foot.add_run("{plan} · {law} · {audience}\tPage ")
    add_field(foot, "PAGE", "1")
    foot.add_run(" of ")
    add_field(foot, "NUMPAGES", "1")
    section.footer.add_paragraph("{footer}", style="Footer")


def _sample(document) -> None:
    """What a person who opens the reference sees: each style once, and how to make it one's own."""
    document.add_paragraph("Reference document of airplan", style="Title")
    document.add_paragraph(
        "Change the styles, margins, header and footer, save the file, and pass it with --reference-doc. "
        "The text of this page is never printed. In header and footer a build fills the words in braces: client, "
        "document, plan, law, audience, state, footer.",
        style="Body Text",
    )
    for name in ("Heading 1", "Heading 2", "Heading 3", "Body Text", "List Bullet", "List Number", "Check List", "Box",
                 "Source Code", "Table Text", "Write-in Line"):  # fmt: skip
        document.add_paragraph(name, style=name)
    table = document.add_table(2, 2, style="Plan Table")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for row, words in zip(table.rows, (("Column", "Column"), ("Cell", "Cell")), strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.paragraphs[0].text = text
            cell.paragraphs[0].style = "Table Text"


def _properties(document) -> None:
    of = document.core_properties
    of.title, of.author, of.comments, of.keywords, of.last_modified_by = (
        "Reference document",
        "airplan",
        "",
        "",
        "",
    )
    of.created = of.modified = datetime.fromisoformat(DAY)
    of.revision = 1


if __name__ == "__main__":
    main()
