# Checks the thread flows of the one finding in unreceived-send-after-timeout.cpp.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import sys

(result,) = json.load(open(sys.argv[1]))["runs"][0]["results"]
assert result["ruleId"] == "sluice-unreceived-send"
(flow,) = result["codeFlows"]
threads = flow["threadFlows"]
assert len(threads) == 2 and threads[0]["id"] == "searchBad", [t["id"] for t in threads]
steps = [step for thread in threads for step in thread["locations"]]
orders = [step["executionOrder"] for step in steps]
assert sorted(orders) == list(range(1, len(steps) + 1)), orders
last = max(steps, key=lambda step: step["executionOrder"])
assert "waits for ever" in last["location"]["message"]["text"]
assert last in threads[1]["locations"]
assert [step for step in steps if step["importance"] == "essential"] == [last]
assert result["properties"]["certainty"] == "possible"
assert len(result["relatedLocations"]) == len(steps)
