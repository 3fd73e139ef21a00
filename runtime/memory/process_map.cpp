// The mappings of the process, as the kernel lists them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/process_map.hpp"

#include "memory/text.hpp"

#include <algorithm>

namespace sluice::memory {
namespace {

mapping parse(const char *line) noexcept {
  mapping m;
  m.memory.begin = read_number(line, 16);
  m.memory.end = read_number(++line, 16);
  const char *perms = line + 1;
  m.readable = perms[0] == 'r';
  m.writable = perms[1] == 'w';
  m.shared = perms[3] == 's';
  m.heap = find_text(perms, "[heap]");
  const char *name = find_text(perms, "/");
  m.file = name;
  m.device = name && begins_with(name, "/dev/") && !begins_with(name, "/dev/shm/") &&
             !begins_with(name, "/dev/zero");
  m.first_stack = find_text(perms, "[stack]");
  m.unknown = !m.file && !m.first_stack;
  return m;
}

/// Reads the whole text first: what is mapped here while it is read would otherwise move its lines.
/// Nor may the text itself move, so there is room for far more mappings than a process may have.
bool read_text(mapped_vector<char> &text) noexcept {
  constexpr std::size_t room = std::size_t{1} << 26;
  if (!text.reserve(room))
    return false;
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

} // namespace

bool process_map::read() noexcept {
  if (!read_text(text))
    return false;
  bool ok = true;
  for (const char *line = text.begin(); ok && line < text.end(); ++line) {
    ok = all.push_back(parse(line));
    while (*line)
      ++line;
  }
  return ok;
}

const mapping *process_map::find(std::uintptr_t p) const noexcept {
  const mapping *m =
      std::upper_bound(all.begin(), all.end(), p,
                       [](std::uintptr_t v, const mapping &m) { return v < m.memory.end; });
  return m != all.end() && m->memory.contains(p) ? m : nullptr;
}

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

} // namespace sluice::memory
