// Stopping every other thread of the process for a look at its memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A round has a number. The stopper lists the threads of /proc/self/task, gives each a slot and a
// signal; the handler fills in the slot, counts itself and waits until the round is over. Threads
// that appear meanwhile are found by listing again until nothing new turns up.
#include "memory/world.hpp"

#include "memory/deferral.hpp"
#include "memory/kernel.hpp"
#include "memory/sanitizer_heap.hpp"
#include "memory/text.hpp"

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// TSan's wrapper would hold the signal back until a thread calls something that may block.
#ifdef SLUICE_TSAN
extern "C" int __sigaction(int, const struct sigaction *, struct sigaction *);
#define SLUICE_SIGACTION __sigaction
#else
#define SLUICE_SIGACTION sigaction
#endif

namespace sluice::memory {
namespace {

constexpr std::size_t max_threads = 4096;
constexpr long patience_ns = 2'000'000'000;

constinit stopped_thread slots[max_threads];
constinit std::atomic<std::size_t> used{0};
constinit std::atomic<std::size_t> arrived{0};
constinit std::atomic<std::size_t> left{0};
constinit std::atomic<int> running{1}; // 0: the world stands still

int stop_signal() { return SIGRTMAX - 3; }

long futex(std::atomic<int> &word, int operation, int value) noexcept {
  return syscall(SYS_futex, reinterpret_cast<int *>(&word), operation | FUTEX_PRIVATE_FLAG, value,
                 nullptr, nullptr, 0);
}

#if defined(__x86_64__)
/// Whether the thread has just made a system call, or is about to make it once more. Not asked
/// where the instruction before may lie on another page, which may not be there.
bool in_system_call(const ucontext_t &context) noexcept {
  const auto pc = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
  const auto *code = reinterpret_cast<const unsigned char *>(pc);
  auto is_system_call = [](const unsigned char *p) { return p[0] == 0x0f && p[1] == 0x05; };
  return pc % 4096 >= 2 && pc % 4096 < 4095 && (is_system_call(code) || is_system_call(code - 2));
}

/// Where the kernel saved the vector registers: a pair of pointers on its way may be nowhere else.
range saved_vectors(const ucontext_t &context) noexcept {
  const auto *state = reinterpret_cast<const char *>(context.uc_mcontext.fpregs);
  if (!state)
    return {};
  constexpr std::size_t legacy = 512, at_magic = 464;
  constexpr std::uint32_t extended_magic = 0x46505853;
  std::uint32_t words[2]; // the magic number, the size with what newer processors have
  for (unsigned i = 0; i < 2; ++i)
    words[i] = reinterpret_cast<const volatile std::uint32_t *>(state + at_magic)[i];
  const auto begin = reinterpret_cast<std::uintptr_t>(state);
  return {begin, begin + (words[0] == extended_magic ? words[1] : legacy)};
}
#elif defined(__aarch64__)
bool in_system_call(const ucontext_t &context) noexcept {
  const std::uintptr_t pc = context.uc_mcontext.pc;
  constexpr std::uint32_t system_call = 0xd4000001;
  const auto *code = reinterpret_cast<const std::uint32_t *>(pc);
  return pc % 4096 >= 4 && (code[0] == system_call || code[-1] == system_call);
}

range saved_vectors(const ucontext_t &context) noexcept {
  const auto *more = context.uc_mcontext.__reserved;
  return {reinterpret_cast<std::uintptr_t>(more),
          reinterpret_cast<std::uintptr_t>(more + sizeof context.uc_mcontext.__reserved)};
}
#endif

void copy_registers(stopped_thread &t, const ucontext_t &context) noexcept {
#if defined(__x86_64__)
  static_assert(NGREG <= 34);
  for (int i = 0; i < NGREG; ++i) // a sanitizer's memcpy may not be called in a handler
    *static_cast<volatile std::uintptr_t *>(t.registers + i) =
        static_cast<std::uintptr_t>(context.uc_mcontext.gregs[i]);
  t.sp = static_cast<std::uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  for (int i = 0; i < 31; ++i) // a sanitizer's memcpy may not be called in a handler
    *static_cast<volatile std::uintptr_t *>(t.registers + i) = context.uc_mcontext.regs[i];
  t.sp = context.uc_mcontext.sp;
#endif
  t.in_kernel = in_system_call(context);
  t.vectors = saved_vectors(context);
}

stopped_thread *slot_of(pid_t tid) noexcept {
  for (std::size_t i = 0; i < used.load(std::memory_order_acquire); ++i)
    if (slots[i].tid == tid)
      return &slots[i];
  return nullptr;
}

// A signal may come late, after its round is over: then it is nobody's, and counts for nothing.
void stand_still(int, siginfo_t *, void *context) {
  if (deferral.inside) {
    deferral.stop_wanted = true;
    return;
  }
  deferral.stop_wanted = false;
  int saved = errno;
  stopped_thread *own = nullptr;
  if (running.load(std::memory_order_acquire) == 0)
    own = slot_of(static_cast<pid_t>(syscall(SYS_gettid)));
  if (own) {
    auto &state = *static_cast<ucontext_t *>(context);
    copy_registers(*own, state);
    own->tls = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
    own->fake_stack = current_fake_stack();
    arrived.fetch_add(1, std::memory_order_release);
    while (running.load(std::memory_order_acquire) == 0)
      futex(running, FUTEX_WAIT, 0);
    begin_again(own->call, state);
    left.fetch_add(1, std::memory_order_release);
  }
  errno = saved;
}

bool listed(pid_t tid) noexcept { return slot_of(tid) != nullptr; }

/// Signals `tid` unless that has been done; false if there is no slot left.
bool signal_once(pid_t tid) noexcept {
  if (listed(tid))
    return true;
  std::size_t i = used.load(std::memory_order_relaxed);
  if (i == max_threads)
    return false;
  slots[i] = {};
  slots[i].tid = tid;
  slots[i].call = call_of(tid);
  used.store(i + 1, std::memory_order_release);
  if (syscall(SYS_tgkill, getpid(), tid, stop_signal()) != 0)
    used.store(i, std::memory_order_release); // it has just ended
  return true;
}

struct entry { // what getdents64 fills in
  std::uint64_t inode, offset;
  unsigned short size;
  unsigned char type;
  char name[];
};

/// One pass over the threads of the process, without the allocation that opendir needs.
bool signal_all(pid_t self) noexcept {
  int dir = kernel_open("/proc/self/task", O_DIRECTORY);
  if (dir < 0)
    return false;
  alignas(entry) char buffer[4096];
  bool ok = true;
  for (long n; ok && (n = syscall(SYS_getdents64, dir, buffer, sizeof buffer)) > 0;)
    for (long at = 0; at < n;) {
      const auto *e = reinterpret_cast<const entry *>(buffer + at);
      const char *name = e->name;
      const auto tid = static_cast<pid_t>(read_number(name, 10)); // 0 for what is no number
      if (tid > 0 && tid != self && (listed(tid) || !is_sanitizer_thread(tid)))
        ok = signal_once(tid) && ok;
      at += e->size;
    }
  kernel_close(dir);
  return ok;
}

long now_ns() noexcept {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000L + t.tv_nsec;
}

bool wait_for(const std::atomic<std::size_t> &counter) noexcept {
  long end = now_ns() + patience_ns;
  while (counter.load(std::memory_order_acquire) < used.load(std::memory_order_relaxed)) {
    if (now_ns() > end)
      return false;
    kernel_sleep(50'000);
  }
  return true;
}

bool install_handler() noexcept {
  struct sigaction action = {};
  action.sa_sigaction = stand_still;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigfillset(&action.sa_mask);
  return SLUICE_SIGACTION(stop_signal(), &action, nullptr) == 0;
}

} // namespace

constinit thread_local deferral_state deferral;

void stop_this_thread() noexcept {
  syscall(SYS_tgkill, getpid(), static_cast<pid_t>(syscall(SYS_gettid)), stop_signal());
}

stopped_world::stopped_world() noexcept {
  pid_t self = static_cast<pid_t>(syscall(SYS_gettid));
  used.store(0);
  arrived.store(0);
  left.store(0);
  running.store(0);
  complete_ = install_handler();
  std::size_t before = 0;
  do {
    before = used.load();
    complete_ = complete_ && signal_all(self) && wait_for(arrived);
  } while (complete_ && used.load() != before);
}

stopped_world::~stopped_world() {
  running.store(1, std::memory_order_release);
  futex(running, FUTEX_WAKE, INT_MAX);
  if (complete_) // the slots may not be reused while a handler still reads them
    wait_for(left);
}

std::span<const stopped_thread> stopped_world::threads() const noexcept {
  return {slots, used.load(std::memory_order_relaxed)};
}

range stopped_world::books() noexcept {
  auto p = reinterpret_cast<std::uintptr_t>(slots);
  return {p, p + sizeof slots};
}

std::size_t thread_count() noexcept {
  DIR *dir = opendir("/proc/self/task");
  if (!dir)
    return SIZE_MAX;
  std::size_t n = 0;
  while (const dirent *e = readdir(dir))
    n += e->d_name[0] != '.' &&
         !is_sanitizer_thread(static_cast<pid_t>(std::strtol(e->d_name, nullptr, 10)));
  closedir(dir);
  return n;
}

} // namespace sluice::memory
