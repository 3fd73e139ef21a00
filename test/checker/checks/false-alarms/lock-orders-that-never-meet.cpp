// Opposite orders of two locks are no deadlock where something keeps them apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

void gateOk() {
  std::mutex gate, a, b;
  std::thread other([&] {
    std::lock_guard outer(gate);
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  {
    std::lock_guard outer(gate);
    std::lock_guard first(a);
    std::lock_guard second(b);
  }
  other.join();
}

void gateTooLateBad() {
  std::mutex gate, a, b;
  std::thread other([&] {
    std::lock_guard outer(gate);
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  {
    std::lock_guard first(a);
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
    std::lock_guard second(b);
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
    std::lock_guard outer(gate);
  }
  other.join();
}

void oneThreadOk() {
  std::mutex a, b;
  {
    std::lock_guard first(a);
    std::lock_guard second(b);
  }
  std::lock_guard first(b);
  std::lock_guard second(a);
}

void afterJoinOk() {
  std::mutex a, b;
  std::thread other([&] {
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  other.join();
  std::lock_guard first(a);
  std::lock_guard second(b);
}

void beforeJoinBad() {
  std::mutex a, b;
  std::thread other([&] {
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  {
    std::lock_guard first(a);
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
    std::lock_guard second(b);
  }
  other.join();
}

void releasedFirstOk() {
  std::mutex a, b;
  std::thread other([&] {
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  {
    std::unique_lock first(a);
    first.unlock();
    std::lock_guard second(b);
  }
  other.join();
}

void bothReadOk() {
  std::shared_mutex a, b;
  std::thread other([&] {
    std::shared_lock first(b);
    std::shared_lock second(a);
  });
  {
    std::shared_lock first(a);
    std::shared_lock second(b);
  }
  other.join();
}

void togetherOk() {
  std::mutex a, b;
  std::thread other([&] { std::scoped_lock both(b, a); });
  {
    std::scoped_lock both(a, b);
  }
  other.join();
}

void triesOk() {
  std::mutex a, b;
  std::thread other([&] {
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  for (bool done = false; !done;) {
    std::unique_lock first(a);
    std::unique_lock second(b, std::try_to_lock);
    done = second.owns_lock();
  }
  other.join();
}

class Registry {
public:
  // Nobody knows the object yet.
  explicit Registry(std::mutex &outer) : outer(outer) {
    std::lock_guard first(inner);
    std::lock_guard second(outer);
  }
  void add() {
    std::lock_guard first(outer);
    std::lock_guard second(inner);
  }

private:
  std::mutex &outer;
  std::mutex inner;
};

void unpublishedOk() {
  std::mutex outer;
  Registry registry(outer);
  std::thread other([&] { registry.add(); });
  registry.add();
  other.join();
}
