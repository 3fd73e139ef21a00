// What a variant holds is known where it is made, and a choice where it comes from outside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <mutex>
#include <string>
#include <variant>

struct get {
  sluice::chan<int> reply;
};
struct put {
  int value;
};
struct stop {};
using message = std::variant<get, put, stop>;

template <class... Cases> struct overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases> overloaded(Cases...) -> overloaded<Cases...>;

void answers(sluice::recv_chan<message> inbox) {
  int held = 0;
  for (message m : inbox)
    std::visit(overloaded{[&](const get &g) { g.reply.send(held); },
                          [&](const put &p) { held = p.value; }, [](stop) {}},
               m);
}

void answeredOk() {
  sluice::chan<message> inbox;
  sluice::go([inbox] { answers(inbox); });
  inbox.send(put{1});
  get asked;
  asked.reply = sluice::chan<int>(0);
  inbox.send(asked);
  asked.reply.recv();
  inbox.send(stop{});
  inbox.close();
}

void answersOnlyPut(sluice::recv_chan<message> inbox) {
  for (message m : inbox)
    if (auto *p = std::get_if<put>(&m); p && p->value > 3)
      return;
}

void unansweredBad() {
  sluice::chan<message> inbox(1);
  sluice::go([inbox] { answersOnlyPut(inbox); });
  sluice::chan<int> reply;
  inbox.send(get{reply});
  inbox.close();
  // CHECK: [[#@LINE+1]]:3: warning: receive from 'reply' waits for ever
  reply.recv();
}

void stopsByIndex(sluice::recv_chan<message> inbox) {
  for (;;) {
    message m = *inbox.recv();
    if (m.index() == 2)
      return;
    if (std::holds_alternative<get>(m))
      std::get<get>(m).reply.send(0);
  }
}

void stoppedOk() {
  sluice::chan<message> inbox;
  sluice::go([inbox] { stopsByIndex(inbox); });
  inbox.send(put{1});
  inbox.send(stop{});
}

void stoppedTooEarlyBad() {
  sluice::chan<message> inbox;
  sluice::go([inbox] { stopsByIndex(inbox); });
  inbox.send(stop{});
  // CHECK: [[#@LINE+1]]:3: warning: send on 'inbox' blocks for ever
  inbox.send(put{1});
}

using state = std::variant<std::monostate, int, std::string>;

void assignedOk() {
  std::mutex m;
  state now;
  if (now.index() != 0)
    m.lock(); // never
  state before = now;
  now = 3;
  if (!std::holds_alternative<std::monostate>(before) || std::get<1>(now) != 3)
    m.lock(); // never
  now.emplace<std::string>("three");
  if (std::get_if<int>(&now))
    m.lock(); // never
  std::get<std::string>(now) = "four";
  if (std::get<std::string>(now) == "three")
    m.lock(); // never
  std::lock_guard hold(m);
}

void wrongOneThrowsOk() {
  std::mutex m;
  state now = 1;
  try {
    std::get<std::string>(now);
    m.lock(); // never
  } catch (const std::bad_variant_access &) {
  }
  std::lock_guard hold(m);
}

void fromOutsideBad(message m) {
  sluice::chan<int> c;
  if (std::holds_alternative<put>(m))
    // CHECK: [[#@LINE+1]]:5: warning: send on 'c' can block for ever
    c.send(1);
}

void oneOfThemOk(message m) {
  sluice::chan<int> c(1);
  int n = std::visit(overloaded{[](const get &) { return 0; }, [](const put &) { return 1; },
                                [](const auto &) { return 2; }},
                     m);
  if (n < 3)
    c.send(1);
  else
    sluice::chan<int>().send(1); // never
}

/// The end of what it holds matters, which is not followed.
void lockedOk() {
  std::mutex m;
  {
    std::variant<int, std::unique_lock<std::mutex>> held = std::unique_lock(m);
  }
  m.lock();
  m.unlock();
}
