// Writes the blocks, registers and cleanups of one skeleton function.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/Place.h"
#include "frontend/UnitBuilder.h"

#include "clang/AST/Expr.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <functional>
#include <map>
#include <memory>

namespace sluice::checker::frontend {

/// The object about to be made: a Make takes its name, type and place from here.
struct Subject {
  std::string name;
  std::string type;
  Span at;
};

/// Something to do at every way out of a scope: a destructor, or the entry of a `try`.
struct Cleanup {
  std::function<void()> run;             ///< emits the code; empty for a `try`
  const clang::VarDecl *owner = nullptr; ///< the variable it ends, if any
  std::optional<BlockId> handler;        ///< a `try`: where exceptions go
  std::optional<BlockId> landing;        ///< made when first needed: runs this and all below
  std::optional<Register> active;        ///< set when it was pushed on one branch only
  Span at;                               ///< where its code is shown
};

/// One skeleton function while it is written.
class Emitter {
public:
  Emitter(UnitBuilder &unit) : unit(unit) { reset(); }
  UnitBuilder &unit;
  skeleton::Function out;

  // Instructions. They take the current place; those that may throw get their unwind edge.

  /// Appends an instruction without results; the reference holds until the next one.
  Instruction &add(Opcode op, llvm::ArrayRef<Operand> args = {});
  /// Appends an instruction with one result, which is returned.
  Operand emit(Opcode op, llvm::ArrayRef<Operand> args = {}, llvm::StringRef name = "");
  /// Gives the last instruction of the current block one more result.
  Operand addResult(llvm::StringRef name = "");
  /// `make`, named, typed and placed after the current subject.
  Operand make(PrimitiveKind kind, llvm::ArrayRef<Operand> args = {}, uint16_t flags = 0);
  Operand newObject(ClassId c, llvm::StringRef name = "");
  Operand loadField(Operand object, llvm::StringRef field);
  void storeField(Operand object, llvm::StringRef field, Operand value);
  Register newRegister(llvm::StringRef name = "");
  /// `to = copy from`.
  void assign(Register to, Operand from);
  /// A fresh register that keeps what `v` is now; constants stay as they are.
  Operand fixed(Operand v, llvm::StringRef name = "");
  /// A call of a skeleton function.
  Operand call(FunctionId callee, llvm::ArrayRef<Operand> args);
  /// Dispatch by the class of `args[0]`, or a call of a closure (slot "()").
  Operand callSlot(llvm::StringRef slot, llvm::ArrayRef<Operand> args, bool isVirtual);

  // Blocks

  BlockId newBlock();
  /// Later instructions go to `b`.
  void startBlock(BlockId b) { current = b; }
  BlockId currentBlock() const { return current; }
  void jump(BlockId to);
  void branch(Operand condition, BlockId yes, BlockId no);
  /// Ends the block with `stop` or `unreachable`; what follows is dropped.
  void finish(Opcode op);
  /// `throw`, going to the innermost handler.
  void raise();

  // Places

  Operand load(const Place &p);
  void store(const Place &p, Operand v);

  // Loops and branches that the lowering writes itself

  /// for (index = 0; index < size(sequence); ++index) body(index)
  void forEachIndex(Operand sequence, llvm::function_ref<void(Operand index)> body);
  /// while (condition) { body; step }: `condition` branches to one of the two blocks.
  void loop(llvm::function_ref<void(BlockId yes, BlockId no)> condition,
            llvm::function_ref<void()> body);
  /// if (condition) yes() else no()
  void
  ifElse(Operand condition, llvm::function_ref<void()> yes, llvm::function_ref<void()> no = [] {});

  // Cleanups

  /// `run` is emitted at every way out of the innermost scope (statement or full expression).
  void pushCleanup(std::function<void()> run, const clang::VarDecl *owner = nullptr);
  /// Exceptions from what follows go to `handler`, until the matching popCleanups.
  void pushTry(BlockId handler);
  size_t depth() const { return cleanups.size(); }
  /// Emits the cleanups above `to` and keeps them: for a jump out of the scope.
  void runCleanups(size_t to, const clang::VarDecl *except = nullptr);
  /// Emits and drops the cleanups above `to`: the end of the scope.
  void popCleanups(size_t to);

  // Names and places

  const Subject &subject() const { return about; }
  Span at() const { return here; }
  /// The span that instructions get while the scope lives.
  class At {
  public:
    At(Emitter &e, Span s) : e(e), saved(e.here) {
      if (s.valid())
        e.here = s;
    }
    ~At() { e.here = saved; }

  private:
    Emitter &e;
    Span saved;
  };
  /// Sets the subject while the scope lives; an empty one hides the outer one.
  class About {
  public:
    About(Emitter &e, Subject s) : e(e), saved(std::move(e.about)) { e.about = std::move(s); }
    ~About() { e.about = std::move(saved); }

  private:
    Emitter &e;
    Subject saved;
  };
  /// What is lowered while it lives runs only on some ways through the full expression.
  class Conditionally {
  public:
    explicit Conditionally(Emitter &e) : e(e) { ++e.conditional; }
    ~Conditionally() { --e.conditional; }

  private:
    Emitter &e;
  };

protected:
  using Stack = std::vector<std::shared_ptr<Cleanup>>;
  void reset();
  Stack cleanups;
  unsigned conditional = 0; ///< how many Conditionally scopes are open in this full expression
  BlockId current = 0;
  Span here;
  Subject about;

private:
  std::optional<BlockId> landing(size_t height);
  void emitCleanup(Cleanup &c);
  bool running = false; ///< inside a cleanup: what it throws ends the process

protected:
  std::vector<Register> flags; ///< `active` registers, cleared at the function's start
};

} // namespace sluice::checker::frontend
