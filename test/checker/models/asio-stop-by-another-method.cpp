// A method that runs a context may wait until another method stops it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes %s -- -std=c++20
#include <boost/asio.hpp>
#include <thread>

class Contexts {
public:
  Contexts() : guard(boost::asio::make_work_guard(context)) {}
  void runOk() {
    std::thread worker([this] { context.run(); });
    worker.join();
  }
  void stop() { context.stop(); }

private:
  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
};
