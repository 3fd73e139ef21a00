// Lays out pages and lists for the terminal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Pager.h"

#include "checks/Catalogue.h"
#include "findings/CheckGlobs.h"

#include "llvm/Support/FormatVariadic.h"

namespace sluice::checker::standalone {
namespace {

void showHeading(llvm::StringRef line, llvm::raw_ostream &out, bool colour) {
  if (colour)
    out.changeColor(llvm::raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  out << line.ltrim('#').ltrim();
  if (colour)
    out.resetColor();
  out << '\n';
}

} // namespace

void showPage(llvm::StringRef markdown, llvm::raw_ostream &out, bool colour) {
  bool code = false;
  while (!markdown.empty()) {
    auto [line, rest] = markdown.split('\n');
    markdown = rest;
    if (line.starts_with("```"))
      code = !code;
    else if (code)
      out << (line.empty() ? "" : "    ") << line << '\n';
    else if (line.starts_with("#"))
      showHeading(line, out, colour);
    else
      out << line << '\n';
  }
}

void listChecks(llvm::raw_ostream &out) {
  for (const checks::CheckInfo *check : checks::catalogue()) {
    llvm::StringRef state = !check->defaultOn                              ? "off"
                            : check->severity == findings::Severity::Style ? "on (style)"
                                                                           : "on";
    out << llvm::formatv("{0,-21} {1,-10}  {2}\n", check->id, state, check->summary);
  }
}

void listOptions(llvm::raw_ostream &out) {
  auto list = [&](llvm::StringRef owner, llvm::ArrayRef<const checks::OptionInfo *> options) {
    for (const checks::OptionInfo *option : options) {
      std::string key = (owner + "." + option->name).str();
      out << llvm::formatv("{0,-44} {1,-6}  {2}\n", key,
                           option->standard.empty() ? "''" : option->standard.data(),
                           option->summary);
    }
  };
  list(checks::allChecks, checks::generalOptions());
  for (const checks::CheckInfo *check : checks::catalogue())
    list((findings::checkPrefix + check->id).str(), check->options);
}

} // namespace sluice::checker::standalone
