# Compares what runs with equal and with other seeds have decided and printed.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import glob
import json
import sys

folder = sys.argv[1]


def run(how, seed, time):
    [path] = [p for p in glob.glob(f"{folder}/{how}.{seed}.{time}.*") if not p.endswith(".out")]
    report = json.load(open(path))
    assert report["steps"] > 10 and report["replayable"], report
    return report["steps"], report["schedule"], open(f"{folder}/{how}.{seed}.{time}.out").read()


for how in ("random", "pct"):
    runs = [run(how, seed, "a") for seed in (1, 2, 3)]
    assert runs == [run(how, seed, "b") for seed in (1, 2, 3)], runs
    assert len(set(runs)) == 3, runs
