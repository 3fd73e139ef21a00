// Chooses the sink for a format.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/ReportWriter.h"

#include "checks/Catalogue.h"
#include "findings/GitLabSink.h"
#include "findings/HtmlSink.h"
#include "findings/JsonSink.h"
#include "findings/OutputFile.h"
#include "findings/SarifSink.h"
#include "findings/TextSink.h"
#include "hosts/standalone/Flags.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <memory>

namespace sluice::checker::standalone {
namespace {

using findings::Sink;

std::vector<findings::Rule> rules() {
  std::vector<findings::Rule> rules;
  for (const checks::CheckInfo *check : checks::catalogue())
    rules.push_back({check->id.str(), check->summary.str(), checks::pageOf(*check).str(),
                     check->severity, check->defaultOn});
  return rules;
}

std::unique_ptr<Sink> sinkFor(Format format, llvm::raw_ostream &out,
                              findings::SourceText &sources) {
  switch (format) {
  case Format::Sarif:
    return std::make_unique<findings::SarifSink>(out, sources, rules(), SLUICE_VERSION);
  case Format::Json:
    return std::make_unique<findings::JsonSink>(out);
  case Format::GitLab:
    return std::make_unique<findings::GitLabSink>(out);
  case Format::Html:
    return std::make_unique<findings::HtmlSink>(out, sources, SLUICE_VERSION);
  case Format::Text:
    break;
  }
  return std::make_unique<findings::TextSink>(out, sources, out.has_colors());
}

llvm::Error cannotWrite(const std::string &path, const llvm::Twine &why) {
  return mistake("cannot write '" + path + "': " + why);
}

llvm::Error checkWritable(const std::string &path) {
  if (path.empty() || path == "-")
    return llvm::Error::success();
  if (llvm::sys::fs::is_directory(path))
    return cannotWrite(path, "it is a directory");
  llvm::StringRef folder = llvm::sys::path::parent_path(path);
  if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
    return cannotWrite(path, "there is no directory '" + folder + "'");
  return llvm::Error::success();
}

} // namespace

llvm::Error checkOutputs(const CheckArguments &arguments) {
  if (llvm::Error error = checkWritable(arguments.output))
    return error;
  return checkWritable(arguments.writeBaseline);
}

llvm::Error writeReport(const findings::Report &report, const CheckArguments &arguments,
                        findings::SourceText &sources) {
  bool toOutput = arguments.output.empty() || arguments.output == "-";
  bool withSummary = toOutput && arguments.format == Format::Text;
  std::string summary = arguments.quiet ? "" : findings::describe(report.summary) + '\n';
  auto writer = [&](llvm::raw_ostream &out) {
    sinkFor(arguments.format, out, sources)->write(report);
    if (withSummary)
      out << summary;
  };
  if (llvm::Error error = findings::writeFile(toOutput ? "-" : arguments.output, writer))
    return error;
  if (!withSummary)
    llvm::errs() << summary;
  return llvm::Error::success();
}

} // namespace sluice::checker::standalone
