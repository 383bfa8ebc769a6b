"""Uploaded documents, recognised by content whatever their name."""

import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

from common import sizes

MOST_PARTS = 5000  # For an office file; an agenda needs no more.
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "jpg": "image/jpeg",
    "png": "image/png",
}
OFFICE_FOLDERS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
OPEN_DOCUMENT = {kind: extension for extension, kind in TYPES.items() if extension[0] == "o"}


def extension_of(upload) -> str:
    """The extension matching the file's content; raises ValidationError for unsupported types."""
    if upload.size > sizes.DOCUMENT:
        raise ValidationError(
            _("This file is larger than %(most)s MB. Make it smaller or split it.")
            % {"most": sizes.megabytes(sizes.DOCUMENT)}
        )
    upload.seek(0)
    start = upload.read(8)
    found = ""
    if start.startswith(b"%PDF-"):
        found = "pdf"
    elif start.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        found = _picture(upload)
    elif start.startswith(b"PK\x03\x04"):
        found = _office(upload)
    upload.seek(0)
    if not found:
        raise ValidationError(
            _(
                "This is not a PDF, a picture (JPEG, PNG) or an office file (.docx, .xlsx, .pptx, "
                ".odt, .ods, .odp), whatever its name says. Save it as one of these first."
            )
        )
    return found


def _picture(upload):
    try:
        with Image.open(upload, formats=["JPEG", "PNG"]) as picture:
            picture.verify()
            return {"JPEG": "jpg", "PNG": "png"}[picture.format]
    except Exception:  # A damaged file can raise anything anywhere in the decoder.
        return ""


def _office(upload):
    names, kind = _parts(upload)
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        raise ValidationError(
            _("This file has macros or programs in it. Save it without them first.")
        )
    if kind:
        return OPEN_DOCUMENT.get(kind, "")
    if "[Content_Types].xml" not in names:
        return ""
    folders = {folder for folder in OFFICE_FOLDERS if any(n.startswith(folder) for n in names)}
    return OFFICE_FOLDERS[folders.pop()] if len(folders) == 1 else ""


def _parts(upload):
    """(names of the members, declared OpenDocument type); empty for a damaged file.

    Reads only the directory of the archive and unpacks nothing but the short type entry.
    """
    try:
        with zipfile.ZipFile(upload) as parts:
            names, kind = parts.namelist(), ""
            if len(names) > MOST_PARTS:
                return [], ""
            if "mimetype" in names and parts.getinfo("mimetype").file_size < 100:
                kind = parts.read("mimetype").decode("ascii", "replace")
            return names, kind
    except Exception:  # A damaged archive can raise as many exceptions as a damaged picture.
        return [], ""
