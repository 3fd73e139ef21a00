// The memory that is live by itself: data segments, unknown mappings, and what threads use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/roots.hpp"

#include "memory/kernel.hpp"
#include "memory/sanitizer_heap.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <link.h>
#include <sys/uio.h>

namespace sluice::memory {
namespace {

/// One line of /proc/self/maps.
struct mapping {
  range memory;
  bool readable_writable = false;
  bool shared = false;
  bool heap = false;
  bool device = false;
  bool file = false;
  bool unknown = false; // nothing says whose it is: neither a file's, nor the first thread's stack
};

mapping parse(const char *line) noexcept {
  char *end = nullptr;
  mapping m;
  m.memory.begin = std::strtoul(line, &end, 16);
  m.memory.end = std::strtoul(end + 1, &end, 16);
  const char *perms = end + 1;
  m.readable_writable = perms[0] == 'r' && perms[1] == 'w';
  m.shared = perms[3] == 's';
  m.heap = std::strstr(perms, "[heap]") != nullptr;
  const char *name = std::strchr(perms, '/');
  m.file = name != nullptr;
  auto below = [&](const char *folder) { return name && std::strstr(name, folder) == name; };
  m.device = below("/dev/") && !below("/dev/shm/") && !below("/dev/zero");
  m.unknown = !m.file && !std::strstr(perms, "[stack]");
  return m;
}

/// Reads the whole map first: what is mapped here while it is read would otherwise move its lines.
bool read_map(mapped_vector<char> &text) noexcept {
  int fd = kernel_open("/proc/self/maps");
  if (fd < 0)
    return false;
  char buffer[4096];
  bool ok = true;
  ssize_t n = 0;
  while (ok && (n = kernel_read(fd, buffer, sizeof buffer)) > 0)
    for (ssize_t i = 0; i < n; ++i)
      ok = text.push_back(buffer[i] == '\n' ? '\0' : buffer[i]) && ok;
  kernel_close(fd);
  return ok && n == 0;
}

/// Appends the parts of `whole` that none of the normalised `holes` covers.
void subtract(range whole, const range_list &holes, range_list &out) noexcept {
  const range *h = std::upper_bound(holes.begin(), holes.end(), whole.begin,
                                    [](std::uintptr_t p, const range &r) { return p < r.end; });
  for (; h != holes.end() && h->begin < whole.end; ++h) {
    if (h->begin > whole.begin)
      out.push_back({whole.begin, h->begin});
    whole.begin = std::max(whole.begin, h->end);
  }
  if (whole.begin < whole.end)
    out.push_back(whole);
}

/// Puts ranges in order and joins those that touch.
void normalise(range_list &list) noexcept {
  std::sort(list.begin(), list.end(),
            [](const range &a, const range &b) { return a.begin < b.begin; });
  std::size_t kept = 0;
  for (range r : list)
    if (kept && r.begin <= list[kept - 1].end)
      list[kept - 1].end = std::max(list[kept - 1].end, r.end);
    else
      list[kept++] = r;
  list.resize_down(kept);
}

/// The pages of a shared mapping that can be read: behind a file's end there is nothing but a
/// signal.
void readable_pages(range memory, range_list &out) noexcept {
  constexpr std::uintptr_t page = 4096;
  const long self = syscall(SYS_getpid);
  for (std::uintptr_t at = memory.begin; at < memory.end; at += page) {
    char byte = 0;
    iovec to{&byte, 1}, from{reinterpret_cast<void *>(at), 1};
    if (syscall(SYS_process_vm_readv, self, &to, 1L, &from, 1L, 0L) == 1)
      out.push_back({at, at + page});
  }
}

/// The part of `memory` that loaded objects have for their variables.
void data_segments(range memory, range_list &out) noexcept {
  struct look {
    range memory;
    range_list &out;
  } l{memory, out};
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *arg) {
        auto &l = *static_cast<look *>(arg);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto &part = info->dlpi_phdr[i];
          std::uintptr_t begin = info->dlpi_addr + part.p_vaddr, end = begin + part.p_memsz;
          begin = std::max(begin, l.memory.begin);
          end = std::min(end, l.memory.end);
          if (part.p_type == PT_LOAD && (part.p_flags & PF_W) && begin < end)
            l.out.push_back({begin, end});
        }
        return 0;
      },
      &l);
}

/// Thread-locals of the first thread, or of others with a stack of their own choice.
void all_thread_locals(const root_query &q, range memory, range_list &out) noexcept {
  auto add = [&](std::uintptr_t tls) {
    if (!memory.contains(tls))
      return;
    range all = thread_locals(tls);
    out.push_back({std::max(all.begin, memory.begin), std::min(all.end, memory.end)});
  };
  for (const stopped_thread &t : q.threads)
    add(t.tls);
  add(q.own_tls);
}

/// A stack's mapping begins with it, behind the guard; the kernel may join others at its end.
bool thread_stack(const root_query &q, range memory, const range_list &holes,
                  range_list &out) noexcept {
  bool found = false;
  auto live = [&](std::uintptr_t sp) {
    if (!memory.contains(sp))
      return;
    subtract({sp, memory.end}, holes, out);
    found = true;
  };
  for (const stopped_thread &t : q.threads)
    live(t.sp);
  live(q.own_stack);
  return found;
}

void exclude_allocator(reach &graph, range_list &holes) noexcept {
  for (const node &n : graph.nodes()) {
    holes.push_back(n.memory);
    if (n.tag == 0)
      holes.push_back(allocator_region(n.memory.begin));
  }
}

/// What the C library keeps behind a thread's values: its own books, and the argument that the
/// thread began with, which says nothing of what it still uses.
range thread_books(std::uintptr_t tls) noexcept {
  constexpr std::uintptr_t page = 4096, most = 2304; // all of glibc's on x86-64, less elsewhere
  const std::uintptr_t begin = thread_locals(tls).end, end = tls + most;
  return {begin, std::max(begin, std::min(end, (begin + page) & ~(page - 1)))};
}

void add_mapping(const mapping &m, const root_query &q, const range_list &holes,
                 range_list &out) noexcept {
  range_list parts;
  if (m.shared) {
    readable_pages(m.memory, parts);
  } else if (under_sanitizer && m.unknown) { // most of them are the sanitizer's books
    data_segments(m.memory, parts);
    all_thread_locals(q, m.memory, parts);
  } else {
    parts.push_back(m.memory);
  }
  for (const range &part : parts)
    subtract(part, holes, out);
}

} // namespace

void with_loader_locked(void (*f)(void *arg), void *arg) noexcept {
  struct call {
    void (*f)(void *arg);
    void *arg;
  } c{f, arg};
  dl_iterate_phdr(
      [](dl_phdr_info *, std::size_t, void *p) {
        const auto &c = *static_cast<call *>(p);
        c.f(c.arg);
        return 1; // no second time
      },
      &c);
}

range stack_part(std::uintptr_t sp) noexcept {
  mapped_vector<char> text;
  if (!read_map(text))
    return {};
  for (const char *line = text.begin(); line < text.end(); line += std::strlen(line) + 1)
    if (mapping m = parse(line); m.memory.contains(sp))
      return {sp, m.memory.end};
  return {};
}

range thread_locals(std::uintptr_t tls) noexcept {
  constexpr std::size_t control_block = 1344; // up to the end of pthread_setspecific's first values
  std::size_t total = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *sum) {
        for (int i = 0; i < info->dlpi_phnum; ++i)
          if (info->dlpi_phdr[i].p_type == PT_TLS)
            *static_cast<std::size_t *>(sum) +=
                info->dlpi_phdr[i].p_memsz + info->dlpi_phdr[i].p_align;
        return 0;
      },
      &total);
  return {tls - total, tls + control_block};
}

bool find_roots(const root_query &q, reach &graph, range_list &out) noexcept {
  mapped_vector<char> text;
  if (!read_map(text))
    return false;
  range_list holes;
  for (const range &r : q.excluded)
    holes.push_back(r);
  holes.push_back(text.pages());
  for (const stopped_thread &t : q.threads)
    holes.push_back(thread_books(t.tls));
  exclude_allocator(graph, holes);
  for (range r : {graph.pages(), graph.work_pages(), out.pages(), q.excluded.pages()})
    holes.push_back(r);
  normalise(holes);
  for (const char *line = text.begin(); line < text.end(); line += std::strlen(line) + 1) {
    mapping m = parse(line);
    if (!m.readable_writable || m.heap || m.device || thread_stack(q, m.memory, holes, out))
      continue;
    add_mapping(m, q, holes, out);
  }
  return true;
}

} // namespace sluice::memory
