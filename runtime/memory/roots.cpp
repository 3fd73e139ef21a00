// The memory that is live by itself: data segments, unknown mappings, and what threads use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/roots.hpp"

#include "memory/block_size.hpp"
#include "memory/kernel.hpp"

#include <algorithm>
#include <array>
#include <link.h>
#include <sys/uio.h>

namespace sluice::memory {
namespace {

constexpr std::uintptr_t page = 4096;

/// The pages that `memory` has a part in.
range pages_of(range memory) noexcept {
  return {memory.begin & ~(page - 1), (memory.end + page - 1) & ~(page - 1)};
}

/// Appends what lies in both.
bool push_common(range a, range b, range_list &out) noexcept {
  return out.push_back({std::max(a.begin, b.begin), std::min(a.end, b.end)});
}

/// How many of the pages from `at` on can be read, of at most a hundred or so.
std::size_t readable_run(std::uintptr_t at, std::uintptr_t end) noexcept {
  constexpr std::size_t most = 128; // the caller may be on the small stack of a task
  iovec from[most];
  char bytes[most];
  std::size_t n = 0;
  for (; n < most && at + n * page < end; ++n)
    from[n] = {reinterpret_cast<void *>(at + n * page), 1};
  iovec to{bytes, n};
  const long got = syscall(SYS_process_vm_readv, syscall(SYS_getpid), &to, 1L, from, n, 0L);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

/// The pages that can be read: behind a file's end there is nothing but a signal.
void readable_pages(range memory, range_list &out) noexcept {
  const range pages = pages_of(memory);
  for (std::uintptr_t at = pages.begin; at < pages.end;) {
    const std::size_t n = readable_run(at, pages.end);
    if (n > 0)
      push_common({at, at + n * page}, memory, out);
    at += std::max<std::size_t>(n, 1) * page;
  }
}

/// The pages of private memory that anybody has touched; the others are zero, or guards. One that
/// is neither here nor swapped out has never been written to.
bool touched_pages(range memory, range_list &out) noexcept {
  constexpr std::uint64_t present = std::uint64_t{1} << 63, swapped = std::uint64_t{1} << 62,
                          guard = std::uint64_t{1} << 58;
  const int fd = kernel_open("/proc/self/pagemap");
  if (fd < 0)
    return false;
  std::array<std::uint64_t, 512> entries;
  bool ok = true;
  const range pages = pages_of(memory);
  for (std::uintptr_t at = pages.begin; ok && at < pages.end;) {
    const std::size_t wanted = std::min<std::size_t>(entries.size(), (pages.end - at) / page);
    const long got = syscall(SYS_pread64, fd, entries.data(), wanted * 8, at / page * 8);
    ok = got > 0 && got % 8 == 0;
    for (long i = 0; ok && i < got / 8; ++i, at += page) {
      const std::uint64_t e = entries[static_cast<std::size_t>(i)];
      if ((e & guard) || !(e & (present | swapped)))
        continue;
      if (!out.empty() && out[out.size() - 1].end == at)
        out[out.size() - 1].end = std::min(at + page, memory.end);
      else
        ok = push_common({at, at + page}, memory, out);
    }
  }
  kernel_close(fd);
  return ok;
}

/// The part of `memory` that loaded objects have for their variables.
void data_segments(const loaded_objects &objects, range memory, range_list &out) noexcept {
  for (range r : objects.segments()) {
    r = {std::max(r.begin, memory.begin), std::min(r.end, memory.end)};
    if (r.begin < r.end)
      out.push_back(r);
  }
}

/// Thread-locals of the first thread, or of others with a stack of their own choice.
void all_thread_locals(const root_query &q, range memory, range_list &out) noexcept {
  constexpr std::size_t control_block = 2496; // glibc's struct pthread
  auto add = [&](std::uintptr_t tls) {
    if (memory.contains(tls))
      out.push_back({std::max(thread_locals(q.objects, tls).begin, memory.begin),
                     std::min(tls + control_block, memory.end)});
  };
  for (const stopped_thread &t : q.threads)
    add(t.tls);
  add(q.own_tls);
}

/// What lies below the stack pointers is dead, if the mapping begins with a stack: behind a guard.
/// The kernel may join others at its end; one without a guard of its own, far from the beginning,
/// may follow on data that is not dead. True: `parts` is all that counts.
bool is_thread_stack(const root_query &q, const mapping &m, bool guarded,
                     range_list &parts) noexcept {
  constexpr std::uintptr_t usual_stack = std::uintptr_t{16} << 20;
  std::uintptr_t lowest = 0;
  auto look = [&](std::uintptr_t sp) {
    if (m.memory.contains(sp) && (lowest == 0 || sp < lowest))
      lowest = sp;
  };
  for (const stopped_thread &t : q.threads)
    look(t.sp - red_zone);
  look(q.own_stack);
  if (lowest == 0 || !(m.first_stack || (guarded && lowest - m.memory.begin < usual_stack)))
    return false;
  parts.push_back({lowest, m.memory.end});
  return true;
}

/// The memory that the allocator took for the block that starts at `start`: a mapping of its own or
/// a thread's arena; of the main arena, the block alone.
range allocator_region(std::uintptr_t start) noexcept {
  const range block{start, start + block_size(start)};
#ifdef __GLIBC__
  // A wrong guess would make memory a root, or be seen as a block that reaches further.
  constexpr std::uintptr_t is_mapped = 2, not_main = 4, flags = 7;
  constexpr std::uintptr_t arena = std::uintptr_t{64} << 20;
  const auto *header = reinterpret_cast<const std::size_t *>(start) - 2;
  const std::uintptr_t chunk = start - 2 * sizeof(std::size_t);
  if (!under_sanitizer && (header[1] & is_mapped))
    return {chunk - header[0], chunk + (header[1] & ~flags)};
  if (!under_sanitizer && (header[1] & not_main))
    return {start & ~(arena - 1), (start & ~(arena - 1)) + arena};
#endif
  return block;
}

/// Appends what the allocator has of `memory`: its free blocks hold stale pointers.
void exclude_allocator(range memory, range_list &holes) noexcept {
  while (const std::uintptr_t start = first_block(memory)) {
    const range region = allocator_region(start);
    holes.push_back(region);
    memory.begin = std::max(region.end, start + 1);
    if (memory.begin >= memory.end)
      return;
  }
}

/// The parts of `memory`, of a mapping, that are to be looked at.
void parts_of(const mapping &m, range memory, const root_query &q, range_list &parts) noexcept {
  constexpr std::size_t large = std::size_t{1} << 20;
  const std::size_t before = parts.size();
  if (m.shared || m.file) {
    readable_pages(memory, parts);
  } else if (under_sanitizer && m.unknown) { // most of them are the sanitizer's books
    data_segments(q.objects, memory, parts);
    all_thread_locals(q, memory, parts);
  } else if (memory.end - memory.begin < large || !touched_pages(memory, parts)) {
    parts.resize_down(before);
    parts.push_back(memory);
  }
}

/// What of a mapping is a root.
void roots_of(const mapping &m, const root_query &q, bool guarded, const range_list &holes,
              range_list &out) noexcept {
  range_list stack, rest;
  if (is_thread_stack(q, m, guarded, stack)) {
    for (const range &part : stack)
      subtract(part, holes, out);
    return;
  }
  subtract(m.memory, holes, rest);
  for (const range &part : rest)
    parts_of(m, part, q, out);
}

} // namespace

void loaded_objects::add(const dl_phdr_info &object, const void *apart) noexcept {
  const std::span parts(object.dlpi_phdr, object.dlpi_phnum);
  auto memory_of = [&](const auto &part) {
    const std::uintptr_t begin = object.dlpi_addr + part.p_vaddr;
    return range{begin, begin + part.p_memsz};
  };
  const bool is_apart = std::any_of(parts.begin(), parts.end(), [&](const auto &part) {
    return part.p_type == PT_LOAD &&
           memory_of(part).contains(reinterpret_cast<std::uintptr_t>(apart));
  });
  for (const auto &part : parts) {
    if (part.p_type == PT_TLS)
      locals += part.p_memsz + part.p_align;
    if (part.p_type == PT_LOAD && (part.p_flags & PF_W))
      (is_apart ? unseen : data).push_back(memory_of(part));
  }
}

loaded_objects::loaded_objects(const void *passed_over) noexcept {
  struct look {
    loaded_objects &into;
    const void *apart;
  } l{*this, passed_over};
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        l.into.add(*info, l.apart);
        return 0;
      },
      &l);
}

range thread_locals(const loaded_objects &objects, std::uintptr_t tls) noexcept {
  return {tls - objects.thread_local_bytes(), tls};
}

void find_roots(const root_query &q, root_lists &out) noexcept {
  range_list holes;
  auto is_candidate = [](const mapping &m) {
    return m.readable && m.writable && !m.heap && !m.device;
  };
  for (const range &r : q.excluded)
    holes.push_back(r);
  for (const mapping &m : q.mappings)
    if (is_candidate(m) && !m.shared)
      exclude_allocator(m.memory, holes);
  normalise(holes);
  std::uintptr_t guard_end = 0;
  for (const mapping &m : q.mappings) {
    if (is_candidate(m))
      roots_of(m, q, m.memory.begin == guard_end, holes, m.shared ? out.shared : out.own);
    guard_end = m.readable ? 0 : m.memory.end;
  }
}

} // namespace sluice::memory
