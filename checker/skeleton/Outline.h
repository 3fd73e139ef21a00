// What linking has to know of a unit's functions before it reads any of their code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <utility>

namespace sluice::checker::skeleton {

/// 128 bits that stand for a text: equal texts have equal digests, and others practically never.
using Digest = std::pair<uint64_t, uint64_t>;

Digest digestOf(llvm::StringRef text);

/// 32 hexadecimal digits.
std::string hexOf(const Digest &digest);

/// Where the classes and globals that a unit names are defined: the digest of the place by that of
/// the name. Programs that share no code may use one name for two things.
using Homes = std::map<Digest, Digest>;

/// The functions of one unit, without their code.
struct Outline {
  /// A function that another calls, starts, hands on, or makes an object for.
  struct Use {
    FunctionId function = 0;
    bool handed = false; ///< with something that is not a constant
    auto operator<=>(const Use &) const = default;
  };
  struct Function {
    Digest key;
    Digest code; ///< of the function and what it uses of its unit alone; 0: it has no code here
    bool shared = false; ///< other units mean the same function by this key
    bool entry = false;
    bool communicates = false; ///< itself
    bool locks = false;        ///< itself
    std::vector<Use> uses;
    std::vector<Digest> globals; ///< those it uses that other units know by the same name

    bool hasCode() const { return code != Digest(); }
  };
  std::vector<Function> functions;
  std::optional<FunctionId> init; ///< sets up the unit's globals
  Homes homes;
};

Outline outlineOf(const Program &program, Homes homes = {});

/// One line a function.
void printOutline(const Outline &outline, llvm::raw_ostream &out);

/// Reads what was printed; takes what it has read off `text`, up to an empty line.
llvm::Expected<Outline> readOutline(llvm::StringRef &text);

/// Whether an instruction makes or uses a primitive, or starts a task.
bool communicates(const Instruction &instruction);

/// What decides which object a field belongs to: the class in front of its name, or the name itself
/// if it is a global.
llvm::StringRef ownerOf(llvm::StringRef field, bool global);

/// Whether an instruction names a field of the object that it operates on.
bool namesField(const Instruction &instruction);

} // namespace sluice::checker::skeleton
