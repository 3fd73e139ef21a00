// The memory that is live by itself: data segments, unknown mappings, and what threads use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/roots.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

namespace sluice::memory {
namespace {

/// One line of /proc/self/maps.
struct mapping {
  range memory;
  bool readable_writable = false;
  bool shared = false;
  bool heap = false;
  bool device = false;
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
  m.device = std::strstr(perms, " /dev/") != nullptr && !std::strstr(perms, " /dev/shm/");
  return m;
}

/// Reads the whole map first: what is mapped here while it is read would otherwise move its lines.
bool read_map(mapped_vector<char> &text) noexcept {
  int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  char buffer[4096];
  bool ok = true;
  ssize_t n = 0;
  while (ok && (n = read(fd, buffer, sizeof buffer)) > 0)
    for (ssize_t i = 0; i < n; ++i)
      ok = text.push_back(buffer[i] == '\n' ? '\0' : buffer[i]) && ok;
  close(fd);
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

bool thread_stack(const root_query &q, range memory, range_list &out) noexcept {
  bool found = false;
  auto live = [&](std::uintptr_t sp) {
    if (!memory.contains(sp))
      return;
    out.push_back({sp, memory.end});
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

} // namespace

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
  exclude_allocator(graph, holes);
  for (range r : {graph.pages(), graph.work_pages(), out.pages(), q.excluded.pages()})
    holes.push_back(r);
  normalise(holes);
  for (const char *line = text.begin(); line < text.end(); line += std::strlen(line) + 1) {
    mapping m = parse(line);
    if (!m.readable_writable || m.shared || m.heap || m.device || thread_stack(q, m.memory, out))
      continue;
    subtract(m.memory, holes, out);
  }
  return true;
}

} // namespace sluice::memory
