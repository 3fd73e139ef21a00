# Shows that each house test rejects a sample that breaks its rule, and accepts one that keeps it.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import tempfile
import unittest

import arrows
import budgets
import checks_complete
import document_examples
import files
import functions
import headers_alone
import message_style

LICENCE = "// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception\n"
COMPILER = os.environ.get("CXX", "c++")


class Sample(unittest.TestCase):
    """A tree in a temporary folder."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = self.folder.name

    def write(self, path, text, mode=0o644):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(full, mode)
        return full

    def rejects(self, complaints, words):
        self.assertTrue(any(words in one for one in complaints), f"{words!r} not in {complaints}")


class Arrows(Sample):
    def test_rejects_clang_in_the_analysis(self):
        self.write("checker/analysis/A.h", "#include <clang/AST/Decl.h>\n")
        self.write("checker/analysis/B.h", '#include "clang/AST/Decl.h"\n')
        self.assertEqual(len(arrows.complaints(self.root)), 2)

    def test_rejects_the_other_half(self):
        self.write("runtime/core/a.hpp", '#include "skeleton/Program.h"\n')
        self.rejects(arrows.complaints(self.root), "runtime/core may not include")

    def test_rejects_a_report_in_the_core(self):
        self.write("runtime/core/a.hpp", '#include "report/text.hpp"\n')
        self.rejects(arrows.complaints(self.root), "report/text.hpp")

    def test_rejects_more_than_spans_in_findings(self):
        self.write("checker/findings/A.h", '#include "skeleton/Program.h"\n')
        self.rejects(arrows.complaints(self.root), "skeleton/Program.h")

    def test_rejects_a_folder_without_a_row(self):
        self.write("checker/odds/A.h", "")
        self.rejects(arrows.complaints(self.root), "'odds' is not a folder")

    def test_accepts_what_a_row_allows(self):
        self.write("checker/findings/A.h", '#include "skeleton/Span.h"\n#include <vector>\n')
        self.write("runtime/sync/a.cpp", '#include "core/park.hpp"\n#include <sluice/chan.hpp>\n')
        self.assertEqual(arrows.complaints(self.root), [])


class Budgets(Sample):
    LONG = "int f() {\n" + "  g();\n" * 80 + "}\n"

    def test_rejects_a_long_file(self):
        self.write("runtime/core/a.cpp", "\n" * 501)
        self.rejects(budgets.complaints(self.root), "a.cpp: 501 lines")

    def test_rejects_a_long_function(self):
        self.write("runtime/core/a.cpp", self.LONG)
        self.rejects(budgets.complaints(self.root), "a.cpp:f: 82 lines")

    def test_rejects_a_high_median(self):
        self.write("runtime/core/a.cpp", "int f() {\n" + "  g();\n" * 20 + "}\n")
        self.rejects(budgets.complaints(self.root), "median")

    def test_lets_the_ratchet_excuse_but_not_rest(self):
        self.write("test/runtime/a.cpp", self.LONG)
        self.write(budgets.RATCHET, "test/runtime/a.cpp:f 82\n")
        self.assertEqual(budgets.complaints(self.root), [])
        self.write(budgets.RATCHET, "test/runtime/a.cpp:f 90\n")
        self.rejects(budgets.complaints(self.root), "lower or remove")

    def test_finds_functions_by_their_braces(self):
        text = ('namespace a {\nstruct b {\n  b() : x{1} {}\n  int c() const {\n    if (x) {\n    }\n'
                "    return '{';\n  }\n  int x = {};\n};\nauto s = \"{\";\n} // }\n"
                "int d() { return e([] { return 1; }); }\n")
        self.assertEqual([(f.name, f.length) for f in functions.functions(text)],
                         [("b", 1), ("c", 5), ("d", 1)])


class Files(Sample):
    def test_rejects_a_missing_sentence(self):
        self.write("runtime/core/a.cpp", LICENCE + "int a;\n")
        self.rejects(files.complaints(self.root), "opens with its licence")
        self.write("runtime/core/a.cpp", "int a;\n")
        self.rejects(files.complaints(self.root), "does not open with a comment")

    def test_rejects_a_missing_licence(self):
        self.write("runtime/core/a.cpp", "// A thing.\nint a;\n")
        self.rejects(files.complaints(self.root), "has no 'SPDX")

    def test_rejects_names_that_say_nothing(self):
        self.write("runtime/core/util.hpp", "// A thing.\n" + LICENCE)
        self.write("checker/misc/A.h", "// A thing.\n" + LICENCE + "namespace sluice::detail {\n")
        self.assertEqual(len(files.complaints(self.root)), 3)

    def test_accepts_a_proper_file(self):
        self.write("runtime/core/a.cpp", "// A thing.\n" + LICENCE)
        self.assertEqual(files.complaints(self.root), [])


class Checks(Sample):
    def sluice(self, line):
        return self.write("sluice", f"#!/bin/sh\necho '{line}'\n", 0o755)

    def test_rejects_a_check_with_nothing(self):
        found = checks_complete.complaints(self.root, self.sluice("lost-fish  on  a fish is lost"))
        self.assertEqual(len(found), 5)

    def test_rejects_a_page_without_a_check(self):
        self.write("docs/checks/lost-fish.md", "")
        found = checks_complete.complaints(self.root, self.sluice("no checks here"))
        self.rejects(found, "there is no such check")
        self.rejects(found, "lists nothing")

    def test_accepts_a_complete_check(self):
        self.write("docs/checks/lost-fish.md", "")
        self.write("docs/README.md", "[lost-fish](checks/lost-fish.md)\n")
        for path in ("checker/checks/LostFish.h", "checker/checks/LostFish.cpp",
                     "test/checker/checks/lost-fish-in-a-net.cpp"):
            self.write(path, "")
        found = checks_complete.complaints(self.root, self.sluice("lost-fish  on  a fish is lost"))
        self.assertEqual(found, [])

    def test_rejects_an_option_that_is_not_told_of_or_not_tested(self):
        self.write("docs/checks/lost-fish.md", "# lost-fish\n\n## Options\n\n- `Bait`: what.\n")
        options = [("lost-fish", "Depth"), ("", "Net")]
        found = list(checks_complete.option_complaints(self.root, ["lost-fish"], options))
        self.rejects(found, "lost-fish.md: its options do not tell of 'Depth'")
        self.rejects(found, "lost-fish.md: there is no option 'Bait'")
        self.rejects(found, "options.md: its options do not tell of 'Net'")
        self.rejects(found, "no test sets 'lost-fish.Depth'")
        self.rejects(found, "no test sets 'sluice.Net'")

    def test_accepts_an_option_that_is_told_of_and_tested(self):
        self.write("docs/checks/lost-fish.md", "# lost-fish\n\n## Options\n\n- `Depth`: how deep.\n")
        self.write("test/checker/options/depth.cpp", "// --check-option lost-fish.Depth=1\n")
        options = [("lost-fish", "Depth")]
        found = checks_complete.option_complaints(self.root, ["lost-fish"], options)
        self.assertEqual(list(found), [])


class Headers(Sample):
    def test_rejects_a_header_that_leans_on_another(self):
        self.write("runtime/include/sluice/a.hpp", "#pragma once\nstd::string a();\n")
        self.rejects(headers_alone.complaints(self.root, [COMPILER]), "sluice/a.hpp")

    def test_rejects_no_headers(self):
        self.rejects(headers_alone.complaints(self.root, [COMPILER]), "no public headers")

    def test_accepts_a_header_that_stands_alone(self):
        self.write("runtime/include/sluice/a.hpp", "#pragma once\n#include <string>\nstd::string a();\n")
        self.assertEqual(headers_alone.complaints(self.root, [COMPILER]), [])


class Messages(unittest.TestCase):
    def test_rejects_bad_style(self):
        for message in ("Send blocks", "1. The task starts", "send blocks.", 'send on "a" blocks'):
            self.assertTrue(message_style.complaint(message), message)

    def test_accepts_good_style(self):
        for message in ("send on 'A' blocks for ever", "2. 'search' returns", "fix: 'results(1)'"):
            self.assertEqual(message_style.complaint(message), "")


class Documents(Sample):
    def test_rejects_a_program_that_does_not_compile(self):
        self.write("README.md", "```cpp\n#include <vector>\nint main() { oops }\n```\n")
        self.rejects(document_examples.complaints(self.root, COMPILER), "README.md:1: does not")

    def test_rejects_a_command_that_fails(self):
        sluice = self.write("sluice", "#!/bin/sh\nexit 2\n", 0o755)
        self.write("README.md", "```console\n$ sluice explain lost-fish\n```\n")
        self.rejects(document_examples.complaints(self.root, COMPILER, sluice), "fails")

    def test_accepts_fragments_and_working_commands(self):
        sluice = self.write("sluice", "#!/bin/sh\nexit 0\n", 0o755)
        self.write("README.md", "```cpp\na fragment\n```\n```console\n$ sluice list-checks\n```\n")
        self.assertEqual(document_examples.complaints(self.root, COMPILER, sluice), [])


if __name__ == "__main__":
    unittest.main()
