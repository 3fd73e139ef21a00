// Chooses, orders and prints what is told of primitives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Accounts.h"

#include <algorithm>

namespace sluice::checker::standalone {

using findings::JudgedPrimitive;
using llvm::StringRef;

namespace {

/// A file may be named by the end of its path.
bool isMadeAt(const JudgedPrimitive &primitive, StringRef place) {
  auto [file, line] = place.rsplit(':');
  StringRef path = primitive.madeAt.path;
  if (std::to_string(primitive.madeAt.span.line) != line || !path.consume_back(file))
    return false;
  return path.empty() || path.ends_with("/") || file.starts_with("/");
}

std::string written(const JudgedPrimitive &primitive) {
  std::string text = primitive.madeAt.path + ":" + std::to_string(primitive.madeAt.span.line) +
                     ":" + std::to_string(primitive.madeAt.span.column) + ": " + primitive.title +
                     "\n";
  for (const std::string &line : primitive.account)
    text += "  " + line + "\n";
  return text;
}

} // namespace

std::vector<Account> gatherAccounts(const std::vector<findings::UnitReport> &reports,
                                    StringRef place) {
  std::vector<Account> accounts;
  for (const findings::UnitReport &report : reports)
    for (const JudgedPrimitive &primitive : report.primitives)
      if (place.empty() || isMadeAt(primitive, place))
        accounts.push_back({primitive.madeAt, written(primitive)});
  std::sort(accounts.begin(), accounts.end());
  accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
  return accounts;
}

} // namespace sluice::checker::standalone
