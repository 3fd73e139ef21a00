# Holds every check to its page, its source, its tests, its line in the index, and its options.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
import subprocess
import sys

import tree

INDEX = "docs/README.md"
OPTIONS = "docs/guides/options.md"
RUNTIME_WORDS = "runtime/observe/words.cpp"


def listed(sluice):
    """The ids that 'sluice list-checks' prints, one a line, first word."""
    output = subprocess.run([sluice, "list-checks"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    return [line.split()[0] for line in output.splitlines() if re.match(r"^[a-z-]+ +(on|opt-in|off) ", line)]


def listed_options(sluice):
    """(check or "", name) for each line of 'sluice list-options'."""
    output = subprocess.run([sluice, "list-options"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout
    return re.findall(r"^sluice-?([a-z-]*)\.(\w+) ", output, re.MULTILINE)


def told_options(root, page):
    """The names that a page's section 'Options' lists."""
    if not os.path.exists(os.path.join(root, page)):
        return set()
    section = "\n".join(tree.lines(root, page)).partition("\n## Options\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^- `(\w+)`", section, re.MULTILINE))


def option_complaints(root, ids, options):
    tests = "\n".join("\n".join(tree.lines(root, test))
                      for test in tree.files(root, ".cpp", ".test", under=("test/checker",)))
    for check in ["", *ids]:
        page = f"docs/checks/{check}.md" if check else OPTIONS
        names = {name for owner, name in options if owner == check}
        told = told_options(root, page)
        for name in sorted(names - told):
            yield f"{page}: its options do not tell of '{name}'"
        for name in sorted(told - names):
            yield f"{page}: there is no option '{name}'"
        for name in sorted(names):
            key = f"{check}.{name}" if check else f"sluice.{name}"
            if key not in tests:
                yield f"test/checker: no test sets '{key}'"


def stem(check):
    return "".join(word.capitalize() for word in check.split("-"))


def check_complaints(root, check, index):
    for path in (f"docs/checks/{check}.md", f"checker/checks/{stem(check)}.h",
                 f"checker/checks/{stem(check)}.cpp"):
        if not os.path.exists(os.path.join(root, path)):
            yield f"{check}: '{path}' is missing"
    tests = tree.files(root, ".cpp", under=("test/checker/checks",))
    if not any(os.path.basename(test).startswith(check) for test in tests):
        yield f"{check}: no test 'test/checker/checks/{check}*.cpp'"
    if f"{check}.md" not in index:
        yield f"{check}: not in {INDEX}"


def named_by_the_runtime(root):
    """The ids in the tables of what the runtime reports: 'see: sluice explain ID'."""
    there = os.path.exists(os.path.join(root, RUNTIME_WORDS))
    words = "\n".join(tree.lines(root, RUNTIME_WORDS)) if there else ""
    return set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', words))


def complaints(root, sluice):
    ids = listed(sluice)
    index_there = os.path.exists(os.path.join(root, INDEX))
    index = "\n".join(tree.lines(root, INDEX)) if index_there else ""
    found = [] if ids else ["'sluice list-checks' lists nothing"]
    for check in ids:
        found += check_complaints(root, check, index)
    found += option_complaints(root, ids, listed_options(sluice))
    for check in sorted(named_by_the_runtime(root) - set(ids)):
        found.append(f"{RUNTIME_WORDS}: names '{check}', and there is no such check")
    for page in tree.files(root, ".md", under=("docs/checks",)):
        name = os.path.basename(page)[: -len(".md")]
        if name not in ids:
            found.append(f"{page}: there is no such check")
    return found


if __name__ == "__main__":
    tree.report(complaints(sys.argv[1], sys.argv[2]))
