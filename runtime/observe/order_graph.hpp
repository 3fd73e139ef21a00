// The orders in which locks were taken, with a search for circles in which tasks could wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/snapshot.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace sluice::observe {

/// A lock of the graph. Numbers, not addresses, so that the graph keeps nothing reachable and does
/// not take a lock for an earlier one at the same address.
using lock_number = std::uint32_t;

/// A lock that is held, or taken, in a mode.
struct numbered_lock {
  lock_number lock = 0;
  bool shared = false;
  bool operator==(const numbered_lock &) const = default;
};

/// Locks that are held at once.
struct lock_set {
  static constexpr unsigned most = core::held_list::capacity;
  numbered_lock locks[most];
  unsigned count = 0;

  void add(numbered_lock l) noexcept { locks[count++] = l; }
  const numbered_lock *begin() const noexcept { return locks; }
  const numbered_lock *end() const noexcept { return locks + count; }
  bool operator==(const lock_set &) const = default;
};

/// Who took a lock under another one, where and how it came there.
struct order_taker {
  std::uint64_t id = 0;
  bool is_task = false, is_main = false;
  short_text name;
  std::source_location started_at;
  std::source_location held_at;                             // where it took the one that it held
  const void *held_from = nullptr;                          // the code after that call
  std::source_location taken_at;                            // where it took the other
  std::shared_ptr<const std::vector<std::uintptr_t>> stack; // at the latter
};

/// One step of a circle: `taker` held `from` when it took `to`, which the next one holds.
struct order_step {
  seen_primitive from, to; // without addresses
  std::uint64_t from_serial = 0, to_serial = 0;
  bool from_shared = false, to_shared = false;
  order_taker taker;
};
using order_cycle = std::vector<order_step>;

/// Not safe for use by several threads at once.
class order_graph {
public:
  static constexpr unsigned most_tasks = 3;          // of an order; then it is everybody's
  static constexpr unsigned most_variants = 8;       // of an order, by what else is held
  static constexpr std::size_t most_orders = 200000; // some 60 MB
  static constexpr std::size_t longest_cycle = 10;
  static constexpr unsigned most_steps = 20000;      // of one search, which gives up then
  static constexpr unsigned least_steps = 1000;      // so many at least, once circles abound
  static constexpr std::size_t most_cycles = 100000; // then nothing is searched for any more

  /// A number for a lock that has none; 0 if there is none left.
  lock_number add(const seen_primitive &lock);
  /// Forgets a lock, with all orders of it.
  void remove(lock_number lock);
  /// From now on the numbers of forgotten locks may be used again.
  void reuse_numbers();

  /// Whether `task` is known to take `to` under `from` and no more than `others`.
  bool knows(numbered_lock from, numbered_lock to, const lock_set &others,
             std::uint64_t task) const;
  /// Enters what is not known yet. A circle that this closes, and that was not returned before.
  std::optional<order_cycle> learn(numbered_lock from, numbered_lock to, const lock_set &others,
                                   order_taker taker);
  /// Whether any task is taken to take `to` under `from` and no more than `others`.
  bool is_everybodys(numbered_lock from, numbered_lock to, const lock_set &others) const;
  /// Whether something was left out because there was too much.
  bool is_cut() const noexcept { return cut; }

private:
  friend class order_search;
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// Who took `to` while holding `from` and `others`.
  struct order {
    numbered_lock from, to;
    lock_set others;
    bool everybodys = false; // more took it than `takers` holds
    bool closes = false;     // left out of the ranks, because it closes a circle
    std::vector<order_taker> takers;
    std::uint32_t next = none;             // with the same two locks
    std::uint32_t in_out = 0, in_into = 0; // its places in the lists of its locks
  };
  /// A lock.
  struct node {
    seen_primitive what;
    std::uint64_t serial = 0;   // never used twice; 0: forgotten
    std::int64_t rank = 0;      // smaller than that of what is taken under it, unless that `closes`
    std::uint32_t mentions = 0; // in `others` of orders
    std::uint32_t mark = 0;     // of the last search that was here
    std::uint32_t distance = 0; // to where that one wants to go
    std::vector<std::uint32_t> out, into; // orders
  };

  static std::uint64_t key(lock_number from, lock_number to) noexcept {
    return std::uint64_t{from} << 32 | to;
  }
  std::uint32_t first_of(lock_number from, lock_number to) const;
  const order *covering(numbered_lock from, numbered_lock to, const lock_set &others,
                        std::uint64_t task) const;
  bool covers(const order &o, numbered_lock from, numbered_lock to, const lock_set &others) const;
  std::uint32_t variant(numbered_lock from, numbered_lock to, const lock_set &others);
  std::uint32_t enter(order &&fresh);
  void drop(std::uint32_t at);
  void unlink(std::vector<std::uint32_t> &list, std::uint32_t at, std::uint32_t order::*place);
  void drop_pair(std::uint32_t at);
  bool put_in_rank(lock_number from, lock_number to);
  bool collect(lock_number at, lock_number goal, bool forward, std::vector<lock_number> &out);
  std::uint32_t new_mark();

  std::vector<node> nodes{1}; // the first is no lock
  std::vector<order> orders;
  std::vector<std::uint32_t> free_orders;
  std::vector<lock_number> free_nodes, forgotten;
  std::unordered_map<std::uint64_t, std::uint32_t> by_locks; // the first of each two locks
  std::set<std::vector<std::uint64_t>> told;                 // circles, by their serials
  std::uint64_t last_serial = 0;
  std::int64_t last_rank = 0;
  std::uint32_t last_mark = 0;
  std::size_t closing = 0; // orders that close a circle, excused or not
  bool cut = false;
};

} // namespace sluice::observe
