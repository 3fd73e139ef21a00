// Kinds of findings that an option of their check leaves out.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: rm -rf %t && mkdir -p %t/all %t/some %t/others
// RUN: cp %s %t/all/source.cpp && cp %s %t/some/source.cpp && cp %s %t/others/source.cpp
// RUN: echo "CheckOptions:" > %t/some/.clang-tidy
// RUN: echo "  sluice-missing-cancellation.IgnoredContexts: false" >> %t/some/.clang-tidy
// RUN: echo "  sluice-undirected-channel.ExportedFunctions: false" >> %t/some/.clang-tidy
// RUN: echo "  sluice-untracked-task.AllowedFunctions: 'send_*;log::*'" >> %t/some/.clang-tidy
// RUN: echo "CheckOptions:" > %t/others/.clang-tidy
// RUN: echo "  sluice-missing-cancellation.UncalledCancels: false" >> %t/others/.clang-tidy
// RUN: echo "  sluice-unjoined-task.DiscardedFutures: false" >> %t/others/.clang-tidy
// RUN: echo "  sluice-async-api.AllowedFunctions: 'nothing;*_soon'" >> %t/others/.clang-tidy
// RUN: echo "  sluice-lock-order-cycle.AcrossEntries: false" >> %t/others/.clang-tidy
// RUN: not sluice check --checks='*' --no-fixes %t/all/source.cpp -- %flags | FileCheck --implicit-check-not='{{warning:|style:}}' --check-prefixes=BOTH,SOME,OTHERS %s
// RUN: not sluice check --checks='*' --no-fixes %t/some/source.cpp -- %flags | FileCheck --implicit-check-not='{{warning:|style:}}' --check-prefixes=BOTH,SOME %s
// RUN: not sluice check --checks='*' --no-fixes %t/others/source.cpp -- %flags | FileCheck --implicit-check-not='{{warning:|style:}}' --check-prefixes=BOTH,OTHERS %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/all/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=BOTH,SOME,OTHERS %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/some/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=BOTH,SOME %s
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %t/others/source.cpp -- %flags | FileCheck --implicit-check-not=warning: --check-prefixes=BOTH,OTHERS %s
#include <sluice/sluice.hpp>

#include <future>
#include <mutex>

int measure();

// OTHERS: {{(warning|style): .*}} [sluice-missing-cancellation]
void ignores(sluice::context ctx, sluice::chan<int> both) {
  both.try_send(1);
  both.recv();
}

// SOME: {{(warning|style): .*}} [sluice-missing-cancellation]
void keeps(bool cancels) {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  if (cancels)
    cancel();
}

// OTHERS: {{(warning|style): .*}} [sluice-undirected-channel]
void exported(sluice::chan<int> out) { out.send(1); }

// BOTH: {{(warning|style): .*}} [sluice-undirected-channel]
static void internal(sluice::chan<int> out) { out.send(1); }
void use(sluice::send_chan<int> out);
void useInternal() {
  sluice::chan<int> one(1);
  internal(one);
}

// SOME: {{(warning|style): .*}} [sluice-unjoined-task]
void discards() { std::async(std::launch::async, measure); }

namespace log {
// OTHERS: {{(warning|style): .*}} [sluice-untracked-task]
void line(int number) {
  sluice::go([number] { (void)number; });
}
} // namespace log

// OTHERS: {{(warning|style): .*}} [sluice-untracked-task]
void send_all(int number) {
  sluice::go([number] { (void)number; });
}

// BOTH: {{(warning|style): .*}} [sluice-untracked-task]
void resend_all(int number) {
  sluice::go([number] { (void)number; });
}

// SOME: {{(warning|style): .*}} [sluice-async-api]
sluice::recv_chan<int> measured_soon() {
  sluice::chan<int> result(1);
  sluice::go([result] { result.send(1); });
  return result;
}

// BOTH: {{(warning|style): .*}} [sluice-async-api]
sluice::recv_chan<int> measured() {
  sluice::chan<int> result(1);
  sluice::go([result] { result.send(1); });
  return result;
}

class Store {
public:
  std::mutex m;
  int n = 0;
};
class Index {
public:
  std::mutex m;
  int n = 0;
};

void put(Store &store, Index &index) {
  std::lock_guard first(store.m);
  // SOME: {{(warning|style): .*}} [sluice-lock-order-cycle]
  std::lock_guard second(index.m);
  ++store.n;
}
void rebuild(Store &store, Index &index) {
  std::lock_guard first(index.m);
  std::lock_guard second(store.m);
  ++store.n;
}
