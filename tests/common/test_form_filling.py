"""Typed values are put back into the form they came from."""

import pytest
from django.http import QueryDict

from common.form_filling import fill

PAGE = """<main><form method="get" action="/save/"><input name="name" value="search"></form>
<form method="post" action="/other/"><input name="name" value="other"></form>
<form method="post" action="/save/" id="f">
<input type="hidden" name="token" value="new"><input type="hidden" name="as_read" value="now">
<input name="name" value="Old &amp; saved" class="wide" required>
<input type="checkbox" name="offers" value="quiet" checked
><input type="checkbox" name="offers" value="tea">
<input type="radio" name="toilet" value="yes" checked><input type="radio" name="toilet" value="no">
<select name="kind"><option value="pub" selected>Pub</option
><option value="shop">Shop</option></select>
<textarea name="notes" rows="3">
Saved words</textarea>
<input name="times" value="1"><input name="times" value="2">
<input type="password" name="pass" value=""><input type="file" name="photo">
<input type="hidden" name="rows-TOTAL_FORMS" value="1"><input name="rows-0-what" value="">
<button name="copy" value="monday">Copy</button></form></main>"""
TYPED = QueryDict(
    "token=old&as_read=before&name=%22New%22+%3Cb%3E&offers=tea&toilet=no&kind=shop"
    "&notes=%0D%0ATwo%0D%0Alines+%3C/textarea%3E&times=8&times=9&pass=secret&copy=monday"
    "&rows-TOTAL_FORMS=2&rows-0-what=a&rows-1-what=b"
)


def filled(html=PAGE, typed=TYPED, action="/save/"):
    return fill(html, "/page/", action, typed, {"token"})


@pytest.mark.parametrize(
    "expected",
    [
        '<input name="name" value="&quot;New&quot; &lt;b&gt;" class="wide" required>',
        '<input type="checkbox" name="offers" value="quiet"><input',
        '<input type="checkbox" name="offers" value="tea" checked>',
        '<input type="radio" name="toilet" value="yes"><',
        '<input type="radio" name="toilet" value="no" checked>',
        '<option value="pub">Pub</option\n><option value="shop" selected>',
        '<textarea name="notes" rows="3">\n\r\nTwo\r\nlines &lt;/textarea&gt;</textarea>',
        '<input name="times" value="8"><input name="times" value="9">',
        '<input type="hidden" name="as_read" value="before">',
        '<input type="hidden" name="rows-1-what" value="b"></form>',
    ],
)
def test_each_kind_of_control_shows_what_was_typed(expected):
    assert expected in filled()


def test_tokens_passwords_buttons_and_other_forms_are_untouched():
    html = filled()
    assert '<input type="hidden" name="token" value="new">' in html
    assert '<input type="password" name="pass" value="">' in html
    assert '<form method="get" action="/save/"><input name="name" value="search">' in html
    assert '<form method="post" action="/other/"><input name="name" value="other">' in html
    assert html.count('name="copy"') == 1


def test_an_action_without_a_form_fills_nothing():
    assert filled(action="/elsewhere/") is None


def test_a_form_without_an_action_posts_to_its_own_page():
    html = '<form method="post"><input name="name"></form>'
    assert fill(html, "/page/", "/page/", TYPED, set()).count("New") == 1


def test_of_several_forms_with_one_action_the_one_for_the_same_row_is_filled():
    row = (
        '<form method="post" action="/save/"><input type="hidden" name="row" value="{}">'
        '<input name="name"></form>'
    )
    html = "".join(row.format(number) for number in (1, 2, 3))
    found = fill(html, "/", "/save/", QueryDict("row=2&name=two"), set())
    assert found.index('value="2"') < found.index('value="two"') < found.index('value="3"')
