import xml.etree.ElementTree as ET

from common.charts import LONGEST, Chart, has_bars

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [
    ("Lost", [40, 20], ["40", "20"]),
    ("Followed or stalked by somebody on the way home from the last bus", [None, 10], ["*", "10"]),
]


def drawn(chart):
    return ET.fromstring(str(chart))


def test_bar_lengths_match_their_numbers_and_hidden_counts_have_no_bar():
    chart = Chart("chart-1", "Why people came", ["This quarter", "Last quarter"], ROWS)
    assert [bar.length for bar in chart.bars] == [LONGEST, LONGEST / 2, 0, round(LONGEST / 4)]
    svg = drawn(chart)
    bars = svg.findall(f"{SVG}rect")
    assert len(bars) == 3 + len(chart.legend)
    assert "*" in [text.text for text in svg.findall(f"{SVG}text")]


def test_bars_differ_without_colour_and_show_their_numbers():
    svg = drawn(Chart("chart-1", "T", ["This", "Last"], ROWS))
    styles = {(bar.get("fill"), bar.get("stroke-dasharray")) for bar in svg.findall(f"{SVG}rect")}
    assert len(styles) == 2
    words = [text.text for text in svg.findall(f"{SVG}text")]
    assert {"40", "20", "10", "This", "Last", "Lost"} <= set(words)


def test_the_chart_has_a_name_and_description_and_no_inline_style():
    svg = drawn(Chart("chart-1", "Lost & found", ["This"], [("A", [1], ["1"])]))
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "chart-1-title chart-1-about"
    assert svg.find(f"{SVG}title").text == "Lost & found"
    assert not [each for each in svg.iter() if each.get("style")]
    assert svg.find(f"{SVG}style") is None


def test_nothing_overflows_the_chart_and_rows_do_not_overlap():
    chart = Chart("chart-1", "T", ["This", "Last"], ROWS * 5)
    _x, _y, width, height = map(int, drawn(chart).get("viewBox").split())
    tops = [bar.top for bar in chart.bars]
    assert tops == sorted(set(tops))
    assert max(tops) + 14 < height
    assert max(bar.text_left for bar in chart.bars) < width - 40
    assert len(chart.labels) == 15, "the long label takes two lines"


def test_a_chart_of_zeros_and_hidden_counts_has_no_bars():
    assert not has_bars([[0, None], [None]])
    assert has_bars([[0, 5]])
    assert Chart("chart-1", "T", ["This"], [("A", [0], ["0"])]).bars[0].length == 0
