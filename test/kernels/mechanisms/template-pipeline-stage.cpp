// A stage of a generic pipeline returns at the first bad value and leaves its source full.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <optional>
#include <utility>

template <typename In, typename F> auto stage(sluice::recv_chan<In> in, F f) {
  using out_type = typename std::invoke_result_t<F, In>::value_type;
  sluice::chan<out_type> out;
  sluice::go("stage", [in, out, f] {
    sluice::defer close([&] { out.close(); });
    for (In v : in) {
      auto mapped = f(v);
      if (!mapped) {
#ifdef REPAIRED
        while (in.recv())
          ;
#endif
        return;
      }
      out.send(*mapped);
    }
  });
  return sluice::recv_chan<out_type>(out);
}

std::optional<long> checked(int v);

int main() {
  sluice::run([] {
    sluice::chan<int> source;
    sluice::go("source", [source] {
      for (int i = 0; i < 3; ++i)
        source.send(i); // sluice: unreceived-send
      source.close();
    });
    for (long v : stage(sluice::recv_chan<int>(source), checked))
      (void)v;
  });
}
