// Functions that call each other in every order are summed up together, not once for every way that
// leads round.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>

struct Tables {
  std::mutex names, scopes;
  int declared = 0, open = 0;
};

void declare(Tables &t) {
  // CHECK: [[@LINE+1]]:19: warning: lock of 'Tables::names' can wait for ever: 'declare' holds it and waits for 'Tables::scopes' [sluice-lock-order-cycle]
  std::lock_guard n(t.names);
  std::lock_guard s(t.scopes);
  t.declared += t.open;
}

template <int Rule> void parse(Tables &t, int token) {
  constexpr int Rules = 12;
  if (token == 1)
    parse<(Rule + 1) % Rules>(t, token - 1);
  if (token == 2)
    parse<(Rule + 3) % Rules>(t, token - 1);
  if (token == 3)
    parse<(Rule + 4) % Rules>(t, token - 1);
  if (token == 4)
    parse<(Rule + 6) % Rules>(t, token - 1);
  if constexpr (Rule == 7) {
    std::lock_guard s(t.scopes);
    if (token == 5)
      declare(t);
    ++t.open;
  }
}

void parse(Tables &t) { parse<0>(t, t.open); }
