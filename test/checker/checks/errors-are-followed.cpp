// Whether an error code or an exception pointer holds an error is followed, through returns and channels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <exception>
#include <stdexcept>
#include <system_error>
#include <vector>

std::error_code open(int port) {
  if (port < 0)
    return std::make_error_code(std::errc::invalid_argument);
  return {};
}

void waits_after_an_errorBad() {
  sluice::chan<> ready;
  auto ec = open(-1);
  sluice::go([=] {
    if (!ec)
      ready.close();
  });
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'ready' waits for ever [sluice-starved-receive]
  ready.recv();
}

void waits_after_successOk() {
  sluice::chan<> ready;
  auto ec = open(80);
  sluice::go([=] {
    if (!ec)
      ready.close();
  });
  ready.recv();
}

void compared_with_a_codeOk() {
  sluice::chan<> ready;
  std::error_code ec(open(-1));
  if (ec == std::errc::timed_out || ec.value() == 0)
    ready.recv();
  ec.clear();
  if (ec)
    ready.recv();
}

void first_error_by_channelBad() {
  sluice::chan<std::exception_ptr> failed;
  sluice::go([=] {
    try {
      throw std::runtime_error("no");
    } catch (...) {
      // CHECK: :[[@LINE+1]]:7: warning: send on 'failed' blocks for ever [sluice-unreceived-send]
      failed.send(std::current_exception());
    }
  });
  std::exception_ptr none;
  if (none)
    failed.recv();
}

// Elements of a container are captured by reference.
void elements_by_referenceBad() {
  std::vector<sluice::chan<int>> lanes(2);
  for (auto &lane : lanes)
    sluice::go([&lane] {
      // CHECK: :[[@LINE+1]]:7: warning: send on 'lanes' blocks for ever [sluice-unreceived-send]
      lane.send(1);
    });
  lanes[1].recv();
}
