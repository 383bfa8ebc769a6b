"""Papers of a module as downloads."""

from django.http import HttpResponse

from training.papers import Printed, paper_pdf


def paper_as_file(paper: Printed) -> HttpResponse:
    """The PDF, shown in the browser: people read it before they print it."""
    response = HttpResponse(paper_pdf(paper), content_type="application/pdf")
    name = f"{paper.module.slug}-{paper.kind}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
