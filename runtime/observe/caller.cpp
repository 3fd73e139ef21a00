// Keeps the places of all addresses that were asked for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/caller.hpp"

#include "core/sanitizer.hpp"
#include "observe/room.hpp"
#include "observe/symbols.hpp"
#include "observe/unwind.hpp"

#include <map>

namespace sluice::observe {
namespace {

struct known_places {
  symboliser symbols;
  std::map<std::uintptr_t, std::vector<report::place>> of;
};

void look_up(known_places &known, std::uintptr_t address) {
  std::vector<report::place> &places = known.of[address];
  for (const report::frame &f : known.symbols.frames(std::span(&address, 1)))
    if (!f.ours)
      places.push_back({f.file, f.line, f.function});
}

} // namespace

std::vector<report::place> places_of_caller() {
  const core::unseen_scope unseen;
  static known_places &known = *new known_places; // tasks may run while static objects end
  core::happens_after(&known); // the task that asked before did so on the same thread
  const std::vector<std::uintptr_t> stack = unwind_here();
  bool all_known = true;
  for (const std::uintptr_t address : stack)
    all_known = all_known && known.of.contains(address);
  if (!all_known)
    with_room([&] {
      for (const std::uintptr_t address : stack)
        if (!known.of.contains(address))
          look_up(known, address);
    });
  std::vector<report::place> places;
  for (const std::uintptr_t address : stack)
    for (const report::place &p : known.of[address])
      places.push_back(p);
  core::happens_before(&known);
  return places;
}

} // namespace sluice::observe
