"""What somebody typed is not lost when it could not be saved.

Three things stop a form from being saved: the log-in ran out, the log-in changed in another tab, or
an answer is wrong. In each case what was typed is kept in the session, and the page with the form
shows it again, with a note that it is not saved yet. Nothing is ever sent again by itself.

How it holds together:

- `{% csrf_token %}` (see `common/templatetags/form_page.py`) adds a hidden, signed field to every
  form behind a log-in: whose page it is, and its address.
- `keep()` puts what came with such a form into the session, bound to that person. Only a page made
  for the person can cause this, so no other site can plant answers.
- `KeptAnswersMiddleware` fills the form on the next page that has it, for that person alone; it
  forgets the answers once they are saved, or after a day.

Uploaded files and passwords are not kept; the page asks for the file again.
"""

from urllib.parse import urlsplit

from django.core.signing import BadSignature, Signer
from django.http import HttpResponseNotAllowed, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from common.form_filling import fill

FIELD = "form_page"
SESSION_KEY = "kept_answers"
AS_SAVED = "as_saved"
"""`?as_saved=1`: show the page without the kept answers, and forget them."""
TOKENS = {"csrfmiddlewaretoken", FIELD}
SECRET = {"code"}
MOST_FORMS = 5
MOST_CHARACTERS = 200_000
A_DAY = 24 * 3600
SIGNS_OF_ERROR = (b"govuk-error-summary", b"govuk-error-message", b"errornote", b"errorlist")
"""Every page that shows a form again because of an error contains one of these."""


class PageToken(str):
    """Django's CSRF token, together with the page that its form is on.

    One value, so that a fragment that receives only `csrf_token` has both.
    """

    form_page = ""


def page_token(request) -> PageToken:
    """The context's `csrf_token`; `form_page` is empty on pages without a log-in."""
    token = PageToken(get_token(request) or "")
    if getattr(request, "needs_log_in", False) and request.user.is_authenticated:
        token.form_page = _page_of(request)
    return token


def _page_of(request) -> str:
    """The hidden field's signed value: whose page this is, and the URL of its form."""
    page = request.get_full_path()
    if request.method == "POST":  # Shown again with errors: keep the original page.
        page = _origin(request)[1] or page
    return _signer().sign_object([str(request.user.pk), page])


def keep(request, why: str) -> str:
    """Keep the input of this POST; return the URL of the page with its form.

    `why`: logged_out, log_in_changed or wrong. Keeps nothing and returns "" if the form was made
    for somebody else, or its owner is unknown.
    """
    person, page = _origin(request)
    if not person or (request.user.is_authenticated and str(request.user.pk) != person):
        return ""
    typed = request.POST.copy()
    for name in list(typed):
        if name in TOKENS | SECRET or "password" in name:
            del typed[name]
    text = typed.urlencode()
    if len(text) <= MOST_CHARACTERS:
        entry = {
            "person": person,
            "page": page,
            "typed": text,
            "files": bool(request.FILES),
            "why": why,
            "at": timezone.now().timestamp(),
        }
        others = {key: value for key, value in _all(request).items() if key != request.path}
        newest = dict([*others.items(), (request.path, entry)][-MOST_FORMS:])
        request.session[SESSION_KEY] = newest
    request.keeps_answers = True
    return page


class KeptAnswersMiddleware:
    """Fills forms, keeps and discards answers; and redirects a GET of a POST-only URL to the
    page with its form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method in ("GET", "HEAD") and isinstance(response, HttpResponseNotAllowed):
            return _to_the_form(request)
        if not getattr(request, "needs_log_in", False) or not request.user.is_authenticated:
            return response
        if request.method == "POST":
            _after_post(request, response)
        elif request.method == "GET" and SESSION_KEY in request.session:
            _show(request, response)
        return response


def _after_post(request, response):
    if getattr(request, "keeps_answers", False):
        return
    is_page = response.status_code == 200 and not response.streaming
    is_wrong = is_page and any(sign in response.content for sign in SIGNS_OF_ERROR)
    if is_wrong or getattr(request, "was_refused", False):
        keep(request, "wrong")
    elif response.status_code in (302, 303):
        _forget(request, request.path)


def _show(request, response):
    kept = _mine(request)
    if not kept or response.status_code != 200 or response.streaming:
        return
    if not response.get("Content-Type", "").startswith("text/html"):
        return
    if AS_SAVED in request.GET:
        for action, entry in kept.items():
            if urlsplit(entry["page"]).path == request.path:
                _forget(request, action)
        return
    html = response.content.decode()
    for action, entry in kept.items():
        typed = QueryDict(entry["typed"])
        filled = fill(html, request.path, action, typed, TOKENS)
        is_its_page = urlsplit(entry["page"]).path == request.path
        if filled is None and not is_its_page:
            continue
        note = {
            "why": entry["why"],
            "files": entry["files"],
            "gone": filled is None,
            "values": [value for __, values in typed.lists() for value in values if value],
            "as_saved": f"{request.path}?{AS_SAVED}=1",
        }
        html = _with_note(filled or html, render_to_string("common/_kept_answers.html", note))
    response.content = html.encode()
    add_never_cache_headers(response)


def _with_note(html, note):
    """Insert the note at the start of the page's content."""
    start = html.find("<main")
    at = html.find(">", start) + 1 if start >= 0 else 0
    return html[:at] + note + html[at:]


def _to_the_form(request):
    """The page with the form that posts here: the nearest parent URL that exists."""
    response = redirect(_page_of_kept(request) or _nearest(request.path))
    add_never_cache_headers(response)
    return response


def _page_of_kept(request):
    if not getattr(request, "needs_log_in", False):
        return ""  # Public pages must not read the session.
    entry = _mine(request).get(request.path)
    return entry["page"] if entry else ""


def _nearest(path):
    above = path.rstrip("/")
    while "/" in above:
        above = above.rpartition("/")[0]
        try:
            found = resolve(f"{above}/")
        except Resolver404:
            continue
        if not any("/" in str(part) for part in found.kwargs.values()):  # the admin's catch-alls
            return f"{above}/"
    return "/"


def _origin(request) -> tuple[str, str]:
    """(person's key, page) of the submitted form; both empty without our field."""
    try:
        person, page = _signer().unsign_object(request.POST.get(FIELD, ""))
    except (BadSignature, ValueError):
        return "", ""
    return person, page


def _signer():
    return Signer(salt="common.kept_answers")


def _all(request) -> dict:
    return request.session.get(SESSION_KEY, {})


def _mine(request) -> dict:
    """The kept answers of the current user, at most a day old; anybody else's are dropped."""
    since = timezone.now().timestamp() - A_DAY
    person = str(request.user.pk)
    found = _all(request)
    mine = {
        action: entry
        for action, entry in found.items()
        if entry["person"] == person and entry["at"] > since
    }
    if len(mine) < len(found):
        request.session[SESSION_KEY] = mine
    return mine


def _forget(request, action):
    found = _all(request)
    if action in found:
        request.session[SESSION_KEY] = {key: entry for key, entry in found.items() if key != action}
