// Closing a channel of Asio ends those who receive; who sends waits on. The models cannot say yet which side a
// close releases, so it releases both.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20
// XFAIL: *
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace asio = boost::asio;
using channel = asio::experimental::channel<void(boost::system::error_code, int)>;

asio::awaitable<void> send(channel &out) {
  co_await out.async_send(boost::system::error_code(), 1, asio::use_awaitable);
}

asio::awaitable<void> close(channel &in) {
  in.close();
  co_return;
}

void closedBad() {
  asio::io_context io;
  channel numbers(io);
  asio::co_spawn(io, send(numbers), asio::detached);
  asio::co_spawn(io, close(numbers), asio::detached);
  io.run();
}
