// Boost.Thread's own headers are understood: what hangs is found, and its usual idioms are verified.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <boost/bind/bind.hpp>
#include <boost/make_shared.hpp>
#include <boost/thread.hpp>
#include <boost/thread/barrier.hpp>
#include <boost/thread/latch.hpp>
#include <boost/thread/sync_bounded_queue.hpp>
#include <iostream>

void oppositeOrdersBad() {
  boost::mutex first, second;
  boost::thread other([&] {
    boost::lock_guard<boost::mutex> a(second);
    boost::mutex::scoped_lock b(first);
  });
  {
    boost::mutex::scoped_lock a(first);
    // CHECK: :[[@LINE+1]]:37: warning: lock of 'second' can wait for ever: the task holds it and waits for 'first' [sluice-lock-order-cycle]
    boost::lock_guard<boost::mutex> b(second);
  }
  other.join();
}

void releasedFirstOk() {
  boost::mutex first, second;
  boost::thread other([&] {
    boost::lock_guard<boost::mutex> a(second);
    boost::mutex::scoped_lock b(first);
  });
  {
    boost::mutex::scoped_lock a(first);
    a.unlock();
    boost::lock_guard<boost::mutex> b(second);
  }
  other.join();
}

void bothAtOnceOk() {
  boost::mutex first, second;
  boost::thread other([&] {
    boost::lock(second, first);
    boost::lock_guard<boost::mutex> a(second, boost::adopt_lock), b(first, boost::adopt_lock);
  });
  {
    boost::unique_lock<boost::mutex> a(first, boost::defer_lock), b(second, boost::defer_lock);
    boost::lock(a, b);
  }
  other.join();
}

void queueNeverClosedBad() {
  boost::sync_bounded_queue<int> jobs(4);
  boost::thread worker([&] {
    int job = 0;
    // CHECK: :[[@LINE+1]]:12: warning: receive from 'jobs' waits for ever [sluice-starved-receive]
    while (jobs.wait_pull_front(job) == boost::queue_op_status::success)
      std::cout << job;
  });
  jobs.push_back(1);
  worker.join();
}

void queueClosedOk() {
  boost::sync_bounded_queue<int> jobs(4);
  boost::thread worker([&] {
    int job = 0;
    while (jobs.wait_pull_front(job) == boost::queue_op_status::success)
      std::cout << job;
  });
  jobs.push_back(1);
  jobs.close();
  worker.join();
}

struct mailbox {
  boost::mutex m;
  boost::condition_variable arrived;
  bool full = false;

  void wait() {
    boost::unique_lock<boost::mutex> lock(m);
    while (!full)
      // CHECK: :[[@LINE+1]]:7: warning: wait on 'arrived' can block for ever: no notify comes after it [sluice-lost-notify]
      arrived.wait(lock);
  }
  void put() {
    {
      boost::lock_guard<boost::mutex> lock(m);
      full = true;
    }
    arrived.notify_one();
  }
  void putSilently() {
    boost::lock_guard<boost::mutex> lock(m);
    full = true;
  }
};

void mailboxOk() {
  mailbox box;
  boost::thread reader(boost::bind(&mailbox::wait, &box));
  box.put();
  reader.join();
}

void sharedMailboxOk() {
  boost::shared_ptr<mailbox> box = boost::make_shared<mailbox>();
  boost::thread reader([box] { box->wait(); });
  box->put();
  reader.join();
}

void mailboxBad() {
  mailbox box;
  boost::thread reader(boost::bind(&mailbox::wait, &box));
  box.putSilently();
  reader.join();
}

void groupOk() {
  boost::latch done(2);
  boost::thread_group workers;
  for (int i = 0; i != 2; ++i)
    workers.create_thread([&] { done.count_down(); });
  done.wait();
  workers.join_all();
}

void groupBad() {
  boost::latch done(1);
  boost::thread_group workers;
  // CHECK: :[[@LINE+1]]:46: warning: wait for 'done' blocks for ever: its counter stays above zero [sluice-wait-group-misuse]
  workers.add_thread(new boost::thread([&] { done.wait(); }));
  workers.join_all();
}

void barrierOk() {
  boost::barrier meet(2);
  boost::thread other([&] { meet.wait(); });
  meet.wait();
  other.join();
}

void promiseBad() {
  boost::promise<int> promise;
  boost::unique_future<int> result = promise.get_future();
  // CHECK: :[[@LINE+1]]:16: warning: wait for 'promise' blocks for ever: nothing sets it [sluice-unfulfilled-wait]
  std::cout << result.get();
}

void readTwiceOk() {
  boost::recursive_mutex m;
  boost::recursive_mutex::scoped_lock outer(m), inner(m);
}
// CHECK: {{[^0-9]}}0 without verdict
