# Checks the code quality report about the inputs of gitlab.test.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import re
import sys

issues = json.load(open(sys.argv[1]))
assert [issue["check_name"] for issue in issues] == \
    ["sluice-undirected-channel", "sluice-missing-cancellation"]
assert [issue["severity"] for issue in issues] == ["info", "critical"]
for issue in issues:
    assert list(issue) == ["description", "check_name", "fingerprint", "severity", "location"]
    assert issue["description"] and re.fullmatch("[0-9a-f]{40}", issue["fingerprint"])
    assert issue["location"]["path"].startswith("src/")
assert issues[1]["location"] == {"path": "src/warned.cpp", "lines": {"begin": 3, "end": 3}}
assert len({issue["fingerprint"] for issue in issues}) == len(issues)
