# Configures the project with what it cannot use, and reads the error that says so.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import argparse
import os
import subprocess
import sys
import tempfile
import unittest


def options():
    parser = argparse.ArgumentParser()
    for name in ("source", "cmake", "compiler"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


class Configuring(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name

    def configure(self, *settings):
        return subprocess.run(
            [ARGS.cmake, "-S", ARGS.source, "-B", os.path.join(self.root, "build"), "-G", "Ninja",
             f"-DCMAKE_CXX_COMPILER={ARGS.compiler}", "-DSLUICE_TESTS=OFF", *settings],
            text=True, timeout=300, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def package(self, name, major):
        """A package that says it is LLVM of this major version."""
        folder = os.path.join(self.root, f"{name}-{major}")
        os.mkdir(folder)
        with open(os.path.join(folder, f"{name}Config.cmake"), "w", encoding="utf-8") as file:
            file.write(f"set(LLVM_PACKAGE_VERSION {major}.1.0)\nset(LLVM_VERSION_MAJOR {major})\n")
        return folder

    def test_another_llvm_is_an_error_that_says_what_to_do(self):
        for major in (18, 20):
            done = self.configure(f"-DLLVM_DIR={self.package('LLVM', major)}")
            self.assertNotEqual(done.returncode, 0)
            words = " ".join(done.stdout.split())
            self.assertIn(f"the checker needs LLVM 19, found '{major}.1.0'", words)
            self.assertIn("install llvm-19-dev", words)
            self.assertIn("-DSLUICE_CHECKER=OFF", words)

    def test_the_runtime_alone_needs_no_llvm(self):
        done = self.configure(f"-DLLVM_DIR={self.package('LLVM', 18)}", "-DSLUICE_CHECKER=OFF")
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    ARGS = options()
    unittest.main(argv=sys.argv[:1])
