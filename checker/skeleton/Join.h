// Joins the functions of several units into one program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/LinkPlan.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <set>

namespace sluice::checker::skeleton {

/// A program that was joined, and where its functions come from.
struct JoinedProgram {
  Program program;
  std::vector<UnitFunction> origins; ///< by function
  std::set<FunctionId> widened;      ///< as the plan says
};

/// Gives the skeleton of a unit, with the code of these functions at least.
using LoadUnit =
    llvm::function_ref<llvm::Expected<Program>(uint32_t unit, const std::set<FunctionId> &needed)>;

/// Joins what `plan` needs. `names` tell units apart: what a unit knows alone keeps its name with
/// the unit's after it.
llvm::Expected<JoinedProgram> join(const LinkPlan &plan, const std::vector<std::string> &names,
                                   const NameHomes &homes, LoadUnit load);

} // namespace sluice::checker::skeleton
