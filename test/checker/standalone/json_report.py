# Checks the JSON report about the inputs of json.test, key by key.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import sys

report = json.load(open(sys.argv[1]))
assert list(report) == ["version", "findings", "not_judged", "unused_suppressions", "summary"]
assert report["version"] == 1 and report["unused_suppressions"] == []

styled, leak = report["findings"]
keys = ["check", "severity", "certainty", "message", "at", "fingerprint", "tasks", "steps",
        "arrows", "notes", "fixes"]
for finding in (styled, leak):
    assert list(finding) == keys, list(finding)
    assert len(finding["fingerprint"]) == 40
assert styled["check"] == "undirected-channel" and styled["severity"] == "style"
assert styled["steps"] == [] and styled["fixes"][0]["edits"][0]["text"] == "send_chan"

assert leak["check"] == "unreceived-send" and leak["certainty"] == "possible"
assert leak["at"] == {"file": "unreceived-send-after-timeout.cpp", "line": 16, "column": 20,
                      "end_line": 16, "end_column": 27}, leak["at"]
first, second = leak["tasks"]
assert [first["id"], second["id"]] == [1, 2] and first["name"] == "searchBad"
assert first["blocked_at"] is None and second["blocked_at"]["line"] == 16
steps = leak["steps"]
assert [step["id"] for step in steps] == list(range(1, len(steps) + 1))
assert {step["task"] for step in steps} == {1, 2}
assert steps[-1]["task"] == 2 and "waits for ever" in steps[-1]["text"]
assert steps[-1]["at"] == second["blocked_at"]
(start,) = leak["arrows"]
assert start["kind"] == "start" and start["to"] == steps[-1]["id"]
assert steps[start["from"] - 1]["text"] == "the task starts"
assert leak["fixes"][0]["proved"] is True

(broken,) = report["not_judged"]["files"]
assert broken["file"] == "broken.cpp" and "error" in broken["why"]
(channel,) = report["not_judged"]["primitives"]
assert list(channel) == ["kind", "made_at", "why"] and channel["kind"] == "channel"
assert channel["made_at"]["file"] == "half.cpp" and channel["why"]

summary = report["summary"]
assert summary["files"] == 4 and summary["files_not_judged"] == 1
assert summary["warnings"] == 1 and summary["style_remarks"] == 1
counts = summary["primitives"]
assert counts["reported"] == 1 and counts["not_judged"] == 1, counts
assert sum(summary["reasons"].values()) == 1
assert sum(summary["kinds"].values()) == sum(counts.values())
judged = counts["reported"] + counts["verified"]
assert abs(summary["coverage"] - 100 * judged / sum(counts.values())) < 1e-9
