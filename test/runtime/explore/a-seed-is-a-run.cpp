// The same seed makes the same decisions; other seeds make others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: rm -rf %t.dir && mkdir %t.dir
// RUN: sh -c 'for how in random pct; do for seed in 1 2 3; do for time in a b; do SLUICE_OPTIONS=explore=$how:seed=$seed:format=json:log_path=%t.dir/$how.$seed.$time timeout 20 %t >%t.dir/$how.$seed.$time.out || exit 1; done; done; done'
// RUN: python3 %S/Inputs/seeds.py %t.dir
#include <sluice/sluice.hpp>

#include <cstdio>
#include <mutex>

// What it prints depends on who locks when, whose case of the select is taken, and what is tried.
int main() {
  sluice::run([] {
    sluice::mutex mu;
    sluice::chan<int> a, b;
    sluice::chan<int> out(100);
    sluice::wait_group left;
    left.add(3);
    for (int i = 0; i < 3; ++i)
      sluice::go([&, i] {
        for (int j = 0; j < 5; ++j) {
          std::lock_guard hold(mu);
          out.send(i);
        }
        (i == 0 ? a : b).try_send(i);
        left.done();
      });
    sluice::go([=] { a.send(10); });
    sluice::go([=] { b.send(11); });
    for (int i = 0; i < 2; ++i)
      sluice::select(sluice::on_recv(a, [&](auto v) { out.send(*v); }),
                     sluice::on_recv(b, [&](auto v) { out.send(*v); }));
    left.wait();
    a.try_recv();
    b.try_recv();
    out.close();
    for (int v : out)
      std::printf("%d ", v);
  });
}
