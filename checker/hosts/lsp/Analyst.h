// With which command, models and checks open documents are judged, and in which processes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/UnitReport.h"
#include "hosts/standalone/Arguments.h"
#include "hosts/standalone/CheckSelection.h"
#include "hosts/standalone/Child.h"
#include "hosts/standalone/Preamble.h"
#include "hosts/standalone/UnitModels.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace sluice::checker::lsp {

/// The texts of open documents, by absolute path.
using OpenTexts = std::map<std::string, std::string>;

/// What a document is judged with.
struct Setting {
  standalone::UnitCommand unit;
  std::shared_ptr<const standalone::UnitModels> models;
  checks::CheckOptions options;
  std::set<std::string, std::less<>> enabled;
  std::string remark; ///< for the user, once: "no compile_commands.json…"
};

/// Starts the processes that parse and judge.
class Analyst {
public:
  /// `folder` is for preambles, and goes with the analyst.
  Analyst(standalone::CheckArguments arguments, std::string resourceDir, std::string folder);
  ~Analyst();

  /// Takes over what an editor has configured. Errors say what is wrong and what to write.
  void configure(standalone::CheckArguments changed) {
    arguments = std::move(changed);
    forget();
  }
  const standalone::CheckArguments &configuration() const { return arguments; }

  /// How to judge the file `path`; an error says why it cannot be.
  llvm::Expected<Setting> settingFor(const std::string &path);

  /// Has model files and .clang-tidy files read anew.
  void forget();

  /// Compiles what the text begins with; the child's output is for decodePreamble().
  std::optional<standalone::Child> startPreamble(const Setting &setting,
                                                 const OpenTexts &texts) const;

  /// Judges the document; the child's output is for findings::decode(). With `repair` it looks for
  /// repairs too, in the background.
  std::optional<standalone::Child> startJudging(const Setting &setting, const OpenTexts &texts,
                                                const standalone::Preamble *preamble,
                                                bool repair) const;

  /// Whether nothing that the preamble was made from has changed.
  static bool holds(const standalone::Preamble &preamble, const OpenTexts &texts);

private:
  standalone::UnitSettings settings(const Setting &setting) const;

  standalone::CheckArguments arguments;
  std::string resourceDir;
  std::string folder;
  std::shared_ptr<standalone::UnitModels> models; ///< read so far; null: none
  std::optional<standalone::CheckSelection> selection;
};

} // namespace sluice::checker::lsp
