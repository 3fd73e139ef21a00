// The mappings of the process, as the kernel lists them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/mapped_vector.hpp"

namespace sluice::memory {

/// Ranges with room for all that one look needs.
using range_list = mapped_vector<range>;

/// One line of /proc/self/maps.
struct mapping {
  range memory;
  bool readable = false;
  bool writable = false;
  bool shared = false;
  bool heap = false;        // the part that grows with sbrk
  bool device = false;      // not memory
  bool file = false;        // a file's, /dev/zero and deleted ones included
  bool first_stack = false; // the first thread's
  bool unknown = false; // nothing says whose it is: neither a file's, nor the first thread's stack
};

/// All mappings at one moment, in order of address.
class process_map {
public:
  /// Reads them; false if that is not possible. Allocates nothing, so the world may stand still.
  bool read() noexcept;
  const mapping *begin() const noexcept { return all.begin(); }
  const mapping *end() const noexcept { return all.end(); }
  /// The mapping that `p` lies in, or null.
  const mapping *find(std::uintptr_t p) const noexcept;
  /// The pages it stands on, and those of the text, which are in the list.
  range pages() const noexcept { return all.pages(); }
  range text_pages() const noexcept { return text.pages(); }

private:
  mapped_vector<char> text; // kept, since whoever reads the list expects all of it to be there
  mapped_vector<mapping> all;
};

/// Puts ranges in order and joins those that touch.
void normalise(range_list &list) noexcept;

/// Appends the parts of `whole` that none of the normalised `holes` covers.
void subtract(range whole, const range_list &holes, range_list &out) noexcept;

} // namespace sluice::memory
