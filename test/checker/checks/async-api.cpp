// A function that only returns the channel of one result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --checks=async-api %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=style:
// RUN: not sluice check --fail-on=style --checks=async-api %s -- %flags
#include <sluice/sluice.hpp>

int measure(int page);

// CHECK: :[[@LINE+1]]:{{[0-9]+}}: style: 'sizeBad' only starts a task and returns the channel of its one result: offer it synchronous, and leave it to callers to start a task [sluice-async-api]
sluice::recv_chan<int> sizeBad(int page) {
  sluice::chan<int> result(1);
  sluice::go([result, page] { result.send(page + 1); });
  return result;
}

// A stream is what channels are for.
sluice::recv_chan<int> streamOk(int pages) {
  sluice::chan<int> result;
  sluice::go([result, pages] {
    for (int i = 0; i < pages; ++i)
      result.send(i);
    result.close();
  });
  return result;
}

// It can be given up.
sluice::recv_chan<int> cancellableOk(sluice::context ctx, int page) {
  sluice::chan<int> result;
  sluice::go([result, ctx, page] {
    sluice::select(sluice::on_send(result, page), sluice::on_recv(ctx.done()));
  });
  return result;
}

int synchronousOk(int page) { return page + 1; }
