"""The checks that other browser tests rely on find what they are for."""

import pytest

from tests.browser.axe import CUT_OFF

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Donaudampfschifffahrtsgesellschaftskapitän"


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("<p>Short.</p>", False),
        (f"<p style='width:90px'>{LONG}</p>", True),
        (f"<p style='width:90px'><b>{LONG}</b></p>", True),
        (f"<p style='width:90px;overflow-wrap:anywhere'>{LONG}</p>", False),
        (f"<div style='width:90px;overflow:hidden'><p>{LONG}</p></div>", True),
        (f"<div style='width:90px;overflow:auto'>{LONG}</div>", True),
        (f"<div style='width:90px;overflow:auto'><p style='width:600px'>{LONG}</p></div>", False),
        ("<p style='height:20px;overflow:hidden'>One<br>two<br>three</p>", True),
        ("<p style='margin-left:-90px'>Beside the page</p>", True),
        ("<p style='position:absolute;width:1px;height:1px;overflow:hidden'>Readers</p>", False),
        ("<p style='visibility:hidden;width:9px'>Not to be seen</p>", False),
        ("<button style='width:60px;white-space:nowrap'>Find a place near you</button>", True),
    ],
)
def test_text_that_is_cut_off_or_runs_out_of_its_box_is_found(open_page, body, is_found):
    page = open_page({"width": 320, "height": 640})
    page.set_content(body)
    assert bool(page.evaluate(CUT_OFF)) == is_found
