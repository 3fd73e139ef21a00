// Matches check names against pattern lists.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/CheckGlobs.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"

namespace sluice::checker::findings {

bool globMatches(llvm::StringRef pattern, llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 4> parts;
  pattern.split(parts, '*');
  if (parts.size() == 1)
    return pattern == text;
  if (!text.consume_front(parts.front()) || !text.consume_back(parts.back()))
    return false;
  for (llvm::StringRef part : llvm::ArrayRef(parts).drop_front().drop_back()) {
    size_t found = text.find(part);
    if (found == llvm::StringRef::npos)
      return false;
    text = text.drop_front(found + part.size());
  }
  return true;
}

CheckGlobs::CheckGlobs(llvm::StringRef list) {
  while (!list.empty()) {
    size_t end = list.find_first_of(",\n");
    llvm::StringRef item = list.take_front(end).trim();
    list = end == llvm::StringRef::npos ? llvm::StringRef() : list.drop_front(end + 1);
    if (item.empty())
      continue;
    bool adds = !item.consume_front("-");
    patterns.push_back({adds, item.trim().str()});
  }
}

std::optional<bool> CheckGlobs::decides(llvm::StringRef id) const {
  std::string prefixed = (checkPrefix + id).str();
  std::optional<bool> answer;
  for (const Item &item : patterns)
    if (globMatches(item.pattern, id) || globMatches(item.pattern, prefixed))
      answer = item.adds;
  return answer;
}

} // namespace sluice::checker::findings
