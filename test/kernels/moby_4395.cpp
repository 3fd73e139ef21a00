// A promise of an error is returned as a channel that the caller never reads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <system_error>

sluice::recv_chan<std::error_code> promise(std::function<std::error_code()> f) {
#ifdef REPAIRED
  sluice::chan<std::error_code> result(1);
#else
  sluice::chan<std::error_code> result;
#endif
  sluice::go([result, f] {
    result.send(f()); // sluice: unreceived-send
  });
  return result;
}

int main() {
  sluice::run([] {
    promise([] { return std::make_error_code(std::errc::io_error); });
    sluice::sleep_for(std::chrono::milliseconds(10));
  });
}
