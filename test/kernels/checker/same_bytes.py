# Checks that the checker says the same, byte for byte, each time it looks at the kernels.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: same_bytes.py SLUICE KERNELS COMPILED-HEADER FLAGS...

Skeletons and findings of the kernels in KERNELS and of every third below it, twice: with one file at a
time and with two, and with environments of different sizes, so that addresses differ even where the
system does not randomize them. Skeletons of those in KERNELS once more, without the compiled header.
"""
import difflib
import os
import pathlib
import subprocess
import sys

SECONDS = 280
MODES = ("--dump-skeleton", "--quiet")


def run(command, padding):
    environment = dict(os.environ, SLUICE_TEST_PADDING="x" * padding)
    done = subprocess.run(command, env=environment, timeout=SECONDS,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, 1):
        sys.exit(f"exit status {done.returncode}: {done.stderr.decode(errors='replace')}")
    if not done.stdout:
        sys.exit(f"no output: {command[:3]}")
    return done.stdout.decode(errors="replace").splitlines()


class Kernels:
    """A set of kernels, and how the checker looks at them."""

    def __init__(self, sluice, files, flags):
        self.sluice = sluice
        self.files = list(map(str, files))
        self.flags = flags

    def said(self, mode, jobs, padding):
        return run([self.sluice, "check", mode, "-j", str(jobs), *self.files, "--", *self.flags],
                   padding)


def same(first, second):
    lines = list(difflib.unified_diff(first, second, "first", "second", lineterm=""))
    print("\n".join(lines[:200]))
    return not lines


def main():
    sluice, folder, header, *flags = sys.argv[1:]
    with_header = [*flags, "-include-pch", header]
    kernels = pathlib.Path(folder)
    upper = sorted(kernels.glob("*.cpp"))
    below = sorted(path for path in kernels.rglob("*.cpp") if path.parent != kernels)
    some = Kernels(sluice, upper + below[::3], with_header)
    practice = Kernels(sluice, upper, with_header)
    plain = Kernels(sluice, upper, flags)
    pairs = [(some.said(mode, 1, 0), some.said(mode, 2, 5000)) for mode in MODES]
    pairs += [(practice.said("--dump-skeleton", 2, 0), plain.said("--dump-skeleton", 2, 0))]
    sys.exit(not all([same(*pair) for pair in pairs]))


if __name__ == "__main__":
    main()
