# Checks that two SARIF logs have the same fingerprints, all different, at lines that moved by two.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import json
import sys


def prints(path):
    results = json.load(open(path))["runs"][0]["results"]
    return [(result["partialFingerprints"]["sluice/v1"],
             result["locations"][0]["physicalLocation"]["region"]["startLine"]) for result in results]


before, after = map(prints, sys.argv[1:])
assert len(before) == 3 and len({each for each, _ in before}) == 3, before
assert [(each, line + 2) for each, line in before] == after, (before, after)
