// A request times out, and its handler waits for an acknowledgement that never comes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

struct request {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false, acknowledged = false;
};

static void handle(std::shared_ptr<request> r) {
  std::unique_lock hold(r->mutex);
  r->done = true;
  r->changed.notify_all();
#ifndef REPAIRED
  r->changed.wait(hold, [&] { return r->acknowledged; }); // sluice: lost-notify
#endif
}

int main() {
  auto r = std::make_shared<request>();
  std::thread handler(handle, r);
  {
    std::unique_lock hold(r->mutex);
    if (r->changed.wait_for(hold, std::chrono::milliseconds(10), [&] { return r->done; })) {
      r->acknowledged = true;
      r->changed.notify_all();
    }
  }
  handler.join(); // sluice: lost-notify
}
