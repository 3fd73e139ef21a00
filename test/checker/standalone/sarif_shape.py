# Holds a SARIF log to the shape that SARIF 2.1.0 gives to the objects in it: names, types, what must be there.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import re
import sys


def text(value, _):
    assert isinstance(value, str) and value, value


def count(value, _):
    assert type(value) is int and value >= 0, value


def line(value, _):
    assert type(value) is int and value >= 1, value


def flag(value, _):
    assert type(value) is bool, value


def bag(value, _):
    assert isinstance(value, dict), value


def texts(value, _):
    assert isinstance(value, dict) and all(isinstance(each, str) for each in value.values()), value


def one_of(*words):
    def check(value, _):
        assert value in words, value
    return check


def uri(value, _):
    assert isinstance(value, str) and re.fullmatch(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})+", value), value


LEVEL = one_of("none", "note", "warning", "error")
# Of each object: what may be in it; what must be is marked with "!", a list with "[]".
SHAPES = {
    "log": {"$schema": uri, "!version": one_of("2.1.0"), "!runs[]": "run"},
    "run": {"!tool": "tool", "columnKind": one_of("unicodeCodePoints", "utf16CodeUnits"),
            "originalUriBaseIds": {"%SRCROOT%": "artifact"}, "invocations[]": "invocation",
            "results[]": "result", "properties": bag},
    "tool": {"!driver": "driver"},
    "driver": {"!name": text, "version": text, "semanticVersion": text, "rules[]": "rule"},
    "rule": {"!id": text, "shortDescription": "multiformat", "fullDescription": "multiformat",
             "help": "multiformat", "defaultConfiguration": "configuration", "properties": bag},
    "multiformat": {"!text": text, "markdown": text},
    "configuration": {"level": LEVEL, "enabled": flag},
    "artifact": {"uri": uri, "uriBaseId": text, "description": "message"},
    "message": {"text": lambda value, _: isinstance(value, str) or sys.exit(f"no text: {value}")},
    "invocation": {"!executionSuccessful": flag, "toolExecutionNotifications[]": "notification"},
    "notification": {"!message": "message", "level": LEVEL, "locations[]": "location"},
    "result": {"ruleId": text, "ruleIndex": count, "level": LEVEL, "!message": "message",
               "locations[]": "location", "partialFingerprints": texts, "properties": bag,
               "codeFlows[]": "codeFlow", "relatedLocations[]": "location", "fixes[]": "fix"},
    "location": {"id": count, "physicalLocation": "physical", "message": "message"},
    "physical": {"!artifactLocation": "artifact", "region": "region"},
    "region": {"startLine": line, "startColumn": line, "endLine": line, "endColumn": line},
    "codeFlow": {"!threadFlows[]": "threadFlow"},
    "threadFlow": {"id": text, "!locations[]": "threadFlowLocation"},
    "threadFlowLocation": {"location": "location", "executionOrder": count,
                           "importance": one_of("important", "essential", "unimportant")},
    "fix": {"description": "message", "!artifactChanges[]": "change"},
    "change": {"!artifactLocation": "artifact", "!replacements[]": "replacement"},
    "replacement": {"!deletedRegion": "region", "insertedContent": "message"},
}


def check(value, shape, where):
    if callable(shape):
        try:
            shape(value, where)
        except AssertionError as wrong:
            sys.exit(f"{where}: {wrong}")
        return
    known = {name.strip("![]"): (name, each)
             for name, each in (SHAPES[shape] if isinstance(shape, str) else shape).items()}
    if not isinstance(value, dict) or set(value) - set(known):
        sys.exit(f"{where}: does not belong here: {set(value) - set(known)}")
    for key, (name, each) in known.items():
        if key not in value:
            if name.startswith("!"):
                sys.exit(f"{where}: has no '{key}'")
        elif name.endswith("[]"):
            if not isinstance(value[key], list) or (key == "threadFlows" and not value[key]):
                sys.exit(f"{where}.{key}: is no list, or empty")
            for index, item in enumerate(value[key]):
                check(item, each, f"{where}.{key}[{index}]")
        else:
            check(value[key], each, f"{where}.{key}")


def regions(value):
    if isinstance(value, dict):
        if "startLine" in value:
            yield value
        for item in value.values():
            yield from regions(item)
    elif isinstance(value, list):
        for item in value:
            yield from regions(item)


for path in sys.argv[1:]:
    log = json.load(open(path))
    check(log, "log", "log")
    for region in regions(log):
        begin = region["startLine"], region.get("startColumn", 1)
        end = region.get("endLine", region["startLine"]), region.get("endColumn", 10**9)
        assert begin <= end, region
    for run in log["runs"]:
        for result in run["results"]:
            for flow in result.get("codeFlows", []):
                ids = [thread["id"] for thread in flow["threadFlows"]]
                assert len(ids) == len(set(ids)), ids
