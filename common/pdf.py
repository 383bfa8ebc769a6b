"""A template and its style sheet as a PDF."""

from collections.abc import Sequence
from io import BytesIO

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from pypdf import PdfWriter
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher


def make_pdf(
    template: str, context: dict, *, style: str, identifier: bytes, is_tagged: bool = False
) -> bytes:
    """Render `template` as PDF, styled only by the static file `style`.

    With `is_tagged`, headings, lists and tables are marked for screen readers. Not for sheets that
    are cut up and stuck on, of which thousands are printed at once.

    Fetches nothing: pictures are data URLs. `identifier` makes the output reproducible. Names in
    any script print, because the set-up installs Noto's fonts.
    """
    html = render_to_string(template, context)
    fetcher = URLFetcher(allowed_protocols={"data"})
    return HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=[CSS(filename=finders.find(style))],
        pdf_identifier=identifier,
        pdf_tags=is_tagged,
    )


def join_pdfs(files: Sequence[bytes]) -> bytes:
    """One PDF with the pages of all `files`, in this order. Shared parts are stored once."""
    if len(files) == 1:
        return files[0]
    writer = PdfWriter()
    for file in files:
        writer.append(BytesIO(file), import_outline=False)
    writer.compress_identical_objects()
    joined = BytesIO()
    writer.write(joined)
    return joined.getvalue()
