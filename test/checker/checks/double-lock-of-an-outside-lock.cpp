// A lock that is made out of sight is known by its name, and by its type or how it is set up: one
// that its owner may take again is no defect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- -std=c++20 | FileCheck %s --implicit-check-not=warning:
#include <mutex>
#include <pthread.h>

struct Accounts {
  std::recursive_mutex again;
  std::mutex once;
  pthread_mutex_t plain, unknown;
};

void open(Accounts &accounts) { pthread_mutex_init(&accounts.plain, nullptr); }

void okRecursive(Accounts &accounts) {
  std::lock_guard outer(accounts.again);
  std::scoped_lock inner(accounts.again);
}

void okUnknown(Accounts *accounts) {
  pthread_mutex_lock(&accounts->unknown);
  pthread_mutex_lock(&accounts->unknown);
  pthread_mutex_unlock(&accounts->unknown);
  pthread_mutex_unlock(&accounts->unknown);
}

void badGuards(Accounts &accounts) {
  std::lock_guard outer(accounts.once);
  // CHECK: :[[@LINE+3]]:20: warning: lock of 'once' blocks for ever: this task holds 'once' already
  // CHECK: :[[@LINE-2]]:19: note: 1. 'badGuards' locks 'once'
  // CHECK: :[[@LINE+1]]:20: note: 2. 'badGuards' waits for ever to lock 'once'
  std::scoped_lock inner(accounts.once);
}

void badPlain(Accounts *accounts) {
  pthread_mutex_lock(&accounts->plain);
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'plain' blocks for ever: this task holds 'plain' already
  pthread_mutex_lock(&accounts->plain);
  pthread_mutex_unlock(&accounts->plain);
  pthread_mutex_unlock(&accounts->plain);
}

template <class Mutex> struct Ledger {
  Mutex guard;
  int total = 0;
  int sum() {
    // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: lock of 'guard' blocks for ever: this task holds 'guard' already
    std::lock_guard lock(guard);
    return total;
  }
  int twice() {
    std::lock_guard lock(guard);
    return sum() * 2;
  }
};
template struct Ledger<std::recursive_mutex>;
template struct Ledger<std::mutex>;
