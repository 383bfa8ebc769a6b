"""Names print in their own script, not as boxes."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from common.pdf import make_pdf

NAMES = {
    "Latin": "Zoë Łukasz Ğülşen",
    "Greek": "Ελένη",
    "Cyrillic": "Оксана",
    "Hebrew": "שרה",
    "Arabic": "فاطمة",
    "Bengali": "শিউলি",
    "Hindi": "नेहा",
    "Tamil": "தமிழ்",
    "Telugu": "శ్రీనివాస్",
    "Gujarati": "પ્રિયા",
    "Punjabi": "ਹਰਪ੍ਰੀਤ",
    "Sinhala": "නිමල්",
    "Thai": "ไทย",
    "Chinese": "陳大文",
    "Japanese": "山田花子",
    "Korean": "김민수",
    "Amharic": "አማርኛ",
    "Georgian": "ნინო",
    "Armenian": "Անի",
    "Khmer": "សុខា",
    "emoji": "Ana 👩🏽‍🎓",
}


@pytest.mark.parametrize("style", ["certificate", "sticker", "pack", "minutes"])
def test_a_name_in_any_script_prints_with_real_glyphs(style, tmp_path, settings):
    page = "".join(f"<p>{name}</p>" for name in NAMES.values())
    (tmp_path / "names.html").write_text(page, encoding="utf-8")
    engine = settings.TEMPLATES[0] | {"DIRS": [tmp_path]}
    settings.TEMPLATES = [engine]
    pdf = make_pdf("names.html", {}, style=f"css/{style}.css", identifier=b"names")
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    # A missing glyph is drawn as a box with its hex code, and extracts as control characters.
    boxes = [letter for letter in printed if ord(letter) < 32 and not letter.isspace()]
    assert boxes == []
    # Text in scripts without reordering during shaping extracts unchanged.
    for script in ("Latin", "Greek", "Cyrillic", "Bengali", "Thai", "Chinese", "Korean", "Amharic"):
        assert NAMES[script] in printed, script
