// Correct programs: the only pointer to a channel is on its way from one place to the next, always.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whoever stops the world finds it in a register, in a closure that is being moved, in a block that
// is being made larger. It is searched for many times, each at another moment.
#include "parked.hpp"
#include "program.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>
#include <utility>

using namespace leaks;

namespace {

/// Runs `step` in a thread, again and again, while it is searched.
template <class Step> void move_in_thread(Step step) {
  std::atomic<bool> stop = false;
  std::thread mover([&] {
    while (!stop)
      step();
  });
  for (int round = 0; round < 20; ++round) {
    judge_here(1);
    sluice::yield();
  }
  stop = true;
  mover.join();
}

// Never destroyed, since its thread may still be at it when the process ends. So are those below.
auto &places = *new std::array<std::unique_ptr<line>, 64>;
void from_place_to_place() {
  parked p;
  sluice::async([&] { places[0] = std::make_unique<line>(p.start()); }).get();
  std::size_t at = 0;
  move_in_thread([&] {
    std::swap(places[at], places[(at + 1) % 64]);
    at = (at + 1) % 64;
  });
  places[at]->send(1);
  p.expect_end();
}

// Two pointers at a time, as compilers like to move in one register.
struct pair_of_pointers {
  std::shared_ptr<line> a;
};
auto &pairs = *new std::array<pair_of_pointers, 64>;
void from_pair_to_pair() {
  parked p;
  sluice::async([&] { pairs[0].a = std::make_shared<line>(p.start()); }).get();
  std::size_t at = 0;
  move_in_thread([&] {
    pairs[(at + 1) % 64] = std::move(pairs[at]);
    at = (at + 1) % 64;
  });
  pairs[at].a->send(1);
  p.expect_end();
}

// An array of C that grows and shrinks.
line **growing = nullptr;
void in_a_block_that_grows() {
  parked p;
  sluice::async([&] {
    growing = static_cast<line **>(std::malloc(sizeof *growing));
    growing[0] = new line(p.start());
  }).get();
  std::size_t n = 1;
  move_in_thread([&] {
    n = n >= (1 << 16) ? 1 : n * 4;
    growing = static_cast<line **>(std::realloc(growing, n * sizeof *growing));
    for (std::size_t i = 1; i < n; ++i)
      growing[i] = nullptr;
  });
  growing[0]->send(1);
  p.expect_end();
}

// From task to task in closures: each starts the next one, hands it over and ends.
std::atomic<bool> stop_relay = false;
auto &relay_ended = *new sluice::chan<std::unique_ptr<line>>(1);
void pass_on(std::unique_ptr<line> c) { // NOLINT: started anew, not recursive
  if (stop_relay)
    relay_ended.send(std::move(c));
  else
    sluice::go([c = std::move(c)]() mutable { pass_on(std::move(c)); });
}

void from_closure_to_closure() {
  parked p;
  sluice::async([&] { pass_on(std::make_unique<line>(p.start())); }).get();
  for (int round = 0; round < 20; ++round)
    judge_here(1);
  stop_relay = true;
  (*relay_ended.recv())->send(1);
  p.expect_end();
}

// From hand to hand, through channels with and without a buffer.
void from_hand_to_hand() {
  parked p;
  using hand = sluice::chan<std::unique_ptr<line>>;
  static auto &there = *new hand, &back = *new hand(1); // in use when the process ends
  static std::atomic<bool> stop = false;
  sluice::wait_group left;
  left.add(2);
  sluice::async([&] { back.send(std::make_unique<line>(p.start())); }).get();
  sluice::go([&left] {
    while (!stop)
      there.send(std::move(*back.recv()));
    there.close();
    left.done();
  });
  sluice::go([&left] {
    for (std::unique_ptr<line> c : there)
      back.send(std::move(c));
    left.done();
  });
  for (int round = 0; round < 20; ++round)
    judge_here(1);
  stop = true;
  left.wait();
  (*back.recv())->send(1);
  p.expect_end();
}

const enter all{
    {"from_place_to_place", from_place_to_place},
    {"from_pair_to_pair", from_pair_to_pair},
    {"in_a_block_that_grows", in_a_block_that_grows},
    {"from_closure_to_closure", from_closure_to_closure},
    {"from_hand_to_hand", from_hand_to_hand},
};

} // namespace
