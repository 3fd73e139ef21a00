# Finds the functions of a C++ file without a compiler, by its braces.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import re

TOKEN = re.compile(
    r'(?P<skip>//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'|^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*)"
    r"|(?P<mark>[{};()])|(?P<word>[^\s{};()\"'/]+|[\"'/])",
    re.S | re.M)
CONTAINER = re.compile(r"^(template\b.*?>\s*)?(inline\s+)?(namespace|class|struct|union|enum|extern)\b")
NAME = re.compile(r"((?:operator\s*\S+)|[~\w:<>]+)\s*\(")


class Function:
    def __init__(self, name, first, last):
        self.name, self.first, self.last = name, first, last

    @property
    def length(self):
        return self.last - self.first + 1


class Scanner:
    """Walks the marks of a file and keeps a stack of open braces."""

    def __init__(self, text):
        self.text = text
        self.found = []
        self.stack = []  # (is a function, its name, first line)
        self.head, self.first = "", 0

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def in_function(self):
        return any(kind == "function" for kind, _, _ in self.stack)

    def opened(self):
        head = self.head.strip()
        if self.in_function():
            kind = "block"
        elif CONTAINER.match(head) and not head.rstrip().endswith(")"):
            kind = "container"
        elif "(" in head and not self._is_initialiser(head):
            kind = "function"
        else:
            kind = "block"
        name = NAME.search(head)
        self.stack.append((kind, name.group(1) if name else head[:30], self.first))
        self.head, self.first = "", 0

    @staticmethod
    def _is_initialiser(head):
        before = head.split("(")[0]
        return "=" in before and "operator" not in before

    def closed(self, offset):
        kind, name, first = self.stack.pop() if self.stack else ("block", "", 0)
        if kind == "function":
            self.found.append(Function(name, first, self.line(offset)))
        self.head, self.first = "", 0

    def run(self):
        for match in TOKEN.finditer(self.text):
            mark = match.group("mark")
            if match.group("skip"):
                continue
            if mark == "{":
                self.opened()
            elif mark == "}":
                self.closed(match.start())
            elif mark == ";" and self.head.count("(") == self.head.count(")"):
                self.head, self.first = "", 0
            else:
                self.first = self.first or self.line(match.start())
                self.head += (mark or match.group("word")) + " "
        return self.found


def functions(text):
    return Scanner(text).run()
