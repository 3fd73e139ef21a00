// The table that says how each instruction is written, for the reader, the printer and the
// verifier.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace sluice::checker::skeleton {

/// How one opcode is written. `shape` describes what follows the word, one letter a part:
/// `a` an operand, `?` an optional one, `*` a star, `.` a dot and a field (of `addr` also `[a]`),
/// `,` a comma, `C` class and its number, `F` `f` and its number, `(` a list of operands, `s` a
/// string, `K` a primitive and its operands, `b` a block, `S` the arms of a select, `W` those of a
/// switch.
struct OpcodeSyntax {
  Opcode op;
  llvm::StringLiteral word;
  const char *shape;
  unsigned results;  ///< how many it may have; `try`, `timed` and `cancellable` add one in front
  bool ends = false; ///< ends a block
};

/// How one primitive is written after `make`.
struct PrimitiveSyntax {
  PrimitiveKind kind;
  llvm::StringLiteral word;
  unsigned fewest; ///< operands
  unsigned most;
};

struct FlagSyntax {
  InstructionFlag flag;
  llvm::StringLiteral word;
};

const OpcodeSyntax &syntaxOf(Opcode op);
const PrimitiveSyntax &syntaxOf(PrimitiveKind kind);
llvm::ArrayRef<OpcodeSyntax> allOpcodes();
/// Null if no opcode has the word.
const OpcodeSyntax *findOpcode(llvm::StringRef word);
llvm::ArrayRef<PrimitiveSyntax> allPrimitives();
llvm::ArrayRef<FlagSyntax> allFlags();

} // namespace sluice::checker::skeleton
