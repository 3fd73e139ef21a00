// What is known of a program before it is explored: live registers, and what a task may still do
// from a point on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/FiberRules.h"
#include "analysis/explore/Texts.h"
#include "skeleton/Program.h"

#include "llvm/ADT/BitVector.h"

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sluice::checker::analysis {

/// What a task may do from a point on, itself or by tasks it starts. Bits 0 .. fields are `reads`
/// and `writes`; the one after the last field stands for the elements of containers.
struct Future {
  enum Help : uint16_t {
    Sends = 1,
    Receives = 2,
    Closes = 4,
    Counts = 8,
    Notifies = 16,
    Releases = 32,
    Sets = 64,
    Unlocks = 128,
    Cancels = 256,
    StartsTimer = 512,
    EndsOnce = 1024,
    Unknown = 2048, ///< what code out of sight does with what it is handed
  };
  uint16_t help = 0;
  llvm::BitVector reads;
  llvm::BitVector writes;

  /// Adds another future; says whether that changed this one.
  bool merge(const Future &other);
};

/// Computed once a program.
class Facts {
public:
  explicit Facts(const skeleton::Program &program);

  const skeleton::Program &program;
  /// The program's strings and those that exploring it has put together.
  mutable Texts texts;
  const FiberRules fibers;
  /// The places of `make`, `new` and `spawn`; entry 0 is unused.
  std::vector<skeleton::InstructionRef> sites;

  uint32_t siteOf(const skeleton::InstructionRef &ref) const;
  /// Whether what a site starts is a thread that has to be joined or detached by its handle.
  bool mustBeJoined(uint32_t site) const;
  const skeleton::Instruction &at(const skeleton::InstructionRef &ref) const {
    return program.functions[ref.function].blocks[ref.block].code[ref.index];
  }
  /// Registers read at or after the instruction, before they are written.
  const llvm::BitVector &liveBefore(uint32_t function, uint32_t block, uint32_t index) const {
    return liveness(function).before[block][index];
  }
  /// The same as a list; in a call under way, those that are read after it returns or throws.
  const std::vector<skeleton::Register> &held(const skeleton::InstructionRef &at,
                                              bool underWay) const;
  /// What may happen at this instruction and after it, in this function and what it calls.
  const Future &futureFrom(uint32_t function, uint32_t block, uint32_t index) const;
  /// Whether tasks with a context of their own run the function.
  bool runsCancellable(uint32_t function) const { return cancellable[function]; }
  /// Every path from this block ends in a throw: it only cleans up.
  bool onlyRethrows(uint32_t function, uint32_t block) const;
  /// The functions an instruction may call or start, as far as is known without exploring.
  std::vector<uint32_t> callees(uint32_t function, const skeleton::Instruction &instruction) const;
  /// The fields of the globals' object that are read.
  const llvm::BitVector &globalFields() const { return ofGlobals; }
  /// The bit in `Future::reads` and `writes` of containers' elements.
  unsigned elements() const { return unsigned(program.fields.size()); }
  /// Integers above it are all alike.
  int32_t limit() const { return saturation; }
  int32_t scaled(int64_t constant) const;
  /// Whether no constant is scaled.
  bool isExact() const { return large.empty(); }

private:
  void numberSites();
  void findLimit();
  void findClosures();
  using Registers = std::optional<std::vector<skeleton::Register>>;
  struct Liveness {
    std::vector<std::vector<llvm::BitVector>> before; ///< by block and instruction
    std::vector<std::vector<Registers>> held, heldUnderWay;
  };
  Liveness &liveness(uint32_t function) const;
  bool liveInBlock(uint32_t function, uint32_t block, Liveness &live) const;
  llvm::BitVector liveAcross(const skeleton::InstructionRef &call) const;
  void computeFutures();
  void findCancellable();
  const std::vector<Future> &blockEnds(uint32_t function) const;
  Future own(uint32_t function, const skeleton::Instruction &instruction) const;
  void touch(const skeleton::Instruction &instruction, Future &future) const;
  Future emptyFuture() const;

  std::map<skeleton::InstructionRef, uint32_t> siteIndex;
  mutable std::vector<std::unique_ptr<Liveness>> live; ///< of the functions asked for
  bool detachesUnknown = false;  ///< a thread may be detached without its handle in hand
  std::vector<bool> cancellable; ///< by function
  std::vector<Future> ofFunction;
  mutable std::vector<std::vector<Future>>
      ofBlockEnd;            ///< what may follow a block; empty: not asked
  llvm::BitVector ofGlobals; ///< by field: whether the globals' is read
  std::vector<std::vector<int64_t>>
      closureOf;              ///< by function and register: the class its `new` makes, or -1
  llvm::BitVector addressed;  ///< fields whose address is taken
  std::vector<int64_t> large; ///< the constants above 32, in order
  int32_t saturation = 0;
  mutable std::unordered_map<uint64_t, Future> futures; ///< those asked for, by place
};

/// The blocks control may go to from the end of `block`, and from calls in it that throw.
llvm::SmallVector<uint32_t, 4> successorsOf(const skeleton::Block &block);

} // namespace sluice::checker::analysis
