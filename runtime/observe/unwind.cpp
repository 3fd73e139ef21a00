// The frames of a stack that does not run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libunwind is loaded when the first report needs it: a program that links this library needs no
// further one, and one that finds nothing never loads it.
#include "observe/unwind.hpp"

#if __has_include(<libunwind.h>)
#define UNW_LOCAL_ONLY
#include <libunwind.h>
#endif

#include <atomic>
#include <dlfcn.h>
#include <unwind.h>

namespace sluice::observe {

namespace {

constexpr std::size_t most_frames = 64;

_Unwind_Reason_Code collect(_Unwind_Context *c, void *out) {
  auto &frames = *static_cast<std::vector<std::uintptr_t> *>(out);
  const std::uintptr_t pc = _Unwind_GetIP(c);
  if (!pc)
    return _URC_END_OF_STACK;
  frames.push_back(pc);
  return frames.size() < most_frames ? _URC_NO_REASON : _URC_END_OF_STACK;
}

} // namespace

static std::atomic<const void *> code_of_unwinder{nullptr};

const void *unwinder() noexcept { return code_of_unwinder.load(std::memory_order_acquire); }

std::vector<std::uintptr_t> unwind_here() {
  std::vector<std::uintptr_t> frames;
  _Unwind_Backtrace(collect, &frames);
  return frames;
}

#if __has_include(<libunwind.h>) && !defined(SLUICE_CONTEXT_BOOST) &&                               \
    (defined(__x86_64__) || defined(__aarch64__))

namespace {

#define SLUICE_TEXT_OF(name) #name
#define SLUICE_SYMBOL(name) SLUICE_TEXT_OF(name)

struct library {
  int (*init)(unw_cursor_t *, unw_context_t *, int) = nullptr;
  int (*step)(unw_cursor_t *) = nullptr;
  int (*get)(unw_cursor_t *, int, unw_word_t *) = nullptr;
  bool usable() const { return init && step && get; }
};

library load() {
  library lib;
  void *handle = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return lib;
  auto find = [&](const char *name, auto &out) {
    out = reinterpret_cast<std::decay_t<decltype(out)>>(dlsym(handle, name));
  };
  find(SLUICE_SYMBOL(unw_init_local2), lib.init);
  find(SLUICE_SYMBOL(unw_step), lib.step);
  find(SLUICE_SYMBOL(unw_get_reg), lib.get);
  code_of_unwinder.store(reinterpret_cast<const void *>(lib.step), std::memory_order_release);
  return lib;
}

/// A context as the kernel would describe it; registers that the switch does not keep are zero.
unw_context_t describe(const core::saved_context &parked) {
  unw_context_t c = {};
  auto value = [](const void *p) { return reinterpret_cast<std::uintptr_t>(p); };
#if defined(__x86_64__)
  c.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(value(parked.pc));
  c.uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(value(parked.sp));
  c.uc_mcontext.gregs[REG_RBP] = static_cast<greg_t>(value(parked.fp));
#else
  c.uc_mcontext.pc = value(parked.pc);
  c.uc_mcontext.sp = value(parked.sp);
  c.uc_mcontext.regs[29] = value(parked.fp);
#endif
  return c;
}

/// The used part of a parked stack, in memory of our own: whoever is only unfinished may go on
/// while it is unwound, and nobody's stack may be read in motion.
class stack_copy {
public:
  explicit stack_copy(const seen_task &parked) : context_(parked.saved) {
    const auto sp = reinterpret_cast<std::uintptr_t>(parked.saved.sp);
    const auto top = reinterpret_cast<std::uintptr_t>(parked.stack_top);
    if (sp % sizeof(std::uintptr_t) || sp >= top || top - sp > most_bytes || !rests(parked))
      return;
    words_.resize((top - sp) / sizeof(std::uintptr_t));
    const auto here = reinterpret_cast<std::uintptr_t>(words_.data());
    copy(reinterpret_cast<const std::uintptr_t *>(sp), [=](std::uintptr_t word) {
      return word >= sp && word <= top ? word - sp + here : word; // frames point to each other
    });
    std::atomic_thread_fence(std::memory_order_acquire);
    if (!rests(parked))
      words_.clear();
    const auto fp = reinterpret_cast<std::uintptr_t>(context_.fp);
    if (fp >= sp && fp <= top)
      context_.fp = reinterpret_cast<void *>(fp - sp + here);
    context_.sp = words_.data();
  }

  bool empty() const { return words_.empty(); }
  const core::saved_context &context() const { return context_; }
  std::uintptr_t top() const {
    return reinterpret_cast<std::uintptr_t>(words_.data() + words_.size());
  }

private:
  static constexpr std::size_t most_bytes = std::size_t{64} << 20;

  static bool rests(const seen_task &t) {
    return t.who->state.load(std::memory_order_acquire) == core::run_state::blocked &&
           t.who->id == t.id && t.who->saved.sp == t.saved.sp;
  }

  // Not instrumented: a stack has red zones, and if it is written meanwhile the copy is not used.
  // Volatile, so that it becomes no call of memcpy, which is.
  template <class Rebase>
  __attribute__((no_sanitize("address", "thread"))) void copy(const volatile std::uintptr_t *from,
                                                              Rebase rebase) {
    for (std::uintptr_t &word : words_)
      word = rebase(*from++);
  }

  std::vector<std::uintptr_t> words_;
  core::saved_context context_;
};

} // namespace

std::vector<std::uintptr_t> unwind(const seen_task &parked) {
  static const library lib = load();
  std::vector<std::uintptr_t> frames;
  if (!lib.usable())
    return frames;
  const stack_copy stack(parked);
  unw_context_t context = describe(stack.context());
  unw_cursor_t cursor;
  if (stack.empty() || lib.init(&cursor, &context, 0) != 0)
    return frames;
  do {
    unw_word_t pc = 0, sp = 0;
    if (lib.get(&cursor, UNW_REG_IP, &pc) || lib.get(&cursor, UNW_REG_SP, &sp) || !pc)
      break;
    if (sp > stack.top())
      break; // lost: never read beyond the stack
    frames.push_back(pc);
  } while (frames.size() < most_frames && lib.step(&cursor) > 0);
  return frames;
}

#else

std::vector<std::uintptr_t> unwind(const seen_task &) { return {}; }

#endif

} // namespace sluice::observe
