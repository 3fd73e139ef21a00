// A class that compares strings is judged with a client as any other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- -std=c++20 | FileCheck %s --implicit-check-not=warning:
#include <mutex>
#include <string>
#include <thread>

class Server {
public:
  ~Server() { finish("all"); }
  void start() {
    std::lock_guard lock(guard);
    if (!worker.joinable())
      worker = std::thread([this] { serve(); });
  }
  void finish(const std::string &what) {
    std::lock_guard lock(guard);
    if (what == "all" && worker.joinable())
      // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: join under 'guard' can block for ever: the task needs 'guard' first
      worker.join();
  }

private:
  void serve() {
    std::lock_guard lock(guard);
    ++served;
  }
  std::mutex guard;
  std::thread worker;
  int served = 0;
};
