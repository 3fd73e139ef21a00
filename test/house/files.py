# Holds every source file to its opening sentence, its licence line, and a name that is a noun.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import re
import sys

import tree

LICENCE = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
FORBIDDEN = {"util", "utils", "common", "misc", "helper", "helpers", "detail", "details"}
NAMESPACE = re.compile(r"^\s*(?:inline\s+)?namespace\s+([\w:]+)")
COMMENT = re.compile(r"^(?://|#)\s*(\S.*)$")


def opening_complaint(text):
    """What is wrong with the first lines of a file, or nothing."""
    if text and text[0].startswith("#!"):
        text = text[1:]
    sentence = COMMENT.match(text[0]) if text else None
    if not sentence:
        return "does not open with a comment that says what it is for"
    if LICENCE in sentence.group(1):
        return "opens with its licence, not with what it is for"
    if not any(LICENCE in line for line in text[1:4]):
        return f"has no '{LICENCE}' after its opening sentence"
    if not text[0].rstrip().endswith(".") and LICENCE in text[1]:
        return "does not open with a sentence that ends in a full stop"
    return ""


def name_complaint(path):
    for part in path.split("/"):
        if re.split(r"[.]", part)[0].lower() in FORBIDDEN:
            return f"'{part}' says nothing; find the noun"
    return ""


def namespace_complaints(path, text):
    for number, line in enumerate(text, 1):
        match = NAMESPACE.match(line)
        if match and FORBIDDEN & set(match.group(1).split("::")):
            yield f"{path}:{number}: namespace '{match.group(1)}' says nothing; find the noun"


def complaints(root):
    found = []
    for path in tree.files(root, *tree.CXX, ".py", ".cmake", "CMakeLists.txt", ".bzl", "BUILD.bazel"):
        text = tree.lines(root, path)
        for complaint in (opening_complaint(text), name_complaint(path)):
            if complaint:
                found.append(f"{path}: {complaint}")
        found += namespace_complaints(path, text)
    return found


if __name__ == "__main__":
    tree.report(complaints(sys.argv[1]))
