// Names and lines for addresses of code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace sluice::observe {

class debug_information;

/// Looks at the modules of the process once and at each address once, so it is to live as long as
/// one report: what is loaded later is unknown to it.
class symboliser {
public:
  symboliser();
  ~symboliser();

  /// The frames of a stack, inlined ones included. Without debug information a frame is the
  /// function and its module; `ours` marks the library's own and the standard library's headers.
  std::vector<report::frame> frames(std::span<const std::uintptr_t> return_addresses);

private:
  const std::vector<report::frame> &frames_of(std::uintptr_t return_address);

  std::unique_ptr<debug_information> modules_; // null until the first address is asked for
  std::map<std::uintptr_t, std::vector<report::frame>> known_;
};

/// The first frame that is neither ours nor a standard header's, as a place.
report::place user_place(std::span<const report::frame> stack);

/// Whether `file` is a header of the standard library or of this one.
bool is_library_file(const char *file);

} // namespace sluice::observe
