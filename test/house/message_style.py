# Holds the checker's messages to the house style: lower-case start, no full stop, code in 'quotes'.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
import subprocess
import sys

import tree

MESSAGE = re.compile(r"^\S+:\d+:\d+: (?:warning|error|note): (.*?)(?: \[sluice-[a-z-]+\])?$")
NUMBER = re.compile(r"^\d+\. ")


def complaint(message):
    """What is wrong with one message, or nothing."""
    text = NUMBER.sub("", message)
    if text[:1].isupper():
        return f"starts with a capital: {message}"
    if text.endswith("."):
        return f"ends with a full stop: {message}"
    if '"' in text:
        return f"quotes code with double quotes: {message}"
    return ""


def messages(root, sluice):
    """All messages about the broken twins."""
    for path in tree.files(root, ".cpp", under=("test/patterns",)):
        command = [sluice, "check", os.path.join(root, path), "--", "-std=c++20",
                   f"-I{root}/runtime/include"]
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, timeout=120)
        yield from (match.group(1) for match in map(MESSAGE.match, done.stdout.splitlines()) if match)


def complaints(root, sluice):
    seen = set(messages(root, sluice))
    found = [] if seen else ["the checker said nothing about any broken twin"]
    return found + sorted(filter(None, map(complaint, seen)))


if __name__ == "__main__":
    tree.report(complaints(sys.argv[1], sys.argv[2]))
