// An optional that holds zero, false or an empty string is not empty.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
// CHECK: 4 verified, 0 without verdict
#include <sluice/sluice.hpp>

#include <optional>
#include <string>

int zeros_until_the_endOk() {
  sluice::chan<int> c;
  sluice::go([=] {
    c.send(0);
    c.send(0);
    c.close();
  });
  int n = 0;
  while (c.recv())
    ++n;
  return n;
}

void false_is_an_answerOk() {
  sluice::chan<bool> answer;
  sluice::go([=] { answer.send(false); });
  if (std::optional<bool> got = answer.recv(); !got)
    answer.recv();
}

std::optional<int> port(bool known) { return known ? std::optional<int>(0) : std::nullopt; }

void zero_from_a_functionOk() {
  sluice::chan<> never;
  if (!port(true))
    never.recv();
}

void pointers_that_are_nullOk(int *p) {
  sluice::chan<> done;
  sluice::go([=] {
    if (p == nullptr)
      done.close();
  });
  if (!p)
    done.recv();
}
