# Checks the HTML report about the inputs of html.test without a browser.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import base64
import hashlib
import html.parser
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
VOID = {"meta", "link", "input", "br", "img", "hr"}
SHAPES = {"rect", "path", "circle"}


class Page(html.parser.HTMLParser):
    """The elements of the page, in order, each with its attributes and text."""

    def __init__(self):
        super().__init__()
        self.open, self.elements = [], []

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        assert tag in SHAPES, tag
        self.elements.append({"tag": tag, "text": "", **dict(attributes)})

    def handle_endtag(self, tag):
        assert self.open and self.open[-1]["tag"] == tag, (tag, self.getpos(), self.open[-1:])
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def named(self, **wanted):
        return [element for element in self.elements
                if all(element.get(key) == value for key, value in wanted.items())]


page = Page()
page.feed(text)
page.close()
assert page.open == [], page.open

# Nothing of the input became markup, and nothing refers to anything outside of the file.
for element in page.elements:
    assert element["tag"] not in ("img", "b", "link", "iframe", "object"), element
    assert not any(key.startswith("on") for key in element), element
    for key in ("src", "href", "data", "srcset", "action"):
        assert element.get(key, "#").startswith("#"), element
assert not re.search(r"url\(|@import|https?:", text)
(script,) = page.named(tag="script")
policy = page.named(tag="meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
digest = base64.b64encode(hashlib.sha256(script["text"].encode()).digest()).decode()
assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy, policy

# Ids are there once, and what refers to one finds it.
ids = [element["id"] for element in page.elements if "id" in element]
assert len(ids) == len(set(ids)), ids
for element in page.elements:
    for key in ("aria-labelledby", "for", "data-row"):
        assert element.get(key) is None or element[key] in ids, element
    assert not element.get("href") or element["href"][1:] in ids, element

# The findings, with the names that were tried on us in full.
findings = page.named(tag="article")
assert len(findings) == 2 and len(page.named(tag="svg")) == 2
hostile = findings[0]["text"]
assert "<script>document.title = 'taken over'</script>" in hostile
assert "<img src=x onerror=alert(1)>/a\"&'<b>.cpp:13:" in hostile
assert '// </code></pre><script>document.title = "taken over"</script> & "quotes" &lt;' in hostile
assert "{{body}}" in hostile
repaired = findings[1]["text"]
assert "How to repair it" in repaired and "proved" in repaired and "doubled.close();" in repaired
levels = [int(element["tag"][1]) for element in page.elements if re.fullmatch("h[1-6]", element["tag"])]
assert levels[0] == 1 and levels.count(1) == 1
assert all(after - before <= 1 for before, after in zip(levels, levels[1:])), levels

# The pictures: a lane a task, a node a step, arrows, and the blocked end.
kinds = [element.get("class", "") for element in page.elements]
steps = [kind for kind in kinds if kind.split()[:1] == ["step"]]
assert len([kind for kind in kinds if kind == "task"]) >= 4
assert len([kind for kind in kinds if kind.startswith("node ")]) == len(steps)
assert len(page.named(**{"class": "node blocked"})) == len([k for k in steps if "end" in k]) == 2
assert page.named(**{"class": "arrow start"}) and page.named(**{"class": "arrow"})
assert len(page.named(**{"class": "blocked-text"})) == 2

# What was not judged, and why.
assert "broken.cpp" in text and "depend on unknown callees" in text
for table in page.named(tag="table"):
    assert table["text"].strip()
