# Tries sluice_check(target): cmake_module.py FOLDER ROOT COMPILER SLUICE.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import os
import sys

from project import Project

folder, root, compiler, sluice = sys.argv[1:]
project = Project(folder, root, compiler)


def build(target="app-sluice", expect=0):
    return project.run("ninja", "-C", "build", target, expect=expect)


def changed(name):
    """Files are laid out as old ones, so what is touched now is later than what was built."""
    os.utime(project.folder / name)


project.write("bad")
project.configure("-DMODULES=app", f"-DSLUICE_EXECUTABLE={sluice}")
told = build(expect="failure")
assert "warning: send on 'numbers'" in told and "app.cpp:8:" in told, told
assert "no work to do" not in build(expect="failure")

project.write("good")
told = build()
assert "Judging app with sluice" in told and "no warnings in 2 files" in told, told
assert "no work to do" in build()
assert "no work to do" in build("sluice-check")
changed("app.hpp")
assert "no warnings in 2 files" in build()
assert "no work to do" in build()

project.configure("-DMODULES=parts;headers", f"-DSLUICE_EXECUTABLE={sluice}")
assert "no warnings in 2 files" in build("parts-sluice")
assert "sluice:" not in build("headers-sluice")

for flags, complaint in (
        ([f"-DSLUICE_EXECUTABLE={sluice}", "-DMODULES=nowhere"], "there is no target 'nowhere'"),
        ([f"-DSLUICE_EXECUTABLE={sluice}", "-DMODULES=app", "-DARGUMENTS=ARGUMENT;x"], "unknown 'ARGUMENT;x'"),
        (["-DSLUICE_EXECUTABLE=", "-DMODULES=app"], "the sluice command was not found")):
    told = project.configure(*flags, expect="failure")
    assert complaint in " ".join(told.split()), told
