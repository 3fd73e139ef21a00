// A depot with a ring buffer of its own: parcels.yaml beside it says which methods are a channel's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sluice check --models examples/own-queue/parcels.yaml
//   examples/own-queue/parcels.cpp -- -std=c++20
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

namespace depot {

template <class T, std::size_t N> class belt {
public:
  bool put(T item) {
    std::unique_lock<std::mutex> lock(guard);
    room.wait(lock, [this] { return held < N || stopped; });
    if (stopped)
      return false;
    items[(first + held++) % N] = item;
    filled.notify_one();
    return true;
  }

  std::optional<T> take() {
    std::unique_lock<std::mutex> lock(guard);
    filled.wait(lock, [this] { return held != 0 || stopped; });
    if (held == 0)
      return std::nullopt;
    T item = items[first];
    first = (first + 1) % N;
    --held;
    room.notify_one();
    return item;
  }

  void stop() {
    std::lock_guard<std::mutex> lock(guard);
    stopped = true;
    room.notify_all();
    filled.notify_all();
  }

private:
  std::mutex guard;
  std::condition_variable room, filled;
  std::array<T, N> items{};
  std::size_t first = 0, held = 0;
  bool stopped = false;
};

} // namespace depot

int main() {
  depot::belt<int, 4> parcels;
  std::thread packer([&] {
    while (std::optional<int> parcel = parcels.take())
      std::printf("packed %d\n", *parcel);
  });
  for (int parcel = 1; parcel != 4; ++parcel)
    parcels.put(parcel);
  // Nobody stops the belt, so the packer waits for a fourth parcel, and main for the packer.
  packer.join();
}
