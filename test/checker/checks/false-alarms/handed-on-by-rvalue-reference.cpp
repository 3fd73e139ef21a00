// Who takes a handle by rvalue reference may keep it, or leave it where it is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>
#include <thread>
#include <utility>

void work();

class Joining {
public:
  explicit Joining(std::thread &&given) : thread(std::move(given)) {}
  ~Joining() { thread.join(); }

private:
  std::thread thread;
};

void keep(std::thread &&given) {
  std::thread mine(std::move(given));
  mine.join();
}
void leave(std::thread &&) {}

void temporariesOk() {
  Joining first((std::thread(work)));
  Joining second{std::thread([] { work(); })};
  keep(std::thread(work));
}

void namedOk() {
  std::thread one(work), other(work);
  Joining first(std::move(one));
  keep(std::move(other));
}

void leftToItselfOk() {
  std::thread one(work);
  leave(std::move(one));
  one.join();
}

void nobodyJoinsBad() {
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: thread 'one' is neither joined nor detached {{.*}} [sluice-unjoined-task]
  std::thread one(work);
}

void enter(std::unique_lock<std::mutex> &&given) {
  std::unique_lock<std::mutex> mine(std::move(given));
}

void guardsOk() {
  std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  enter(std::move(lock));
  enter(std::unique_lock<std::mutex>(mutex));
  std::lock_guard<std::mutex> again(mutex);
}
