// Correct programs: channels that static storage, objects, containers and mapped memory hold.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "parked.hpp"
#include "program.hpp"

#include <any>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory_resource>
#include <optional>
#include <set>
#include <sys/mman.h>
#include <unistd.h>
#include <unordered_map>
#include <variant>

using namespace leaks;

namespace {

// --- Static storage

sluice::chan<int> global_channel;
void held_by_a_global() {
  hold([](line c) { global_channel = c; }, [] { return global_channel; });
}

std::unique_ptr<std::shared_ptr<line>> global_pointer;
void held_by_a_pointer_to_a_pointer() {
  hold([](line c) { global_pointer.reset(new std::shared_ptr<line>(new line(c))); },
       [] { return **global_pointer; });
}

std::function<void(int)> global_callback;
void held_by_a_callback() {
  parked p;
  global_callback = [c = p.start()](int v) { c.send(v); };
  judge_here(1);
  global_callback(1);
  p.expect_end();
}

std::array<std::optional<line>, 8> global_slots;
void held_in_the_middle_of_an_array() {
  hold([](line c) { global_slots[5] = c; }, [] { return *global_slots[5]; });
}

line &local_static() {
  static line c = nullptr;
  return c;
}
void held_by_a_static_of_a_function() {
  hold([](line c) { local_static() = c; }, [] { return local_static(); });
}

// --- weak_ptr

struct node {
  explicit node(line c) : c(std::move(c)) {}
  line c;
};

// The task itself is the owner: whoever locks the weak pointer can wake it.
void park_owner(const std::shared_ptr<node> &n, sluice::wait_group &left) {
  left.add(1);
  sluice::go([n, &left] {
    n->c.recv();
    left.done();
  });
}

void wake_by_lock(const std::weak_ptr<node> &weak, sluice::wait_group &left) {
  judge_here(1);
  weak.lock()->c.send(1);
  left.wait();
}

std::weak_ptr<node> weak_together;
void weak_pointer_to_what_a_task_owns() {
  sluice::wait_group left;
  sluice::async([&] {
    auto n = std::make_shared<node>(line());
    weak_together = n;
    park_owner(n, left);
  }).get();
  wake_by_lock(weak_together, left);
}

std::weak_ptr<node> weak_apart;
void weak_pointer_with_counters_apart() {
  sluice::wait_group left;
  sluice::async([&] {
    auto n = std::shared_ptr<node>(new node(line()));
    weak_apart = n;
    park_owner(n, left);
  }).get();
  wake_by_lock(weak_apart, left);
}

std::vector<std::weak_ptr<node>> weak_observers;
void weak_pointer_in_a_list_of_observers() {
  sluice::wait_group left;
  sluice::async([&] {
    for (int i = 0; i < 3; ++i) {
      auto n = std::make_shared<node>(line());
      weak_observers.emplace_back(n);
      park_owner(n, left);
    }
  }).get();
  judge_here(3);
  for (auto &w : weak_observers)
    if (auto n = w.lock())
      n->c.send(1);
  left.wait();
}

struct self_made : std::enable_shared_from_this<self_made> {
  line c;
};
self_made *raw_self = nullptr;
void raw_pointer_that_can_be_shared_again() {
  sluice::wait_group left;
  sluice::async([&] {
    auto s = std::make_shared<self_made>();
    raw_self = s.get();
    left.add(1);
    sluice::go([s, &left] {
      s->c.recv();
      left.done();
    });
  }).get();
  judge_here(1);
  raw_self->shared_from_this()->c.send(1);
  left.wait();
}

// --- Containers, each reached from one global

std::any container;
template <class C, class Put, class Get> void held_in(Put put, Get get) {
  hold(
      [&](line c) {
        container = std::make_shared<C>();
        put(*std::any_cast<std::shared_ptr<C>>(container), c);
      },
      [&] { return line(get(*std::any_cast<std::shared_ptr<C>>(container))); });
}

void held_in_a_vector() {
  held_in<std::vector<line>>([](auto &v, line c) { v.assign(100, nullptr), v[77] = c; },
                             [](auto &v) { return v[77]; });
}
void held_in_a_deque() {
  held_in<std::deque<line>>([](auto &d, line c) { d.resize(1000, nullptr), d[600] = c; },
                            [](auto &d) { return d[600]; });
}
void held_in_a_list() {
  held_in<std::list<line>>([](auto &l, line c) { l.resize(50, nullptr), l.back() = c; },
                           [](auto &l) { return l.back(); });
}
void held_in_a_long_forward_list() {
  held_in<std::forward_list<line>>(
      [](auto &l, line c) {
        l.push_front(c);
        for (int i = 0; i < 10000; ++i)
          l.push_front(nullptr);
      },
      [](auto &l) { return *std::next(l.begin(), 10000); });
}
void held_in_a_map() {
  held_in<std::map<int, line>>(
      [](auto &m, line c) {
        for (int i = 0; i < 1000; ++i)
          m.emplace(i, i == 500 ? c : nullptr);
      },
      [](auto &m) { return m.at(500); });
}
void held_in_an_unordered_map() {
  held_in<std::unordered_map<std::string, line>>(
      [](auto &m, line c) {
        for (int i = 0; i < 100; ++i)
          m[std::to_string(i)] = nullptr;
        m["50"] = c;
      },
      [](auto &m) { return m.at("50"); });
}
void held_in_a_set_of_unique_pointers() {
  held_in<std::set<std::unique_ptr<line>>>(
      [](auto &s, line c) { s.insert(std::make_unique<line>(c)); },
      [](auto &s) { return **s.begin(); });
}
void held_in_a_variant() {
  using either = std::variant<int, std::string, line>;
  held_in<std::vector<either>>([](auto &v, line c) { v.assign(3, 0), v[1] = c; },
                               [](auto &v) { return std::get<line>(v[1]); });
}
void held_in_an_any() {
  held_in<std::multimap<int, std::any>>(
      [](auto &m, line c) { m.emplace(1, c); },
      [](auto &m) { return std::any_cast<line>(m.begin()->second); });
}
void held_in_a_monotonic_buffer() {
  struct arena {
    std::pmr::monotonic_buffer_resource memory{1 << 16};
    std::pmr::vector<line> lines{&memory};
  };
  held_in<arena>([](arena &a, line c) { a.lines.assign(9, nullptr), a.lines[8] = c; },
                 [](arena &a) { return a.lines[8]; });
}

// In an array that grew by realloc.
void held_in_memory_from_realloc() {
  static line **table = nullptr;
  hold(
      [](line c) {
        for (std::size_t n = 1; n <= 1000; n *= 10)
          table = static_cast<line **>(std::realloc(table, n * sizeof *table));
        std::fill_n(table, 1000, nullptr);
        table[999] = new line(c);
      },
      [] { return *table[999]; });
}

void held_in_over_aligned_memory() {
  struct alignas(4096) page {
    char before[3000];
    line c;
  };
  static std::unique_ptr<page> p;
  hold([](line c) { p.reset(new page{{}, c}); }, [] { return p->c; });
}

void held_far_into_a_large_block() {
  struct large {
    std::array<char, 3 << 20> before;
    line c;
  };
  static line *inner = nullptr; // the only pointer, past three megabytes of the block
  hold(
      [](line c) {
        auto *l = new large;
        l->c = c;
        inner = &l->c;
      },
      [] { return *inner; });
}

// --- Pointers to the middle and to the end

struct base {
  virtual ~base() = default;
  int words[20] = {};
};
struct other_base {
  virtual ~other_base() = default;
  virtual line get() = 0;
};
struct derived : base, other_base {
  line c;
  line get() override { return c; }
};
void held_by_a_pointer_to_the_second_base() {
  static std::unique_ptr<other_base> second;
  hold(
      [](line c) {
        auto d = std::make_unique<derived>();
        d->c = c;
        second = std::move(d);
      },
      [] { return second->get(); });
}

void held_by_an_aliasing_pointer() {
  struct whole {
    std::array<int, 100> numbers{};
    line c;
  };
  static std::shared_ptr<int> part;
  static std::ptrdiff_t distance = 0;
  hold(
      [](line c) {
        auto w = std::make_shared<whole>();
        w->c = c;
        part = std::shared_ptr<int>(w, &w->numbers[50]);
        distance = reinterpret_cast<char *>(&w->c) - reinterpret_cast<char *>(part.get());
      },
      [] { return *reinterpret_cast<line *>(reinterpret_cast<char *>(part.get()) + distance); });
}

void held_by_an_end_pointer() {
  static line *end = nullptr;
  hold([](line c) { end = new line[3]{nullptr, nullptr, c} + 3; }, [] { return end[-1]; });
}

// --- Mapped memory

template <class Map> void held_in_mapping(Map map) {
  static std::unique_ptr<line> *at = nullptr;
  hold(
      [&](line c) {
        at = static_cast<std::unique_ptr<line> *>(map());
        new (at + 300) std::unique_ptr<line>(new line(c));
      },
      [] { return *at[300]; });
}

void held_in_private_pages() {
  held_in_mapping([] {
    return mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  });
}
void held_in_many_private_pages() {
  held_in_mapping([] {
    return mmap(nullptr, std::size_t{1} << 33, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  });
}
void held_in_shared_pages() {
  held_in_mapping([] {
    return mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  });
}
// Longer than the file, so that its last pages cannot be read.
void held_in_a_file_in_memory() {
  held_in_mapping([] {
    const int fd = memfd_create("table", 0);
    if (ftruncate(fd, 4096) != 0)
      std::abort();
    return mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  });
}
void held_in_a_copy_of_a_file() {
  held_in_mapping([] {
    const int fd = memfd_create("table", 0);
    if (ftruncate(fd, 4096) != 0)
      std::abort();
    return mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  });
}

// A block with pages that cannot be read, as stacks with guards in blocks have.
void held_behind_a_guard_in_a_block() {
  static char *block = nullptr;
  constexpr std::size_t page = 4096;
  hold(
      [](line c) {
        block = static_cast<char *>(std::aligned_alloc(page, 4 * page));
        std::fill_n(block, 4 * page, 0);
        mprotect(block + page, page, PROT_NONE);
        new (block + 2 * page) std::unique_ptr<line>(new line(c));
      },
      [] { return **reinterpret_cast<std::unique_ptr<line> *>(block + 2 * page); });
}

// A large process is looked through in a copy of it, which does not get these pages.
std::vector<char> make_large() { return std::vector<char>(100 << 20, 'x'); }
void held_in_pages_that_no_copy_gets() {
  const std::vector<char> large = make_large();
  held_in_mapping([] {
    void *p = mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    madvise(p, 1 << 16, MADV_DONTFORK);
    return p;
  });
}
void held_in_private_pages_that_no_copy_gets() {
  const std::vector<char> large = make_large();
  held_in_mapping([] {
    void *p = mmap(nullptr, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise(p, 1 << 16, MADV_DONTFORK);
    return p;
  });
}
void held_in_a_large_process() {
  const std::vector<char> large = make_large();
  held_in_a_map();
}

const enter all{
    {"held_by_a_global", held_by_a_global},
    {"held_by_a_pointer_to_a_pointer", held_by_a_pointer_to_a_pointer},
    {"held_by_a_callback", held_by_a_callback},
    {"held_in_the_middle_of_an_array", held_in_the_middle_of_an_array},
    {"held_by_a_static_of_a_function", held_by_a_static_of_a_function},
    {"weak_pointer_to_what_a_task_owns", weak_pointer_to_what_a_task_owns},
    {"weak_pointer_with_counters_apart", weak_pointer_with_counters_apart},
    {"weak_pointer_in_a_list_of_observers", weak_pointer_in_a_list_of_observers},
    {"raw_pointer_that_can_be_shared_again", raw_pointer_that_can_be_shared_again},
    {"held_in_a_vector", held_in_a_vector},
    {"held_in_a_deque", held_in_a_deque},
    {"held_in_a_list", held_in_a_list},
    {"held_in_a_long_forward_list", held_in_a_long_forward_list},
    {"held_in_a_map", held_in_a_map},
    {"held_in_an_unordered_map", held_in_an_unordered_map},
    {"held_in_a_set_of_unique_pointers", held_in_a_set_of_unique_pointers},
    {"held_in_a_variant", held_in_a_variant},
    {"held_in_an_any", held_in_an_any},
    {"held_in_a_monotonic_buffer", held_in_a_monotonic_buffer},
    {"held_in_memory_from_realloc", held_in_memory_from_realloc},
    {"held_in_over_aligned_memory", held_in_over_aligned_memory},
    {"held_far_into_a_large_block", held_far_into_a_large_block},
    {"held_by_a_pointer_to_the_second_base", held_by_a_pointer_to_the_second_base},
    {"held_by_an_aliasing_pointer", held_by_an_aliasing_pointer},
    {"held_by_an_end_pointer", held_by_an_end_pointer},
    {"held_in_private_pages", held_in_private_pages, 0, nullptr, true},
    {"held_in_many_private_pages", held_in_many_private_pages, 0, nullptr, true},
    {"held_behind_a_guard_in_a_block", held_behind_a_guard_in_a_block},
    {"held_in_pages_that_no_copy_gets", held_in_pages_that_no_copy_gets},
    {"held_in_private_pages_that_no_copy_gets", held_in_private_pages_that_no_copy_gets, 0, nullptr,
     true},
    {"held_in_a_large_process", held_in_a_large_process},
    {"held_in_shared_pages", held_in_shared_pages},
    {"held_in_a_file_in_memory", held_in_a_file_in_memory},
    {"held_in_a_copy_of_a_file", held_in_a_copy_of_a_file},
};

} // namespace
