# Applies the proved fixes of every program given, and holds what is left to what had no fix.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: tools/apply_fixes.py SLUICE COMPILER PROGRAM... -- FLAGS...

For each program: 'sluice check --fix' on a copy; the copy must compile, and the checker must find in it
exactly as many defects as had no fix. Ends with the share of findings that had one.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

SECONDS = 300


def results(sluice, path, flags, *extra):
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "findings.sarif")
        done = subprocess.run(
            [sluice, "check", "--checks=-undirected-channel", "--format", "sarif", "--quiet",
             "--output", output, *extra, path, "--", *flags],
            timeout=SECONDS, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"exit status {done.returncode}\n{done.stdout}")
        with open(output, encoding="utf-8") as file:
            return json.load(file)["runs"][0]["results"]


def complaints(sluice, compiler, flags, copy, counts):
    found = results(sluice, copy, flags, "--fix")
    fixed = [result for result in found if result.get("fixes")]
    counts["findings"] += len(found)
    counts["fixed"] += len(fixed)
    counts["programs"] += 1
    counts["programs with a fix"] += bool(fixed)
    if not fixed:
        return
    for result in fixed:
        print(os.path.basename(copy), result["ruleId"],
              result["fixes"][0]["description"]["text"], flush=True)
    built = subprocess.run([compiler, "-fsyntax-only", *flags, copy], timeout=SECONDS, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if built.returncode:
        yield f"the repaired program does not compile:\n{built.stdout}"
    left = results(sluice, copy, flags, "--no-fixes")
    if len(left) != len(found) - len(fixed):
        yield f"{len(left)} findings after {len(fixed)} of {len(found)} were repaired"


def main():
    split = sys.argv.index("--")
    sluice, compiler, *programs = sys.argv[1:split]
    flags = sys.argv[split + 1:]
    counts = dict.fromkeys(("programs", "programs with a fix", "findings", "fixed"), 0)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for program in programs:
            copy = shutil.copy(program, folder)
            for complaint in complaints(sluice, compiler, flags, copy, counts):
                failed = True
                print(f"{program}: {complaint}", flush=True)
    print(", ".join(f"{name}: {count}" for name, count in counts.items()))
    sys.exit(failed)


if __name__ == "__main__":
    main()
