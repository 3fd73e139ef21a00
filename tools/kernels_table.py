#!/usr/bin/env python3
# Writes docs/kernels.md: how the checker judges the practice kernels, with states and time.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: kernels_table.py SLUICE [--check]

Judges every kernel of test/kernels, buggy and repaired, and writes the table. With --check it is
compared with what is there instead, all but the times, and the exit status says whether it is right.
"""
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/kernels.md"
FLAGS = ["-std=c++20", "-Iruntime/include"]
FINDING = re.compile(r"^  (definite|possible): \S+?:(\d+):\d+: .*\[sluice-([a-z-]+)\]$")
SCOPE = re.compile(r"^  judged from '(.*)', (\d+) states")
JUDGEMENT = re.compile(r"^  (verified|reported|no verdict)\b")


class Judged:
    """What the checker says of one variant of a kernel."""

    def __init__(self, sluice, path, define):
        command = [sluice, "check", "--no-fixes", "--checks=-undirected-channel", "--explain-verdict",
                   str(path.relative_to(ROOT)), "--", *FLAGS, *define]
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, timeout=120, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        self.seconds = time.monotonic() - started
        if done.returncode not in (0, 1):
            sys.exit(f"{path.name}: exit status {done.returncode}\n{done.stdout}")
        lines = done.stdout.splitlines()
        scopes = {m.groups() for m in map(SCOPE.match, lines) if m}
        found = {(int(m[2]), m[3], m[1]) for m in map(FINDING.match, lines) if m}
        self.states = sum(int(states) for _, states in scopes)
        self.findings = [f"`{check}` {line}, {how}" for line, check, how in sorted(found)]
        judgements = [m[1] for m in map(JUDGEMENT.match, lines) if m]
        self.met = len(judgements)
        self.judged = self.met - judgements.count("no verdict")


def rows(sluice):
    """The table's lines, and the numbers of primitives with a verdict and in all."""
    lines, judged, met = [], 0, 0
    for path in sorted((ROOT / "test/kernels").glob("*.cpp")):
        bad, good = (Judged(sluice, path, define) for define in ([], ["-DREPAIRED"]))
        judged += bad.judged + good.judged
        met += bad.met + good.met
        lines.append(f"| {path.stem} | {'; '.join(bad.findings) or 'nothing'} | {bad.states} "
                     f"| {'; '.join(good.findings) or 'silent'} | {good.states} "
                     f"| {bad.judged + good.judged} of {bad.met + good.met} "
                     f"| {bad.seconds + good.seconds:.1f} |")
    return lines, judged, met


def text(sluice):
    lines, judged, met = rows(sluice)
    return "\n".join([
        "# How the practice kernels are judged",
        "",
        "Each kernel of `test/kernels` is a program with a real bug's mechanics, buggy and, with `-DREPAIRED`, repaired. The table",
        "shows what `sluice check` says of both: the check, the line of the operation that blocks, whether it always comes about,",
        "the states explored, how many primitives of both got a verdict, and the seconds that judging both took.",
        f"A verdict was reached on {judged} of {met} primitives ({100 * judged // max(met, 1)} %).",
        "`tools/kernels_table.py` writes this page.",
        "",
        "| kernel | buggy: finding | states | repaired | states | verdicts | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *lines, ""])


def without_times(table):
    return [re.sub(r"\| [\d.]+ \|$", "|", line) for line in table.splitlines()]


def main():
    table = text(sys.argv[1])
    if "--check" not in sys.argv[2:]:
        TABLE.write_text(table, encoding="utf-8")
        return
    if without_times(TABLE.read_text(encoding="utf-8")) != without_times(table):
        sys.exit(f"docs/kernels.md is out of date; run tools/kernels_table.py SLUICE. It would be:\n{table}")


if __name__ == "__main__":
    main()
