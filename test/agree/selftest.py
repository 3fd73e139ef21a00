# Shows that the agreement format rejects what does not agree.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv.pop(1))
import agreement


def finding(kind, check, line):
    return {"kind": kind, "check": check, "tasks": [{"blocked_at": {"line": line}}]}


def expectation(text):
    with tempfile.NamedTemporaryFile("w", suffix=".cpp", delete=False) as file:
        file.write(text)
    try:
        return agreement.Expectation(file.name)
    finally:
        os.unlink(file.name)


LEAK = "// runtime: leaked\nc.send(1); // sluice: unreceived-send\n"


class AgreementTests(unittest.TestCase):
    def complaint(self, text, *findings):
        return agreement.report_complaint(list(findings), expectation(text))

    def test_accepts_what_was_expected(self):
        self.assertEqual(self.complaint(LEAK, finding("leak", "unreceived-send", 2)), "")

    def test_rejects_silence(self):
        self.assertIn("not reported", self.complaint(LEAK))

    def test_rejects_another_line(self):
        self.assertIn("expected leak", self.complaint(LEAK, finding("leak", "unreceived-send", 3)))

    def test_rejects_another_check(self):
        self.assertIn("expected leak", self.complaint(LEAK, finding("leak", "starved-receive", 2)))

    def test_rejects_another_kind(self):
        self.assertIn("expected leak",
                      self.complaint(LEAK, finding("unfinished", "unreceived-send", 2)))

    def test_rejects_a_report_about_a_correct_program(self):
        self.assertIn("expected no report", self.complaint("", finding("leak", "deadlock", 1)))

    def test_rejects_an_unknown_outcome(self):
        with self.assertRaises(ValueError):
            expectation("// runtime: leeked\n")

    def test_rejects_an_outcome_without_a_place(self):
        with self.assertRaises(ValueError):
            expectation("// runtime: leaked\n")


if __name__ == "__main__":
    unittest.main()
