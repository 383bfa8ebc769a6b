"""The few components of our pages; /styleguide/ shows all of them.

Wrappers are block tags, leaves are includes in templates/common/.
"""

from django import forms, template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.colours import INK, WHITE, on_dark, text_on
from common.page_links import links_on
from common.refusals import UNDO

register = template.Library()


def _draw(name: str, **context) -> SafeString:
    return mark_safe(get_template(f"common/{name}.html").render(context))


DOORS = {"open": "open", "closed": "shut", "not_confirmed": "unsure"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite (common/_sprite.html), next to text that says the same."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name
    )


@register.simple_tag
def door(state: str) -> SafeString:
    """The door icon for a place's state: open, closed or not_confirmed. Its words are beside it."""
    return icon(DOORS[state])


@register.simple_tag
def brand(colour: str, css_class: str = "") -> SafeString:
    """The council's colour as a drawn surface, for light and dark pages; empty is the default.

    An SVG, because the policy of public pages allows no inline styles.
    """
    pair = {"light": colour, "dark": on_dark(colour)} if colour else {}
    return _draw("_brand", **pair, **{"class": css_class})


@register.filter
def text_on_brand(colour: str) -> str:
    """The classes that make text on a `.band` of this colour readable."""
    if not colour:
        return ""
    names = {WHITE: "white", INK: "ink"}
    return f"band--{names[text_on(colour)]} band--dark-{names[text_on(on_dark(colour))]}"


@register.simple_tag
def page_links(page, thing=None):
    """(link, URL) of what other apps register for this page; see common/page_links.py."""
    return links_on(page, thing)


@register.simple_block_tag
def notification(content, title, kind="information"):
    """A banner about what just happened or matters now. `kind`: information, success or error."""
    return _draw("_notification", content=content, title=title, kind=kind)


@register.simple_block_tag
def details(content, summary):
    """Supplementary content behind a line that summarises it."""
    return _draw("_details", content=content, summary=summary)


@register.simple_block_tag
def inset(content):
    """A quotation or an example, set apart from the text."""
    return _draw("_inset", content=content)


@register.simple_block_tag
def warning(content):
    """Something with consequences if it is overlooked."""
    return _draw("_warning", content=content)


@register.simple_block_tag(takes_context=True)
def button_form(context, content, url, kind="", label=""):
    """A button that changes something: its own POST form, with the CSRF token.

    `kind`: empty, secondary, warning, link or pill (in the bar). `label` tells identical buttons
    apart for screen readers.
    """
    token = context.get("csrf_token", "")
    return _draw("_button_form", content=content, url=url, kind=kind, label=label, csrf_token=token)


@register.simple_block_tag
def data_table(content, caption, hide_caption=False):
    """A table with its caption; it scrolls by itself on a narrow screen."""
    return _draw("_data_table", content=content, caption=caption, hide_caption=hide_caption)


@register.simple_tag
def static_or_plain(path):
    """Like {% static %}, with the plain name as a fallback: error pages must render."""
    try:
        return static(path)
    except ValueError:
        return staticfiles_storage.base_url + path


@register.simple_tag
def summarised_errors(form):
    """The errors of a form or formset as (id of the field or empty, sentence), in page order.

    Marks the form, so that it does not repeat its general errors.
    """
    form.summarised = True
    if isinstance(form, forms.BaseFormSet):
        found = [("", error) for error in form.non_form_errors()]
        for each in form.forms:
            found += summarised_errors(each)
        return found
    found = [("", error) for error in form.non_field_errors()] if form.is_bound else []
    for field in form:
        where = "" if field.is_hidden else anchor(field)
        found += [(where, error) for error in in_words(field)]
    return found


@register.filter
def anchor(field):
    """The id of the field's first focusable control."""
    if is_choices(field):
        return next((option.id_for_label for option in field.subwidgets), field.auto_id)
    return field.id_for_label or field.auto_id


def is_choices(field):
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def in_words(field):
    """The field's errors. "This field is required" names no field, so we say what to do."""
    bare = forms.Field.default_error_messages["required"]
    said = []
    for error in field.errors.as_data():
        if error.code == "required" and error.message == bare:
            said.append(_missing(field) % {"label": field.label})
        else:
            said += error.messages
    return said


def _missing(field):
    if isinstance(field.field.widget, forms.CheckboxInput):
        return _("Tick “%(label)s”")
    if isinstance(
        field.field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple
    ):
        return _("Choose an answer to “%(label)s”")
    return _("Fill in “%(label)s”")


@register.filter
def control(field):
    """Which of our field templates renders this field's widget."""
    widget = field.field.widget
    kinds = (
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.CheckboxInput, "checkbox"),
        (forms.ClearableFileInput, "file"),
        (forms.MultiWidget, "boxes"),
    )
    return next((name for kind, name in kinds if isinstance(widget, kind)), "input")


CLASSES = (
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
)
NARROW = {"date": 10, "time": 5, "number": 5, "tel": 20}


@register.simple_tag
def govuk_widget(field):
    """The field's own widget with our classes added; the original widget is unchanged."""
    widget = field.field.widget
    base = next((name for kind, name in CLASSES if isinstance(widget, kind)), "govuk-input")
    classes = [base]
    if field.errors:
        classes.append(f"{base}--error")
    given = widget.attrs.get("class", "")
    if width := NARROW.get(getattr(widget, "input_type", "")):
        classes += [] if "govuk-input--width" in given else [f"govuk-input--width-{width}"]
    return field.as_widget(attrs={"class": " ".join([*classes, given]).strip()})


@register.simple_tag
def boxes(field):
    """The parts of a widget with several boxes: (context of the part, its label)."""
    value = field.value()
    widget = field.field.widget
    drawn = widget.get_context(field.html_name, value, {"id": field.auto_id})["widget"]
    labels = getattr(widget, "labels", [""] * len(drawn["subwidgets"]))
    parts = list(zip(drawn["subwidgets"], labels, strict=True))
    for part, __ in parts:
        given = part["attrs"].get("class", "")
        error = " govuk-input--error" if field.errors else ""
        part["attrs"]["class"] = f"govuk-input govuk-date-input__input {given}{error}"
        part["attrs"].pop("required", None)
    return parts


@register.filter
def one_line(text) -> SafeString:
    """Text on one line, for a page's title: templates may spread it over several."""
    return mark_safe(" ".join(text.split()))  # {% filter %} passes text that is already escaped


@register.filter
def undo_url(message) -> str:
    """The URL to which a message's "take it back" button posts; empty if it has none."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
