// What is known of a queue or executor of Boost holds for its interface as well.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes --checks='-*,missing-cancellation,deadlock' %s -- -std=c++20
// XFAIL: *
// That `push` throws once the queue is closed is not known where it is called through the base of an adaptor.
#define BOOST_THREAD_VERSION 4
#include <boost/thread/concurrent_queues/queue_adaptor.hpp>
#include <boost/thread/concurrent_queues/queue_views.hpp>
#include <boost/thread/concurrent_queues/sync_queue.hpp>
#include <boost/thread/thread.hpp>

void feed(boost::queue_back<int> queue) {
  try {
    for (int i = 0;; ++i)
      queue.push(i);
  } catch (boost::sync_queue_is_closed &) {
  }
}

int main() {
  boost::queue_adaptor<boost::sync_queue<int>> queue;
  boost::thread feeder(feed, boost::concurrent::queue_back<int>(queue));
  queue.close();
  feeder.join();
}
