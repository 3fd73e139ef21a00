// Finds sends that nobody may ever receive.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/unreceived-send.md.
extern const CheckInfo unreceivedSend;

/// Whether a buffer is offered as a fix.
extern const OptionInfo bufferFixes;

} // namespace sluice::checker::checks
