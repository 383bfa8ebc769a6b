"""Upload sizes: defined once, and the wording gives the same number."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common import documents, sizes
from partnership.forms.meetings import DocumentForm
from venues import photos
from venues.forms.venues import PhotoForm


class TooLarge(SimpleUploadedFile):
    def __init__(self, size):
        super().__init__("large", b"%PDF-")
        self.size = size


@pytest.mark.parametrize(
    ("read", "most"), [(documents.extension_of, sizes.DOCUMENT), (photos.redraw, sizes.PHOTO)]
)
def test_a_file_one_byte_too_large_is_refused_naming_the_limit(read, most):
    with pytest.raises(ValidationError, match=f"larger than {sizes.megabytes(most)} MB"):
        read(TooLarge(most + 1))


def test_the_field_hint_names_the_same_limit():
    hint = str(DocumentForm.base_fields["upload"].help_text)
    assert f"at most {sizes.megabytes(sizes.DOCUMENT)} MB" in hint
    hint = str(PhotoForm.base_fields["photo"].help_text)
    assert f"up to {sizes.megabytes(sizes.PHOTO)} MB" in hint


HARD_CODED = r"_\(\s*\"[^\"]*\b[0-9]+ (MB|letters|characters)\b"
"""A limit in words that would stay as it is when the limit changes."""


def test_no_form_or_reader_hard_codes_a_size_in_words():
    apps = ("accounts", "common", "coverage", "partnership", "safespaces", "training", "venues")
    found = [
        str(path)
        for app in apps
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if "migrations" not in path.parts
        and re.search(HARD_CODED, path.read_text(encoding="utf-8"))
    ]
    assert found == []
