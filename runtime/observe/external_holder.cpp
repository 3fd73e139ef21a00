// A root for a handle that hides where the leak check cannot see it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/external_holder.hpp>

#include <list>
#include <mutex>

namespace sluice {
namespace {

std::mutex guards_handles;
/// Never destroyed: holders of static storage may outlive it otherwise. Its memory is reached from
/// this pointer, which lies in a data segment.
std::list<const void *> *handles = nullptr;

} // namespace

void *external_holder::enter(const void *handle) {
  std::lock_guard hold(guards_handles);
  if (!handles)
    handles = new std::list<const void *>;
  handles->push_front(handle);
  return new std::list<const void *>::iterator(handles->begin());
}

void external_holder::leave(void *entry) noexcept {
  if (!entry)
    return;
  auto *at = static_cast<std::list<const void *>::iterator *>(entry);
  std::lock_guard hold(guards_handles);
  handles->erase(*at);
  delete at;
}

} // namespace sluice
