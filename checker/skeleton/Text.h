// The text form of a skeleton: reading it and writing it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

namespace sluice::checker::skeleton {

/// Reads a program. `name` stands in front of errors: "x.skel:3:7: expected an operand".
/// The code of functions that are not in `wanted` (null: all are) is passed over.
llvm::Expected<Program> readText(llvm::StringRef text, llvm::StringRef name,
                                 const std::set<FunctionId> *wanted = nullptr);

/// Writes a program, so that reading it gives the same program.
void printText(const Program &program, llvm::raw_ostream &out);

/// Writes a program as a graph in Graphviz's language, to look at.
void printDot(const Program &program, llvm::raw_ostream &out);

/// Writes one instruction without a line end, for messages and dumps.
void printInstruction(const Program &program, const Function &function,
                      const Instruction &instruction, llvm::raw_ostream &out);

} // namespace sluice::checker::skeleton
