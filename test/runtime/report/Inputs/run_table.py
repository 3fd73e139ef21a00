# Runs a program once for each row of a table in its source, and checks how each run ends.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A row is `// END: ARGUMENTS -> STATUS REPORTS [WORDS]`: the status as a shell shows it, how many
# reports there are (lines that begin with SUMMARY), and what stderr has to contain. Every run prints
# "begun" to stdout, which has to arrive unless WORDS is `lost`. Options come from the environment.
import re
import subprocess
import sys

SECONDS = 10
ROW = re.compile(r"^// END: (?P<arguments>.*?) +-> +(?P<status>\d+) (?P<reports>\d+) ?(?P<words>.*)$")


def problems(program, row):
    try:
        run = subprocess.run([program, *row["arguments"].split()], capture_output=True, text=True,
                             timeout=SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return ["hangs"]
    status = run.returncode if run.returncode >= 0 else 128 - run.returncode
    reports = run.stderr.count("\nSUMMARY") + run.stderr.startswith("SUMMARY")
    found = []
    if status != int(row["status"]):
        found.append(f"status {status}")
    if reports != int(row["reports"]):
        found.append(f"{reports} reports")
    if row["words"] == "lost":
        return found
    if row["words"] not in run.stderr:
        found.append(f"no '{row['words']}' on stderr")
    if run.stdout.count("begun") != 1:
        found.append(f"stdout is '{run.stdout}'")
    if row["reports"] == "0" and not row["words"] and run.stderr:
        found.append("words on stderr")
    return [f"{', '.join(found)}; stderr:\n{run.stderr}"] if found else []


def main():
    program, source = sys.argv[1:3]
    with open(source, encoding="utf-8") as text:
        rows = [m for m in map(ROW.match, text) if m]
    bad = 0
    for row in rows:
        for problem in problems(program, row):
            bad += 1
            print(f"{row.group(0)}\n  {problem}")
    print(f"{len(rows)} rows, {bad} bad")
    return 1 if bad or not rows else 0


sys.exit(main())
