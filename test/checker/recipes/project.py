# Lays out the small project that the recipes are tried on, and runs commands in it.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import pathlib
import shutil
import subprocess

INPUTS = pathlib.Path(__file__).parent / "Inputs"


class Project:
    def __init__(self, folder, root, compiler):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "src").mkdir(parents=True)
        for name in ("CMakeLists.txt", "app.hpp"):
            shutil.copy(INPUTS / name, self.folder)
        shutil.copytree(INPUTS / "parts", self.folder / "parts")
        for name in ("src/other.cpp", "parts/one.cpp", "parts/two.cpp"):
            shutil.copy(INPUTS / "other.txt", self.folder / name)
        self.write("good")
        self.environment = {**os.environ, "CXX": compiler}
        self.root = root

    def write(self, which):
        (self.folder / "app.cpp").write_text((INPUTS / f"{which}.txt").read_text())

    def run(self, *command, expect=0, **more):
        done = subprocess.run(command, cwd=self.folder, env=self.environment, text=True, timeout=280,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
        expected = done.returncode != 0 if expect == "failure" else done.returncode == expect
        assert expected, f"{command} ended with {done.returncode}, not {expect}:\n{done.stdout}"
        return done.stdout

    def configure(self, *flags, expect=0):
        shutil.rmtree(self.folder / "build", ignore_errors=True)
        return self.run("cmake", "-S", ".", "-B", "build", "-G", "Ninja", f"-DSLUICE_ROOT={self.root}",
                        "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *flags, expect=expect)

    def git(self, *arguments):
        return self.run("git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments)
