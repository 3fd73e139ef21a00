// Makes the schedule of a finding short.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/ProgramRun.h"

#include <string>

namespace sluice::checker::standalone {

/// The shortest schedule found under which `runner`'s program still has `finding`; empty if even
/// `schedule`, of a run that had it, does not show it again. Leaves out decisions by halves, then
/// by quarters and so on (delta debugging, Zeller and Hildebrandt 2002), in at most `runs` runs.
std::string shrink(ProgramRunner &runner, const std::string &schedule, const std::string &finding,
                   unsigned runs);

/// How many decisions a schedule holds that are not the ordinary ones.
size_t decisionsIn(const std::string &schedule);

} // namespace sluice::checker::standalone
