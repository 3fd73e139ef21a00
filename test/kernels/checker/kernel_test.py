# A lit format that holds the checker's findings against a kernel's comments, buggy and repaired.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A kernel marks the operations that block for ever in its buggy variant:

    results.send(v); // sluice: unreceived-send

Every finding must stand at such a mark, with its check. Every mark must be met: by a finding of its
check, or by a task that a finding shows to be blocked there as well. With -DREPAIRED nothing is found.
"""
import json
import os
import re
import subprocess
import tempfile

import lit.Test
import lit.formats

MARK = re.compile(r"//\s*sluice:\s*([a-z-]+)\s*$")
SECONDS = 120


def marks(path):
    with open(path, encoding="utf-8") as source:
        found = ((number, MARK.search(line)) for number, line in enumerate(source, 1))
        return {(number, match.group(1)) for number, match in found if match}


def line_of(location):
    return location["physicalLocation"]["region"]["startLine"]


def blocked_lines(result):
    """Where the tasks of a finding wait at the end of its run."""
    for flow in result.get("codeFlows", []):
        for thread in flow["threadFlows"]:
            last = thread["locations"][-1]["location"]
            if "for ever" in last.get("message", {}).get("text", ""):
                yield line_of(last)


def check(sluice, flags, path):
    """(places of findings as (line, check), lines at which they show tasks to be blocked)."""
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "findings.sarif")
        command = [sluice, "check", "--no-fixes", "--checks=-undirected-channel", "--format",
                   "sarif", "--output", output, path, "--", *flags]
        done = subprocess.run(command, timeout=SECONDS, text=True, errors="replace",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"exit status {done.returncode}\n{done.stdout}")
        with open(output, encoding="utf-8") as file:
            results = json.load(file)["runs"][0]["results"]
    places, blocked = set(), set()
    for result in results:
        rule = result["ruleId"].removeprefix("sluice-")
        places.add((line_of(result["locations"][0]), rule))
        blocked |= set(blocked_lines(result))
    return places, blocked


def shown(places):
    return ", ".join(f"line {line}: {rule}" for line, rule in sorted(places)) or "nothing"


def complaints(sluice, flags, path):
    expected = marks(path)
    if not expected:
        yield "the kernel marks nothing"
    places, blocked = check(sluice, flags, path)
    if places - expected:
        yield f"not marked: {shown(places - expected)}"
    unmet = {(line, rule) for line, rule in expected - places if line not in blocked}
    if not places or unmet:
        yield f"not found: {shown(unmet)}"
    repaired, _ = check(sluice, [*flags, "-DREPAIRED"], path)
    if repaired:
        yield f"false alarm on the repaired kernel: {shown(repaired)}"


class KernelTest(lit.formats.FileBasedTest):
    """One kernel is one test; `known` says which are expected to fail, and why."""

    def __init__(self, settings, known):
        super().__init__()
        self.settings = settings
        self.known = known

    def execute(self, test, _):
        path = test.getSourcePath()
        flags = self.settings["c-flags" if path.endswith(".c") else "flags"]
        try:
            text = "\n".join(complaints(self.settings["sluice"], flags, path))
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            return lit.Test.FAIL, str(error)
        reason = self.known.get(os.path.basename(path))
        if text:
            return (lit.Test.XFAIL if reason else lit.Test.FAIL), f"{text}\n{reason or ''}"
        return (lit.Test.XPASS if reason else lit.Test.PASS), reason or ""
