// What tasks that are left still hold, told to LeakSanitizer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::observe {

/// Memory that only a parked stack holds belongs to a task that is reported already, or may go on:
/// LeakSanitizer is not to report it. To be called when no task will run any more.
void keep_what_tasks_hold() noexcept;

} // namespace sluice::observe
