#!/usr/bin/env python3
# Compares home-made queues recognised with home-made queues whose bodies are followed.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: queues.py BUILD FILES... -- FLAGS

BUILD is a build folder of this project. Each file is judged twice as it is, and twice with
-DREPAIRED where it asks for that: with its queue classes recognised, and with
'--bodies-of-queues'. Files where both skeletons are the same have no queue and are left out.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

FINDING = re.compile(r"^\S+ (?:definite|possible): ", re.M)
STATES = re.compile(r"^(\d+) states$", re.M)


def output(command):
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def skeleton(build, file, flags, options):
    tool = str(build / "checker/frontend/sluice-frontend")
    return output([tool, *options, file, "--", *flags])


def judged(build, text):
    """(found, silent or no verdict; number of states)"""
    with tempfile.NamedTemporaryFile("w", suffix=".skel") as file:
        file.write(text)
        file.flush()
        tool = str(build / "checker/analysis/sluice-skeleton")
        result = output([tool, "--analyze", "--count-states", file.name])
    unjudged = re.search(r"^no verdict", result, re.M)
    verdict = "found" if FINDING.search(result) else "no verdict" if unjudged else "silent"
    return verdict, int(STATES.search(result).group(1))


def compare(build, file, flags):
    recognised, followed = (skeleton(build, file, flags, options)
                            for options in ([], ["--bodies-of-queues"]))
    return (judged(build, recognised), judged(build, followed)) if recognised != followed else None


def main(words):
    cut = words.index("--")
    build, files, flags = pathlib.Path(words[0]), words[1:cut], words[cut + 1:]
    rows = []
    for file in files:
        repairable = "REPAIRED" in pathlib.Path(file).read_text()
        for extra in ([], ["-DREPAIRED"]) if repairable else ([],):
            if found := compare(build, file, flags + extra):
                rows.append((pathlib.Path(file).stem + (" repaired" if extra else ""), *found))
    for name, (verdict, states), (other, more) in rows:
        print(f"{name:44} {verdict:10} {states:7} states; bodies: {other:10} {more:7} states")
    same = sum(recognised[0] == followed[0] for _, recognised, followed in rows)
    states, more = (sum(row[which][1] for row in rows) for which in (1, 2))
    print(f"{same} of {len(rows)} verdicts agree; {states} states, {more} with bodies")


if __name__ == "__main__":
    if len(sys.argv) < 4 or "--" not in sys.argv:
        sys.exit(__doc__)
    main(sys.argv[1:])
