"""A pack on paper."""

import datetime

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from .parts import Pack


def pack_pdf(pack: Pack, at: datetime.date) -> bytes:
    """A4, with the scheme and the page on each sheet; nothing is fetched from anywhere."""
    html = render_to_string("partnership/pack_print.html", {"pack": pack, "at": at})
    style = CSS(filename=finders.find("css/pack.css"))
    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"})).write_pdf(
        stylesheets=[style], pdf_identifier=b"pack"
    )
