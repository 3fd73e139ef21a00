// run() of Asio's contexts goes on while a guard has work, so a thread that runs one must not be joined before.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
// RUN: sluice check --no-fixes --explain-verdict %s -- -std=c++20 | FileCheck --check-prefix=WHY %s
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <optional>
#include <thread>

namespace asio = boost::asio;

void resetOk() {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  asio::post(io, [] {});
  work.reset();
  runner.join();
}

void keptBad() {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  asio::post(io, [] {});
  // CHECK: :[[@LINE+1]]:3: warning: join of a task waits for ever: 'runner' waits for this task in turn [sluice-deadlock]
  runner.join();
}

void keptOnOnePathBad(bool quick) {
  asio::io_context io;
  auto work = asio::make_work_guard(io.get_executor());
  std::thread runner([&] { io.run(); });
  if (quick)
    work.reset();
  // CHECK: :[[@LINE+1]]:3: warning: join of a task can wait for ever: 'runner' waits for this task in turn [sluice-deadlock]
  runner.join();
}

void endedByItsScopeOk() {
  asio::io_context io;
  std::thread runner;
  {
    asio::executor_work_guard<asio::io_context::executor_type> work(io.get_executor());
    runner = std::thread([&] { io.run(); });
  }
  runner.join();
}

void resetTwiceOk() {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  auto again = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  work.reset();
  work.reset();
  again.reset();
  runner.join();
}

void movedOk() {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  { auto moved = std::move(work); }
  runner.join();
}

// A copy has work of its own, which is not followed; the one that it is copied from keeps its own.
void copiedOk() {
  // WHY: :[[@LINE+1]]:20: wait group 'io'
  asio::io_context io;
  // WHY-NEXT: no verdict
  auto work = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  {
    auto copy = work;
    work.reset();
  }
  runner.join();
}

void optionalOk() {
  asio::io_context io;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work(io.get_executor());
  std::thread runner([&] { io.run(); });
  work.reset();
  runner.join();
}

// What stop() leaves undone is not followed, so nothing is said.
void stoppedOk() {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  std::thread runner([&] { io.run(); });
  io.stop();
  runner.join();
}
