# Compiles the complete programs in the documentation and runs the commands that it shows.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import re
import shlex
import subprocess
import sys
import tempfile

import tree

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)
FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
QUESTIONS = {"explain", "list-checks", "--help", "--version"}


def documents(root):
    top = [name for name in os.listdir(root) if name.endswith(".md")]
    return sorted(top) + tree.files(root, ".md", under=("docs", "examples"))


def blocks(root, language):
    """(document, line, text) of every block in the language."""
    for path in documents(root):
        text = "\n".join(tree.lines(root, path)) + "\n"
        for match in BLOCK.finditer(text):
            if match.group(1) == language:
                yield path, text.count("\n", 0, match.start()) + 1, match.group(2)


def is_complete(program):
    """A block that includes what it uses claims to be a file of its own."""
    return re.search(r"^#include <", program, re.M) is not None


def compile_complaint(root, compiler, program):
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(program)
        source.flush()
        command = [compiler, *FLAGS, f"-I{root}/runtime/include", source.name]
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return "" if done.returncode == 0 else f"does not compile:\n{done.stdout}"


def can_run(root, words):
    """Whether a command needs nothing that only the reader has."""
    if words[:1] != ["sluice"] or len(words) < 2 or any(c in "|>&;" for word in words for c in word):
        return False
    if words[1] in QUESTIONS:
        return not any(word.isupper() for word in words[2:])
    named = [word for word in words[2:] if not word.startswith("-")]
    return words[1] == "check" and bool(named) and "-p" not in words and all(
        os.path.exists(os.path.join(root, word)) for word in named)


def command_complaint(root, sluice, command):
    words = shlex.split(command, comments=True)
    if not can_run(root, words):
        return ""
    done = subprocess.run([sluice, *words[1:]], cwd=root, text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return "" if done.returncode in (0, 1) else f"'{command}' fails:\n{done.stdout}"


def complaints(root, compiler, sluice=None):
    found = []
    for path, line, program in blocks(root, "cpp"):
        if is_complete(program) and (wrong := compile_complaint(root, compiler, program)):
            found.append(f"{path}:{line}: {wrong}")
    for path, line, session in blocks(root, "console") if sluice else ():
        for command in re.findall(r"^\$ (sluice .*)$", session, re.M):
            if wrong := command_complaint(root, sluice, command):
                found.append(f"{path}:{line}: {wrong}")
    return found


if __name__ == "__main__":
    tree.report(complaints(*sys.argv[1:]))
