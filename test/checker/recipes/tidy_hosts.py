# Tries the ways in which builds and scripts call clang-tidy: tidy_hosts.py FOLDER ROOT COMPILER PLUGIN.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import sys

from project import Project

folder, root, compiler, plugin = sys.argv[1:]
CHECKS = "-checks=-*,sluice-*"
FOUND = "warning: send on 'numbers'"
project = Project(folder, root, compiler)

# run-clang-tidy, which takes every file of the database.
project.configure()
whole = ["run-clang-tidy-19", "-load", plugin, CHECKS, "-warnings-as-errors=sluice-*", "-p", "build", "-quiet"]
project.run(*whole)
project.write("bad")
told = project.run(*whole, expect=1)
assert "send on 'numbers'" in told and "[sluice-unreceived-send" in told, told

# clang-tidy-diff, which keeps to the lines of a patch.
project.write("good")
(project.folder / ".gitignore").write_text("build\n")
project.git("init", "-q")
project.git("add", ".")
project.git("commit", "-qm", "one")
changes = ["clang-tidy-diff-19.py", "-p1", "-path", "build", "-clang-tidy-binary", "clang-tidy-19",
           "-load", plugin, CHECKS]
assert FOUND not in project.run(*changes, input=project.git("diff", "-U0", "HEAD"))
project.write("bad")
assert FOUND in project.run(*changes, input=project.git("diff", "-U0", "HEAD"))

# CMake, which calls clang-tidy beside the compiler.
tidy = f"-DCMAKE_CXX_CLANG_TIDY=clang-tidy-19;-load={plugin};{CHECKS};-warnings-as-errors=sluice-*"
project.configure(tidy)
told = project.run("ninja", "-C", "build", expect="failure")
assert "send on 'numbers'" in told, told
project.write("good")
project.configure(tidy)
project.run("ninja", "-C", "build")

# The guard of the guide, with a plugin and without one.
listed = project.run("clang-tidy-19", f"-load={plugin}", "-checks=sluice-*", "-list-checks")
assert "sluice-unreceived-send" in listed
assert "sluice-" not in project.run("clang-tidy-19", "-load=nowhere.so", "-checks=-*,sluice-*,bugprone-*",
                                    "-list-checks")
