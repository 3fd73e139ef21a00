// Boost.Asio's own headers are understood: coroutines that wait for ever on a channel are found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iostream>
#include <latch>

namespace asio = boost::asio;
using asio::use_awaitable;
using channel = asio::experimental::channel<void(boost::system::error_code, int)>;

asio::awaitable<void> send(channel &out, int n) {
  // CHECK: :[[@LINE+1]]:12: warning: send on 'numbers' blocks for ever [sluice-unreceived-send]
  co_await out.async_send(boost::system::error_code(), n, use_awaitable);
}

void nobodyReceivesBad() {
  asio::io_context io;
  channel numbers(io);
  asio::co_spawn(io, send(numbers, 1), asio::detached);
  io.run();
}

asio::awaitable<void> sendTo(channel &out, int n) {
  co_await out.async_send(boost::system::error_code(), n, use_awaitable);
}

asio::awaitable<int> receiveFrom(channel &in) {
  co_return co_await in.async_receive(use_awaitable);
}

asio::awaitable<void> print(channel &in) { std::cout << co_await receiveFrom(in); }

void receivedOk() {
  asio::io_context io;
  channel numbers(io);
  asio::co_spawn(io, sendTo(numbers, 1), asio::detached);
  asio::co_spawn(io, print(numbers), asio::detached);
  io.run();
}

void bufferedOk() {
  asio::io_context io;
  channel numbers(io, 1);
  asio::co_spawn(io, sendTo(numbers, 1), asio::detached);
  io.run();
}

void twiceBad() {
  asio::io_context io;
  channel numbers(io, 1);
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        co_await sendTo(numbers, 1);
        // CHECK: :[[@LINE+1]]:18: warning: send on 'numbers' blocks for ever [sluice-unreceived-send]
        co_await numbers.async_send(boost::system::error_code(), 2, use_awaitable);
      },
      asio::detached);
  io.run();
}

void neverClosedBad() {
  asio::io_context io;
  channel numbers(io);
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        for (;;)
          // CHECK: :[[@LINE+1]]:33: warning: receive from 'numbers' waits for ever [sluice-starved-receive]
          std::cout << co_await numbers.async_receive(use_awaitable);
      },
      asio::detached);
  asio::co_spawn(io, sendTo(numbers, 1), asio::detached);
  io.run();
}

void closedOk() {
  asio::io_context io;
  channel numbers(io);
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        for (;;)
          std::cout << co_await numbers.async_receive(use_awaitable);
      },
      asio::detached);
  asio::co_spawn(
      io,
      [&]() -> asio::awaitable<void> {
        co_await sendTo(numbers, 1);
        asio::steady_timer pause(io, std::chrono::seconds(1));
        co_await pause.async_wait(use_awaitable);
        numbers.close();
      },
      asio::detached);
  io.run();
}

void poolOk() {
  std::latch done(2);
  asio::thread_pool pool(2);
  for (int i = 0; i != 2; ++i)
    asio::post(pool, [&] { done.count_down(); });
  done.wait();
  pool.join();
}

void poolBad() {
  std::latch done(2);
  asio::thread_pool pool(2);
  // CHECK: :[[@LINE+1]]:26: warning: wait for 'done' blocks for ever: its counter stays above zero [sluice-wait-group-misuse]
  asio::post(pool, [&] { done.wait(); });
  pool.join();
}
// CHECK: {{[^0-9]}}0 without verdict
