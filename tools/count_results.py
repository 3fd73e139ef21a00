# Sums up what ctest, lit and GoogleTest recorded as 'N passed, N failed, N skipped'.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import sys
import xml.etree.ElementTree as xml


def outcome(case):
    """passed, failed or skipped: the words of one test case."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def cases(folder):
    """All test cases of one preset; a suite counts as its tests, not as one."""
    recorded = xml.parse(os.path.join(folder, "ctest.xml")).getroot().iter("testcase")
    for case in recorded:
        inner = []
        for kind in ("lit", "gtest"):
            suite = os.path.join(folder, f"{kind}-{case.get('name')}.xml")
            if os.path.exists(suite):
                inner += xml.parse(suite).getroot().iter("testcase")
        # A suite that failed without a failed test, by a crash, counts by itself.
        if not inner or (outcome(case) == "failed" and "failed" not in map(outcome, inner)):
            inner.append(case)
        yield from inner


def main(folders):
    count = {"passed": 0, "failed": 0, "skipped": 0}
    complete = True
    for folder in folders:
        try:
            for case in cases(folder):
                count[outcome(case)] += 1
        except (OSError, xml.ParseError):
            print(f"{folder}: no results")
            complete = False
    print(", ".join(f"{number} {word}" for word, number in count.items()))
    return 0 if complete and not count["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
