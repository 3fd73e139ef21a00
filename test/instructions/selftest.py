# Shows that the guard rejects a figure that has risen by more than its slack, and no other.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import contextlib
import io
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../benchmark/runtime"))
import instructions


def outcome(now, then):
    """Exit status and words of a check."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            instructions.check(now, then, instructions.PROGRAM)
        except SystemExit as end:
            return int(end.code), out.getvalue()
    return None, out.getvalue()


class Check(unittest.TestCase):
    def test_rejects_what_rose_and_names_the_remedy(self):
        status, words = outcome({"W1": 100.0, "W3": 110.2}, {"W1": 100.0, "W3": 100.0})
        self.assertEqual(status, 1)
        self.assertIn("W3: 110.2 instructions an operation, 100.0 recorded (+10.2%): more", words)
        self.assertIn("benchmark/runtime/instructions.py --update build/dev/", words)

    def test_rejects_what_is_not_recorded(self):
        self.assertEqual(outcome({"W1": 100.0}, {})[0], 1)

    def test_accepts_what_rose_a_little(self):
        status, words = outcome({"W1": 109.8}, {"W1": 100.0})
        self.assertEqual(status, 0)
        self.assertNotIn("--update", words)

    def test_accepts_what_fell_and_asks_for_a_lower_record(self):
        status, words = outcome({"W1": 80.0}, {"W1": 100.0})
        self.assertEqual(status, 0)
        self.assertIn("lower the record", words)
        self.assertIn("--update", words)


if __name__ == "__main__":
    unittest.main()
