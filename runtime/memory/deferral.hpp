// A few instructions in which a thread does not stand still, because the books are not whole.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A block that realloc() is moving holds pointers, but has no bit in the map: the search would pass
// over what only it reaches. So the signal that stops the world finds out that the thread is in
// there, leaves a note and returns; the thread stops itself when it is out.
#pragma once

namespace sluice::memory {

/// What a thread is in.
struct deferral_state {
  volatile bool inside = false;
  volatile bool stop_wanted = false; // by a signal that came meanwhile
};
[[gnu::tls_model("initial-exec")]] extern constinit thread_local deferral_state deferral;

/// Sends the calling thread the signal that stops the world.
void stop_this_thread() noexcept;

/// While it exists, the calling thread does not stand still.
class not_now {
public:
  not_now() noexcept {
    deferral.inside = true;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
  }
  ~not_now() {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    deferral.inside = false;
    if (deferral.stop_wanted) [[unlikely]]
      stop_this_thread();
  }
  not_now(const not_now &) = delete;
  not_now &operator=(const not_now &) = delete;
};

} // namespace sluice::memory
