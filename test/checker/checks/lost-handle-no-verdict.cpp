// A receive whose channel is not followed may release any sender: no report, and none is called verified.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- %flags 2>&1 | FileCheck %s --check-prefix=LOST
// RUN: not sluice check %s -- %flags -DKNOWN 2>&1 | FileCheck %s --check-prefix=KNOWN
// LOST: no warnings in 1 file; 1 channel: 0 reported, 0 verified,
// LOST-NEXT: 1 without verdict (1 used through untracked handles)
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

void takeSecond() {
  sluice::chan<int> both[2];
#ifdef KNOWN
  sluice::go([&both] { both[0].recv(); });
#else
  sluice::go([second = &both[0] + 1] { second->recv(); });
#endif
  // KNOWN: :[[@LINE+1]]:3: warning: send on 'both' blocks for ever [sluice-unreceived-send]
  both[1].send(1);
}
