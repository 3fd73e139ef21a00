// Lists the checks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Catalogue.h"

#include "checks/AsyncApi.h"
#include "checks/BlockingUnderLock.h"
#include "checks/ClosedChannel.h"
#include "checks/DanglingCapture.h"
#include "checks/Deadlock.h"
#include "checks/DoubleLock.h"
#include "checks/LockOrderCycle.h"
#include "checks/LostNotify.h"
#include "checks/MissingCancellation.h"
#include "checks/MissingUnlock.h"
#include "checks/Pages.h"
#include "checks/StarvedReceive.h"
#include "checks/UndirectedChannel.h"
#include "checks/UnfulfilledWait.h"
#include "checks/UnjoinedTask.h"
#include "checks/UnreceivedSend.h"
#include "checks/UntrackedTask.h"
#include "checks/WaitGroupMisuse.h"
#include "findings/CheckGlobs.h"

namespace sluice::checker::checks {

llvm::ArrayRef<const CheckInfo *> catalogue() {
  static const CheckInfo *const checks[] = {
      &asyncApi,       &blockingUnderLock, &closedChannel,   &danglingCapture,     &deadlock,
      &doubleLock,     &lockOrderCycle,    &lostNotify,      &missingCancellation, &missingUnlock,
      &starvedReceive, &undirectedChannel, &unfulfilledWait, &unjoinedTask,        &unreceivedSend,
      &untrackedTask,  &waitGroupMisuse,
  };
  return checks;
}

const CheckInfo *findCheck(llvm::StringRef id) {
  id.consume_front(findings::checkPrefix);
  for (const CheckInfo *check : catalogue())
    if (check->id == id)
      return check;
  return nullptr;
}

const CheckInfo *nearestCheck(llvm::StringRef id) {
  id.consume_front(findings::checkPrefix);
  const CheckInfo *nearest = nullptr;
  unsigned best = static_cast<unsigned>(id.size()) / 3 + 2;
  for (const CheckInfo *check : catalogue()) {
    unsigned distance = id.edit_distance(check->id, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = check;
    }
  }
  return nearest;
}

llvm::StringRef pageOf(const CheckInfo &check) {
  for (const Page &page : pages())
    if (page.id == check.id)
      return page.text;
  return {};
}

} // namespace sluice::checker::checks
