// Objects that end right after the last operation on them, while its caller is still inside of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "crowd.hpp"
#include "load.hpp"

#include <sluice/chan.hpp>
#include <sluice/condition_variable.hpp>
#include <sluice/mutex.hpp>
#include <sluice/once.hpp>
#include <sluice/semaphore.hpp>
#include <sluice/shared_mutex.hpp>
#include <sluice/wait_group.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <vector>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr int objects = 40 * size_factor;

/// Room for one object whose memory is watched after its end: whoever writes there still has
/// touched it too late.
template <class T> class grave {
public:
  template <class... A> explicit grave(A &&...args) { ::new (room) T(std::forward<A>(args)...); }
  T *operator->() { return std::launder(reinterpret_cast<T *>(room)); }
  T &operator*() { return *operator->(); }
  void bury() {
    operator->()->~T();
    std::fill(std::begin(room), std::end(room), earth);
  }
  bool undisturbed() const {
    return std::all_of(std::begin(room), std::end(room), [](std::byte b) { return b == earth; });
  }

private:
  static constexpr std::byte earth{0xdb};
  alignas(T) std::byte room[sizeof(T)];
};

/// Many objects one after the other, half of them on the heap, for ASan, half in graves. `last_use`
/// starts what uses the object and returns once the object may end.
template <class T, class F, class... A> void end_early(chance &random, F last_use, A... args) {
  std::vector<std::unique_ptr<grave<T>>> graves;
  crowd members(random);
  for (int i = 0; i < objects; ++i) {
    if (random.one_in(2)) {
      auto on_heap = std::make_unique<T>(args...);
      last_use(*on_heap, members, random);
    } else {
      graves.push_back(std::make_unique<grave<T>>(args...));
      last_use(**graves.back(), members, random);
      graves.back()->bury();
    }
  }
  members.wait();
  for (const auto &g : graves)
    EXPECT_TRUE(g->undisturbed());
}

void wait_groups(chance &random) {
  end_early<wait_group>(random, [](wait_group &wg, crowd &members, chance &random) {
    const int n = 1 + static_cast<int>(random.below(3));
    wg.add(n);
    for (int i = 0; i < n; ++i)
      members.add([&wg](chance &own) {
        chance::spin(own.below(300));
        wg.done();
      });
    chance::spin(random.below(600));
    wg.wait();
  });
}

void semaphores(chance &random) {
  end_early<semaphore>(
      random,
      [](semaphore &s, crowd &members, chance &random) {
        members.add([&s](chance &own) {
          chance::spin(own.below(300));
          s.release();
        });
        chance::spin(random.below(600));
        s.acquire();
      },
      0);
}

// The last of two that hold the lock in turn ends it; the other one may still be inside unlock().
template <class Lock> void locks(chance &random) {
  struct shared_thing {
    Lock mu;
    int users = 2;
  };
  crowd members(random);
  for (int i = 0; i < objects; ++i) {
    auto *thing = new shared_thing;
    for (int m = 0; m < 2; ++m)
      members.add([thing](chance &own) {
        chance::spin(own.below(300));
        thing->mu.lock();
        const bool last = --thing->users == 0;
        chance::spin(own.below(100));
        thing->mu.unlock();
        if (last)
          delete thing;
      });
    random.pause();
  }
}

// A writer that gets in after a reader's last unlock_shared ends the lock.
void shared_locks(chance &random) {
  end_early<shared_mutex>(random, [](shared_mutex &mu, crowd &members, chance &random) {
    std::atomic<bool> reading{false};
    members.add([&](chance &own) {
      mu.lock_shared();
      reading = true;
      chance::spin(own.below(300));
      mu.unlock_shared();
    });
    while (!reading)
      yield();
    chance::spin(random.below(300));
    mu.lock();
    mu.unlock();
  });
}

void conditions(chance &random) {
  end_early<condition_variable>(random, [](condition_variable &cv, crowd &members, chance &random) {
    auto mu = std::make_shared<mutex>();
    auto waits = std::make_shared<bool>(false);
    members.add([=, &cv](chance &) {
      std::unique_lock lock(*mu);
      *waits = true;
      cv.wait(lock);
    });
    for (;; yield()) {
      std::lock_guard hold(*mu);
      if (*waits)
        break;
    }
    chance::spin(random.below(300));
    cv.notify_all();
  });
}

void onces(chance &random) {
  end_early<once>(random, [](once &o, crowd &members, chance &random) {
    std::atomic<bool> *begun = new std::atomic<bool>(false);
    members.add([&o, begun](chance &own) {
      o.call([&] {
        *begun = true;
        sleep_for(own.up_to(30us)); // so that the other one waits, mostly
      });
    });
    while (!*begun)
      yield();
    delete begun;
    chance::spin(random.below(300));
    o.call([] {}); // returns once the first call has ended
  });
}

// The last handle goes while the peer of the last operation is still inside of its own.
void channels(chance &random) {
  crowd members(random);
  for (int i = 0; i < objects; ++i) {
    const chan<int> c(random.below(2));
    members.add([c](chance &own) {
      chance::spin(own.below(300));
      c.send(1);
    });
    members.add([c](chance &own) {
      chance::spin(own.below(300));
      EXPECT_EQ(c.recv(), 1);
      if (own.one_in(2))
        c.close();
    });
    random.pause();
  }
}

constexpr load loads[] = {
    {"WaitGroupsEndEarly", wait_groups},
    {"SemaphoresEndEarly", semaphores},
    {"MutexesEndEarly", locks<mutex>},
    {"SharedMutexesEndEarly", locks<shared_mutex>},
    {"SharedMutexesEndAfterReaders", shared_locks},
    {"ConditionsEndEarly", conditions},
    {"OnceEndsEarly", onces},
    {"ChannelsEndEarly", channels},
};

} // namespace

std::span<const load> destruction_loads() { return loads; }

} // namespace sluice::test
