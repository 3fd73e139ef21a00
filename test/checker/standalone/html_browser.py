# Uses the HTML report about the inputs of html-browser.test as a reader with a keyboard does.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import sys

from browser import Browser

FOCUSED = "document.activeElement.id || document.activeElement.className"


def luminance(browser, selector, what):
    colour = browser.evaluate(f"getComputedStyle(document.querySelector('{selector}')).{what}")
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1:-1].split(",")[:3]]
    linear = [part / 12.92 if part <= .03928 else ((part + .055) / 1.055) ** 2.4 for part in parts]
    return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2]


def contrast(browser, text, ground):
    values = sorted([luminance(browser, text, "color"), luminance(browser, ground, "backgroundColor")])
    return (values[1] + .05) / (values[0] + .05)


with Browser() as browser:
    browser.open(sys.argv[1])
    assert [url for url in browser.requests if not url.startswith("file:")] == [], browser.requests
    assert len(browser.requests) == 1 and browser.complaints == [], browser.complaints
    assert browser.evaluate("document.title") == "sluice: 3 warnings"

    # The first thing the tab key reaches skips to the findings.
    browser.tab()
    assert browser.evaluate(FOCUSED) == "skip"

    for key, focused in (("j", "finding-1"), ("j", "finding-2"), ("k", "finding-1"), ("k", "finding-1"),
                         ("j", "finding-2"), ("j", "finding-3"), ("j", "finding-3"), ("k", "finding-2")):
        browser.press(key)
        assert browser.evaluate(FOCUSED) == focused, (key, browser.evaluate(FOCUSED))
    assert browser.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    # Steps, and the row of the picture that belongs to each.
    browser.press("k")
    browser.press("n")
    step = "document.activeElement.closest('.steps').children"
    assert browser.evaluate(f"[...{step}].indexOf(document.activeElement)") == 0
    browser.press("ArrowDown")
    assert browser.evaluate(f"[...{step}].indexOf(document.activeElement)") == 1
    assert browser.evaluate("document.querySelectorAll('g.now').length") == 1
    assert browser.evaluate("document.querySelector('g.now').id") == "finding-1-row-2"
    browser.press("p")
    assert browser.evaluate("document.querySelector('g.now').id") == "finding-1-row-1"

    # A picture stays in sight when its steps are wider than the page.
    assert browser.evaluate("document.querySelector('.witness').scrollLeft") == 0

    # Each node stands at the height of its step.
    off = browser.evaluate("""Math.max(...[...document.querySelectorAll('.step')].map((step) => {
      const row = document.getElementById(step.dataset.row).getBoundingClientRect();
      return Math.abs(row.top - step.getBoundingClientRect().top); }))""")
    assert off < 2, off

    # The filter.
    browser.press("/")
    assert browser.evaluate(FOCUSED) == "filter"
    for letter in "warned.cpp":
        browser.press(letter)
    shown = "[...document.querySelectorAll('.finding')].filter((each) => !each.hidden).length"
    assert browser.evaluate(shown) == 1
    assert browser.evaluate("document.getElementById('filter-status').textContent") == "1 of 3"
    browser.press("Escape")
    assert browser.evaluate(shown) == 3

    # Both colour schemes can be read.
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        ground = luminance(browser, "body", "backgroundColor")
        assert ground > .8 if scheme == "light" else ground < .05, (scheme, ground)
        for text, behind in (("body", "body"), (".finding h2 a", ".finding"), (".summary", "body"),
                             (".meta .where", ".finding"), (".tag", ".tag"), (".step.end .text", ".finding"),
                             (".source .number", ".source")):
            ratio = contrast(browser, text, behind)
            assert ratio >= 4.5, (scheme, text, round(ratio, 2))
        if len(sys.argv) > 2:
            browser.picture(f"{sys.argv[2]}-{scheme}.png")
    assert browser.complaints == [], browser.complaints
