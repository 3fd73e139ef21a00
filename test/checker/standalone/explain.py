# Asks for the page of each listed check and looks for its sections.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import subprocess
import sys

sections = ["Why it matters", "Bad", "Good", "How to repair it", "Options", "At run time",
            "How to silence it"]
ids = [line.split()[0] for line in open(sys.argv[1])]
assert ids == sorted(ids) and len(ids) >= 10, ids
for check in ids:
    page = subprocess.run([sys.argv[2], "explain", check], check=True, capture_output=True,
                          text=True).stdout.splitlines()
    missing = [section for section in sections if section not in page]
    assert page[0] == check and not missing, (check, missing)
