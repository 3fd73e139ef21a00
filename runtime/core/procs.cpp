// Reads the affinity mask and the quotas of control groups, version 2 and 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/procs.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace sluice::core {
namespace {

constexpr unsigned unlimited = std::numeric_limits<unsigned>::max();

unsigned rounded_up(double quota, double period) noexcept {
  if (quota <= 0 || period <= 0)
    return unlimited;
  return std::max(1U, static_cast<unsigned>((quota + period - 1) / period));
}

bool read_line(const std::string &path, char *to, int size) {
  std::FILE *f = std::fopen(path.c_str(), "re");
  if (!f)
    return false;
  const bool got = std::fgets(to, size, f) != nullptr;
  std::fclose(f);
  return got;
}

// "max 100000" or "150000 100000"
unsigned version_2_quota(const std::string &group) {
  char text[64];
  double quota = 0;
  double period = 0;
  if (!read_line("/sys/fs/cgroup" + group + "/cpu.max", text, sizeof text) ||
      std::sscanf(text, "%lf %lf", &quota, &period) != 2)
    return unlimited;
  return rounded_up(quota, period);
}

unsigned version_1_quota(const std::string &group) {
  char text[64];
  const std::string folder = "/sys/fs/cgroup/cpu" + group;
  if (!read_line(folder + "/cpu.cfs_quota_us", text, sizeof text))
    return unlimited;
  const double quota = std::atof(text);
  if (!read_line(folder + "/cpu.cfs_period_us", text, sizeof text))
    return unlimited;
  return rounded_up(quota, std::atof(text));
}

// A quota may be set at the group itself or at any group above it.
template <class Quota> unsigned smallest_up_from(std::string group, Quota quota) {
  unsigned least = quota("");
  while (group.size() > 1) {
    least = std::min(least, quota(group));
    group.resize(group.rfind('/'));
  }
  return least;
}

unsigned quota_of_line(const char *text) {
  std::string group = std::strrchr(text, ':') + 1;
  while (!group.empty() && group.back() == '\n')
    group.pop_back();
  if (std::strncmp(text, "0::", 3) == 0)
    return smallest_up_from(group, version_2_quota);
  if (std::strstr(text, ":cpu:") || std::strstr(text, ":cpu,") || std::strstr(text, ",cpu:"))
    return smallest_up_from(group, version_1_quota);
  return unlimited;
}

unsigned group_quota() {
  std::FILE *f = std::fopen("/proc/self/cgroup", "re");
  if (!f)
    return unlimited;
  unsigned least = unlimited;
  char text[4096];
  while (std::fgets(text, sizeof text, f))
    if (std::strrchr(text, ':'))
      least = std::min(least, quota_of_line(text));
  std::fclose(f);
  return least;
}

unsigned affinity() noexcept {
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return static_cast<unsigned>(CPU_COUNT(&set));
#endif
  return std::thread::hardware_concurrency();
}

} // namespace

unsigned usable_processors() noexcept { return std::max(1U, std::min(affinity(), group_quota())); }

} // namespace sluice::core
