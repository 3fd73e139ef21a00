# Checks the shape of a SARIF log that `sluice check` wrote about the inputs of sarif.test.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import sys

log = json.load(open(sys.argv[1]))
assert log["version"] == "2.1.0", log["version"]
(run,) = log["runs"]
assert run["columnKind"] == "unicodeCodePoints"
driver = run["tool"]["driver"]
assert driver["name"] == "sluice" and driver["version"]
rules = {rule["id"]: rule for rule in driver["rules"]}
assert len(rules) == len(driver["rules"]) >= 10
for rule in rules.values():
    assert rule["shortDescription"]["text"] and "## How to repair it" in rule["help"]["markdown"]

by_rule = {result["ruleId"]: result for result in run["results"]}
assert sorted(by_rule) == ["sluice-missing-cancellation", "sluice-undirected-channel"], by_rule
for result in run["results"]:
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert len(result["partialFingerprints"]["sluice/v1"]) == 40
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    assert not physical["artifactLocation"]["uri"].startswith("/")

warned = by_rule["sluice-missing-cancellation"]
assert warned["level"] == "warning"
region = warned["locations"][0]["physicalLocation"]["region"]
assert region == {"startLine": 3, "startColumn": 28, "endLine": 3, "endColumn": 31}, region
assert warned["relatedLocations"]

styled = by_rule["sluice-undirected-channel"]
assert styled["level"] == "note"
(fix,) = styled["fixes"]
(change,) = fix["artifactChanges"]
(replacement,) = change["replacements"]
assert replacement["insertedContent"]["text"] == "send_chan"
assert replacement["deletedRegion"]["startColumn"] == 22

(invocation,) = run["invocations"]
assert invocation["executionSuccessful"] is False
(notification,) = invocation["toolExecutionNotifications"]
assert "broken.cpp" in json.dumps(notification)
