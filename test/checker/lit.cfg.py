# How lit runs the checker's tests.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import glob
import importlib.util
import os
import shutil

import lit.formats

config.name = "checker"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cpp", ".c", ".skel", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.build_root, "test", "checker")

config.environment["PATH"] = os.pathsep.join([config.llvm_tools, os.environ.get("PATH", "")])


def tool(name, path):
    # A word of its own, not a part of a path or of another tool's name.
    config.substitutions.append((r"(?<![\w%/.-])" + name + r"(?![\w/.:-])", path))


hosts = os.path.join(config.build_root, "checker", "hosts")
tool("sluice", os.path.join(hosts, "standalone", "sluice"))
tool("sluice-skeleton", config.skeleton_tool)
tool("sluice-frontend", config.frontend_tool)
tool("sluice-models", config.models_tool)
tool("FileCheck", config.filecheck)
tool("clang-tidy", os.path.join(config.llvm_tools, "clang-tidy"))

runtime_include = os.path.join(config.source_root, "runtime", "include")
config.substitutions += [
    ("%tidy-plugin", os.path.join(hosts, "tidy_plugin", "libsluice-tidy.so")),
    ("%clang-plugin", os.path.join(hosts, "clang_plugin", "libsluice-clang.so")),
    ("%sluice-clangd", os.path.join(hosts, "clang_plugin", "sluice-clangd")),
    ("%sluice-tidy", os.path.join(hosts, "tidy_plugin", "sluice-tidy")),
    ("%sluice", os.path.join(hosts, "standalone", "sluice")),
    ("%flags", "-std=c++20 -I" + runtime_include),
    ("%python", config.python),
    ("%root", config.source_root),
    ("%compiler", os.path.join(config.llvm_tools, "clang++")),
]
other = "/usr/bin/clang-tidy-14"
if os.path.exists(other):
    config.available_features.add("other-clang-tidy")
    config.substitutions.append(("%other-clang-tidy", other))

for feature, program in (("git", "git"), ("chromium", "chromium"), ("ninja", "ninja"), ("clangd", "clangd-19"),
                         ("neovim", "nvim"), ("emacs", "emacs"), ("vim", "vim")):
    if shutil.which(program):
        config.available_features.add(feature)
for feature, folder in (("eglot", "eglot"), ("flycheck", "flycheck")):
    if glob.glob(f"/usr/share/emacs/site-lisp/elpa/{folder}-*"):
        config.available_features.add(feature)
if os.path.exists("/usr/share/vim-ale/autoload/ale.vim"):
    config.available_features.add("ale")

# The packages come from a registry, which not every machine has in reach, and which some reach in their own way.
if shutil.which("npm") and not os.environ.get("SLUICE_NO_NPM"):
    config.available_features.add("npm")
    for name, value in os.environ.items():
        if name == "HOME" or name.lower().startswith(("npm_config_", "node_")) or name.lower().endswith("_proxy"):
            config.environment[name] = value

# The schema is OASIS's; where there is a copy of it, the environment names it.
schema = os.environ.get("SLUICE_SARIF_SCHEMA", "")
if os.path.exists(schema) and importlib.util.find_spec("jsonschema"):
    config.available_features.add("sarif-schema")
    config.substitutions.append(("%sarif-schema", schema))
if importlib.util.find_spec("yaml"):
    config.available_features.add("yaml")
