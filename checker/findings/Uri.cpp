// Percent-encodes and decodes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Uri.h"

#include "llvm/ADT/StringExtras.h"

namespace sluice::checker::findings {

std::string encodePath(llvm::StringRef path) {
  std::string uri;
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("-._~/+@=,!$&()*;:").contains(c))
      uri += c;
    else
      uri += "%" + llvm::toHex(llvm::StringRef(&c, 1));
  }
  return uri;
}

std::string decodePath(llvm::StringRef encoded) {
  std::string path;
  for (size_t at = 0; at < encoded.size(); ++at) {
    unsigned code = 0;
    if (encoded[at] == '%' && at + 2 < encoded.size() &&
        !encoded.substr(at + 1, 2).getAsInteger(16, code)) {
      path += static_cast<char>(code);
      at += 2;
    } else {
      path += encoded[at];
    }
  }
  return path;
}

} // namespace sluice::checker::findings
