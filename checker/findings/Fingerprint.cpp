// Hashes what identifies a finding.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA1.h"

#include <map>

namespace sluice::checker::findings {

void assignFingerprints(std::vector<Finding> &findings, SourceText &sources) {
  std::map<std::string, uint32_t> seen;
  for (Finding &finding : findings) {
    std::string line = sources.line(finding.at.path, finding.at.span.line).trim().str();
    std::string key = finding.check + '\n' + finding.at.path + '\n' + line;
    key += '\n' + std::to_string(seen[key]++);
    auto hash =
        llvm::SHA1::hash(llvm::ArrayRef(reinterpret_cast<const uint8_t *>(key.data()), key.size()));
    finding.fingerprint = llvm::toHex(hash, /*LowerCase=*/true);
  }
}

} // namespace sluice::checker::findings
