// Applies changes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Document.h"

namespace sluice::checker::lsp {

bool applyChange(std::string &text, const llvm::json::Value &change) {
  const llvm::json::Object *object = change.getAsObject();
  auto fresh = object ? object->getString("text") : std::nullopt;
  if (!fresh)
    return false;
  if (!object->get("range")) {
    text = fresh->str();
    return true;
  }
  std::optional<Range> range = rangeFrom(object->get("range"));
  if (!range)
    return false;
  size_t begin = offsetOf(text, range->start), end = offsetOf(text, range->end);
  text.replace(begin, end - begin, fresh->str());
  return true;
}

} // namespace sluice::checker::lsp
