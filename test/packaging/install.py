# Installs a build and sees the leak report of a program built outside the tree, in every way to link.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import argparse
import glob
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

EXPECTED = ("unreceived-send", "starved-receive", "search.cpp:18", "SUMMARY: sluice: 3 leaked")


def options():
    parser = argparse.ArgumentParser()
    for name in ("build", "source", "cmake", "compiler"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--checker", action="store_true")
    return parser.parse_args()


def run(*command, env=None):
    """Its output; a failing command is the test's failure, with all it said."""
    done = subprocess.run(command, text=True, env=env, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"{shlex.join(command)}: status {done.returncode}\n{done.stdout}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = folder.name
        cls.prefix = os.path.join(cls.root, "prefix")
        run(ARGS.cmake, "--install", ARGS.build, "--prefix", cls.prefix)
        cls.project = os.path.join(cls.root, "project")
        shutil.copytree(os.path.join(ARGS.source, "examples/leaky"), cls.project)

    def one(self, pattern):
        found = glob.glob(os.path.join(self.prefix, pattern))
        self.assertEqual(len(found), 1, f"{pattern} in the installed tree: {found}")
        return found[0]

    def reports_its_leaks(self, program, libraries=""):
        done = subprocess.run([program], text=True, timeout=60, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, env=dict(os.environ, LD_LIBRARY_PATH=libraries))
        self.assertEqual(done.returncode, 23, done.stderr)
        for words in EXPECTED:
            self.assertIn(words, done.stderr)

    def build_with_cmake(self, name, *settings):
        build = os.path.join(self.root, name)
        run(ARGS.cmake, "-S", self.project, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={ARGS.compiler}", *settings)
        run(ARGS.cmake, "--build", build)
        return os.path.join(build, "leaky")

    def test_headers_and_libraries(self):
        for pattern in ("include/sluice/sluice.hpp", "lib*/libsluice.a", "lib*/libsluice.so",
                        "lib*/libsluice.so.[0-9]", "lib*/cmake/Sluice/SluiceConfig.cmake",
                        "lib*/pkgconfig/sluice.pc"):
            self.one(pattern)

    def test_shared_through_cmake(self):
        self.reports_its_leaks(self.build_with_cmake("shared"))

    def test_static_through_cmake(self):
        listfile = os.path.join(self.project, "CMakeLists.txt")
        with open(listfile, encoding="utf-8") as file:
            text = file.read()
        self.addCleanup(lambda: open(listfile, "w", encoding="utf-8").write(text))
        with open(listfile, "w", encoding="utf-8") as file:
            file.write(text.replace("(Sluice REQUIRED)", "(Sluice REQUIRED COMPONENTS static)"))
        program = self.build_with_cmake("static")
        self.assertNotIn("libsluice", run("ldd", program))
        self.reports_its_leaks(program)

    def test_pkg_config(self):
        folder = os.path.dirname(self.one("lib*/pkgconfig/sluice.pc"))
        flags = run("pkg-config", "--cflags", "--libs", "sluice",
                    env=dict(os.environ, PKG_CONFIG_PATH=folder))
        program = os.path.join(self.root, "with-pkg-config")
        sources = glob.glob(os.path.join(self.project, "*.cpp"))
        run(ARGS.compiler, "-std=c++20", "-g", *sources, "-o", program, *shlex.split(flags))
        self.reports_its_leaks(program, os.path.dirname(folder))

    def test_the_library_stays_linked_without_a_call(self):
        source = os.path.join(self.root, "no_call.cpp")
        with open(source, "w", encoding="utf-8") as file:
            file.write("int main() {}\n")
        folder = os.path.dirname(self.one("lib*/pkgconfig/sluice.pc"))
        flags = run("pkg-config", "--libs", "sluice", env=dict(os.environ, PKG_CONFIG_PATH=folder))
        program = os.path.join(self.root, "no-call")
        run(ARGS.compiler, source, "-o", program, *shlex.split(flags))
        self.assertIn("libsluice.so", run("readelf", "-d", program))

    def test_checker(self):
        if not ARGS.checker:
            self.skipTest("this build has no checker")
        self.one("lib*/libsluice-tidy.so")
        self.one("share/sluice/bazel/sluice.bzl")
        self.assertIn("unreceived-send", run(self.one("bin/sluice"), "list-checks"))

    def test_checker_in_a_build(self):
        if not ARGS.checker:
            self.skipTest("this build has no checker")
        project, build = os.path.join(self.root, "checked"), os.path.join(self.root, "checked-build")
        shutil.copytree(self.project, project)
        with open(os.path.join(project, "CMakeLists.txt"), "a") as text:
            text.write("\nsluice_check(leaky ARGUMENTS --fail-on never --format json --output leaky.json)\n")
        run(ARGS.cmake, "-S", project, "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={ARGS.compiler}")
        run(ARGS.cmake, "--build", build, "--target", "leaky-sluice")
        with open(os.path.join(project, "leaky.json")) as report:
            self.assertIn('"check": "unreceived-send"', report.read())


if __name__ == "__main__":
    ARGS = options()
    unittest.main(argv=sys.argv[:1])
