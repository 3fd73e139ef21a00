# Checks C and C++ targets with Sluice: one action a source file, and one that joins what they found.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME", "C_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

SluiceInfo = provider(
    doc = "What linking needs of a target and all that it depends on.",
    fields = {
        "summaries": "depset of Files: what 'sluice extract' wrote, one a source file",
        "sources": "depset of Files: sources and headers, from which the lines of findings and NOLINT are read",
    },
)

_C = ["c"]
_CPP = ["cc", "cpp", "cxx", "c++", "C"]
_EDGES = ["deps", "implementation_deps"]

def _words(flag):
    """Splits a flag as cc_library does: at blanks that stand in no quotes and behind no backslash."""
    words, word, begun, quote, escaped = [], "", False, "", False
    for c in flag.elems():
        if escaped:
            word += c
            escaped = False
        elif c == "\\" and quote != "'":
            begun, escaped = True, True
        elif quote:
            if c == quote:
                quote = ""
            else:
                word += c
        elif c in ["'", '"']:
            begun, quote = True, c
        elif c in [" ", "\t", "\n"]:
            if begun:
                words.append(word)
            word, begun = "", False
        else:
            word += c
            begun = True
    return words + [word] if begun else words

def _words_of(ctx, attribute):
    words = []
    for flag in getattr(ctx.rule.attr, attribute, []):
        words += _words(ctx.expand_make_variables(attribute, flag, {}))
    return words

def _compilation_context(ctx, target):
    infos = [target[CcInfo]]
    for dep in getattr(ctx.rule.attr, "implementation_deps", []):
        infos.append(dep[CcInfo])
    return cc_common.merge_cc_infos(cc_infos = infos).compilation_context

def _flags(ctx, toolchain, compilation, is_c):
    """What the toolchain compiles such a source with, its own flags and those of --copt included."""
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    given = ctx.fragments.cpp.copts + (ctx.fragments.cpp.conlyopts if is_c else ctx.fragments.cpp.cxxopts)
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags = _words_of(ctx, "copts") + given,
        include_directories = compilation.includes,
        quote_include_directories = compilation.quote_includes,
        system_include_directories = compilation.system_includes,
        preprocessor_defines = depset(_words_of(ctx, "local_defines"), transitive = [compilation.defines]),
    )
    return cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = C_COMPILE_ACTION_NAME if is_c else CPP_COMPILE_ACTION_NAME,
        variables = variables,
    )

def _summary_name(target, source):
    # A source of another package or repository begins with '../' or with a folder of its own.
    path = source.short_path.replace("../", "external/")
    package = target.label.package + "/"
    if path.startswith(package):
        path = path[len(package):]
    return "_sluice/%s/%s.summary" % (target.label.name, path)

def _extract(ctx, target, toolchain, compilation, flags, source):
    summary = ctx.actions.declare_file(_summary_name(target, source))
    arguments = ctx.actions.args()
    arguments.add("extract")
    arguments.add(source)
    arguments.add("--output", summary)
    arguments.add("--root", ".")
    arguments.add_all(ctx.files._models, before_each = "--models")
    arguments.add("--")
    arguments.add_all(flags)
    ctx.actions.run(
        executable = ctx.executable._command,
        arguments = [arguments],
        inputs = depset(
            [source] + ctx.files._models + ctx.files._configuration,
            transitive = [compilation.headers, toolchain.all_files],
        ),
        outputs = [summary],
        mnemonic = "SluiceExtract",
        progress_message = "Judging %s" % source.short_path,
    )
    return summary

def _sources_of(ctx):
    return [file for file in ctx.rule.files.srcs if file.extension in _C + _CPP] if hasattr(ctx.rule.files, "srcs") else []

def _is_judged(ctx, target):
    # Another repository's code is its owner's to judge; its headers are read all the same.
    return CcInfo in target and not target.label.workspace_name and "no-sluice" not in ctx.rule.attr.tags

def _extract_all(ctx, target):
    toolchain = find_cpp_toolchain(ctx)
    compilation = _compilation_context(ctx, target)
    flags = {
        is_c: _flags(ctx, toolchain, compilation, is_c)
        for is_c in [True, False]
    }
    sources = _sources_of(ctx)
    summaries = [
        _extract(ctx, target, toolchain, compilation, flags[source.extension in _C], source)
        for source in sources
    ]
    return summaries, depset(sources, transitive = [compilation.headers])

def _aspect(target, ctx):
    below = [
        dep[SluiceInfo]
        for edge in _EDGES
        for dep in getattr(ctx.rule.attr, edge, [])
        if SluiceInfo in dep
    ]
    summaries, sources = _extract_all(ctx, target) if _is_judged(ctx, target) else ([], depset())
    info = SluiceInfo(
        summaries = depset(summaries, transitive = [each.summaries for each in below]),
        sources = depset(transitive = [sources] + [each.sources for each in below]),
    )
    return [info, OutputGroupInfo(sluice = info.summaries)]

_COMMAND = {"_command": attr.label(default = "//:command", executable = True, allow_files = True, cfg = "exec")}

sluice_aspect = aspect(
    doc = "Makes a summary of each source file of cc_library, cc_binary and cc_test targets.",
    implementation = _aspect,
    attr_aspects = _EDGES,
    attrs = dict(
        _COMMAND,
        _cc_toolchain = attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
        _configuration = attr.label(default = "//:configuration", allow_files = True),
        _models = attr.label(default = "//:models", allow_files = True),
    ),
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
    incompatible_use_toolchain_transition = True,
)

def _gathered(ctx):
    infos = [dep[SluiceInfo] for dep in ctx.attr.deps]
    summaries = depset(transitive = [info.summaries for info in infos])
    if not summaries.to_list():
        fail("no target below has a source file that Sluice can judge", attr = "deps")
    return summaries, depset(transitive = [summaries] + [info.sources for info in infos])

_SUFFIXES = {"gitlab": "json", "html": "html", "json": "json", "sarif": "sarif", "text": "txt"}

def _report(ctx):
    summaries, inputs = _gathered(ctx)
    report = ctx.actions.declare_file("%s.%s" % (ctx.label.name, _SUFFIXES[ctx.attr.format]))
    arguments = ctx.actions.args()
    arguments.add("link")
    arguments.add("--quiet")
    arguments.add("--fail-on", "never")
    arguments.add("--format", ctx.attr.format)
    arguments.add("--output", report)
    arguments.add_all(summaries)
    ctx.actions.run(
        executable = ctx.executable._command,
        arguments = [arguments],
        inputs = inputs,
        outputs = [report],
        mnemonic = "SluiceLink",
        progress_message = "Linking what Sluice found for %s" % ctx.label,
    )
    return [DefaultInfo(files = depset([report]))]

_DEPS = attr.label_list(
    doc = "The programs and libraries to judge as one, with all that they depend on.",
    mandatory = True,
    aspects = [sluice_aspect],
    providers = [CcInfo],
)

sluice_report = rule(
    doc = "Writes what Sluice finds in the targets into NAME.txt, NAME.sarif, NAME.html or NAME.json.",
    implementation = _report,
    attrs = dict(
        _COMMAND,
        deps = _DEPS,
        format = attr.string(default = "text", values = _SUFFIXES.keys()),
    ),
)

# Findings must not fail the action, or they would be no test's failure and never be cached. What
# could not be judged does.
_LINK = """
command=$1 report=$2 verdict=$3
shift 3
"$command" link "$@" >"$report" 2>&1
status=$?
if [ $status -gt 1 ]; then
  cat "$report" >&2
  exit $status
fi
echo $status >"$verdict"
"""

_SHOW = """#!/bin/sh
cat '{report}'
exit "$(cat '{verdict}')"
"""

def _check_test(ctx):
    summaries, inputs = _gathered(ctx)
    report = ctx.actions.declare_file(ctx.label.name + ".txt")
    verdict = ctx.actions.declare_file(ctx.label.name + ".status")
    arguments = ctx.actions.args()
    arguments.add_all([ctx.executable._command, report, verdict])
    arguments.add("--fail-on", ctx.attr.fail_on)
    arguments.add_all(summaries)
    ctx.actions.run_shell(
        command = _LINK,
        arguments = [arguments],
        tools = [ctx.executable._command],
        inputs = inputs,
        outputs = [report, verdict],
        mnemonic = "SluiceLink",
        progress_message = "Linking what Sluice found for %s" % ctx.label,
    )
    show = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(show, _SHOW.format(report = report.short_path, verdict = verdict.short_path), is_executable = True)
    return [DefaultInfo(executable = show, runfiles = ctx.runfiles([report, verdict]))]

sluice_check_test = rule(
    doc = "Fails where Sluice finds something in the targets, and shows it.",
    implementation = _check_test,
    attrs = dict(
        _COMMAND,
        deps = _DEPS,
        fail_on = attr.string(default = "warning", values = ["warning", "style", "never"]),
    ),
    test = True,
)

def _installed(ctx):
    command = ctx.path(ctx.attr.path) if ctx.attr.path else ctx.which("sluice")
    if not command or not command.exists:
        fail("there is no command '%s'; give sluice_installed the path of an installed one" % (ctx.attr.path or "sluice"))
    ctx.symlink(command, "sluice")
    ctx.file("BUILD.bazel", 'exports_files(["sluice"])\n')

sluice_installed = repository_rule(
    doc = "A repository whose target //:sluice is an installed command, the one in PATH if no path is given.",
    implementation = _installed,
    attrs = {"path": attr.string()},
    environ = ["PATH"],
    local = True,
)
