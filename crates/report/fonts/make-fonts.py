#!/usr/bin/env python3
"""Rebuilds the four font files beside this script.

Owns: the choice of characters and the trimming of tables. Does not own the outlines, which are Noto's, unchanged.

    apt-get install fonts-noto-cjk fonts-noto-core     # Debian 12: 20220127, 20201225
    pip install fonttools==4.68.0
    python3 make-fonts.py

The same inputs give the same bytes: no time stamp is written.
"""

import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent
CJK = pathlib.Path("/usr/share/fonts/opentype/noto")
LATIN = pathlib.Path("/usr/share/fonts/truetype/noto")


def gb2312(rows: range = range(0xA1, 0xF8)) -> set[int]:
    """The characters of GB 2312 in the given rows of its code table; all rows unless told."""
    found = set()
    for row in rows:
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def span(first: int, last: int) -> set[int]:
    return set(range(first, last + 1))


# Latin-1, Extended-A and the comma-below letters of Romanian, spacing and combining accents, Greek, Cyrillic,
# Welsh, general punctuation, super- and subscripts, currency, the numero and trade mark signs, minus.
LATIN_CHARACTERS = (
    span(0x20, 0x7E) | span(0xA0, 0x17F) | span(0x218, 0x21B) | span(0x2C6, 0x2DD) | span(0x300, 0x30C)
    | span(0x384, 0x3CE) | span(0x400, 0x45F) | span(0x490, 0x491) | span(0x1E80, 0x1E85) | span(0x1EF2, 0x1EF3)
    | span(0x2010, 0x2027) | span(0x202F, 0x203A) | span(0x2070, 0x209C) | span(0x20A0, 0x20BF) | {0x2116, 0x2122}
)
# Arrows, circled numbers, box and geometric shapes, mathematical signs, ticks, stars; full-width forms and brackets.
SYMBOLS = (
    span(0x3000, 0x3017) | span(0xFF01, 0xFF5E) | span(0xFFE0, 0xFFE5) | span(0x2190, 0x2199)
    | {0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0xB7, 0x2030, 0x2103, 0x2713, 0x2717, 0xD7, 0xF7}
    | {0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x221E, 0x221A, 0x2211, 0x2206}
)
# Characters of places and names that GB 2312 lacks.
BEYOND_GB2312 = {ord(c) for c in "漢鹍喆堃镕玥瑀垚淼燊"}
REGULAR_CHARACTERS = gb2312() | SYMBOLS | span(0x2460, 0x2473) | span(0x25A0, 0x25CF) | BEYOND_GB2312
# Bold is for titles. It holds the common half of GB 2312 (rows 16 to 55) and the rarer characters of Chinese place names;
# a title that needs another one is set in regular as a whole (typeface.rs).
PLACES = {
    ord(c)
    for c in "亳漯泸濮衢瀛泾闵鄱岷洮湟沭泗汶淄滕兖莒沂郯邳睢泓盱眙溧潢浉鄢郾漳淅邓赉饶瑷珲晖琅琊鄞嵊崧郴邵"
    "邛崃涪綦黔璧潼酉阆犍荥珙筠岚婺歙黟旌绩亭岱舟芜濉灞浐鄠邠鄜麟岐郿渑陕虢崤芮绛隰祁忻代崞喀"
}
BOLD_CHARACTERS = gb2312(rows=range(0xB0, 0xD8)) | SYMBOLS | PLACES | {ord("漢")}


def cut(font: TTFont, characters: set[int], target: str) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 4, 6, 7, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.glyph_names = False
    options.recalc_timestamp = False
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "BASE", "DSIG", "VORG", "vhea", "vmtx", "gasp", "STAT", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters & set(font.getBestCmap()))
    cutter.subset(font)
    font.save(HERE / target)
    print(target, (HERE / target).stat().st_size, "bytes,", len(font.getBestCmap()), "characters")


def face(weight: str) -> TTFont:
    """The simplified-Chinese member of the collection; the others share its outlines and differ in regional forms."""
    name = {"Regular": "Noto Sans CJK SC", "Bold": "Noto Sans CJK SC Bold"}[weight]
    number = 0
    while True:
        font = TTFont(CJK / f"NotoSansCJK-{weight}.ttc", fontNumber=number, recalcTimestamp=False)
        if font["name"].getDebugName(4) == name:
            return font
        number += 1


if __name__ == "__main__":
    for weight, characters in (("Regular", REGULAR_CHARACTERS), ("Bold", BOLD_CHARACTERS)):
        cut(face(weight), characters, f"NotoSansSC-{weight}-subset.otf")
        latin = TTFont(LATIN / f"NotoSans-{weight}.ttf", recalcTimestamp=False)
        cut(latin, LATIN_CHARACTERS, f"NotoSans-{weight}-subset.ttf")
