// Lowers one call that a model describes: its steps, operands and result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/Lowering.h"

namespace sluice::checker::frontend {

/// The only call operator of a class, or the function that is called.
const clang::FunctionProtoType *calledType(clang::QualType callable, clang::ASTContext &context);

/// How a step that starts a task starts it, or a call whose steps say it: flags of the instruction.
uint32_t spawnFlags(const models::Step &step);
uint32_t spawnFlags(const ModelledSite &site);

/// The lowering of one modelled call. Each step leaves its value in `result` and, where it may not
/// have happened, whether it did in `happened`.
class ModelledCall {
public:
  ModelledCall(FunctionLowering &f, const ModelledSite &site) : f(f), site(site) {}

  /// Lowers all steps and gives the call's result in the shape that the model asks for.
  Lowered lower();

  /// Starts a task in a bundle, whose tasks it counts and whose end cancels it.
  void spawnInBundle(Operand bundle, llvm::ArrayRef<Operand> calleeAndArgs);

private:
  using ModelOperand = models::ModelOperand;
  using Step = models::Step;
  using Values = llvm::SmallVector<Operand, 6>;
  /// A field of a closure that the lowering makes.
  struct Capture {
    std::string field;
    Operand value;
  };

  // ModelledCall.cpp: operands
  void run(const Step &step);
  bool isConstructor() const;
  const clang::Expr *expr(const ModelOperand &o) const;
  clang::QualType typeOf(const ModelOperand &o) const;
  models::Role roleOf(const ModelOperand &o) const;
  Lowered self();
  Lowered lowered(const ModelOperand &o);
  Lowered argument(const ModelOperand &o);
  Operand value(const ModelOperand &o);
  Operand owned(const ModelOperand &o);
  Place place(const ModelOperand &o);
  llvm::ArrayRef<const clang::Expr *> rest(const Step &step, size_t operand) const;
  Values ownedRest(const Step &step, size_t operand);
  Operand payload(const ModelOperand &o);
  Operand engaged(const ModelOperand &o, clang::QualType target);
  Operand operand(const Step &step, size_t i) { return value(step.operands[i]); }
  Lowered shaped();
  Operand wentThrough();
  Operand status();
  Operand refused();
  Operand choose(Operand condition, Operand yes, Operand no);
  Operand plus(Operand n, int64_t k);
  Operand negated(Operand n);
  Operand optionalResult();
  void maybeThrow();
  void unsupported();

  /// An object of a class with a slot that runs `body` with the object as first argument.
  Operand closure(llvm::StringRef what, llvm::ArrayRef<Capture> captures,
                  std::function<void(FunctionLowering &)> body, unsigned arguments = 0,
                  llvm::StringRef slot = "()", std::string display = "");

  // Each lowers the effects of one area and says whether the step was one of them.
  bool lowerMaking(const Step &step);
  bool lowerChannel(const Step &step);
  bool lowerTime(const Step &step);
  bool lowerLock(const Step &step);
  bool lowerCounting(const Step &step);
  bool lowerBarrier(const Step &step);
  bool lowerCellWait(const Step &step);
  bool lowerTask(const Step &step);
  bool lowerGroup(const Step &step);
  bool lowerStoppable(const Step &step);
  bool lowerHandle(const Step &step);
  bool lowerFuture(const Step &step);
  bool lowerValue(const Step &step);
  bool lowerFunctional(const Step &step);
  bool lowerCell(const Step &step);
  bool lowerSequence(const Step &step);
  bool lowerElement(const Step &step);
  bool lowerIterator(const Step &step);
  bool lowerMap(const Step &step);
  bool lowerSet(const Step &step);
  bool lowerCoroutine(const Step &step);
  bool lowerVariant(const Step &step);

  // ModelledChannels.cpp
  Operand capacity(const ModelOperand &o);
  void send(const Step &step);
  void receive(const Step &step);
  void into(const ModelOperand &o);
  void sendOrDone(const Step &step);
  void receiveOrDone(const Step &step);
  void withCancel(const Step &step);
  void limited(const Step &step, llvm::function_ref<void(uint32_t flags)> wait);
  void addWait(const Step &step, Opcode op, llvm::ArrayRef<Operand> args, uint32_t flags,
               llvm::ArrayRef<Register> results = {});
  void sleep(const Step &step);

  // ModelledHandles.cpp
  void makeEnds(const Step &step);
  clang::QualType pointedType(const ModelOperand &o) const;
  Operand pointedValue(const ModelOperand &o);
  void intoPointed(const ModelOperand &o);
  struct Clause;
  Clause clauseOf(Operand clause, llvm::ArrayRef<std::string> fields, Operand sends);
  void selectClauses(const Step &step);
  void afterClauses(llvm::ArrayRef<Clause> clauses, Operand ran, Operand closed);
  Operand newBundle(std::string name);
  void beginTask(const Step &step);

  // ModelledVariants.cpp
  using Alternatives = llvm::SmallVector<clang::QualType, 4>;
  Alternatives alternatives(clang::QualType type) const;
  std::optional<size_t> alternativeOf(const Alternatives &types, clang::QualType type) const;
  std::optional<size_t> namedAlternative(const Alternatives &types) const;
  bool isFollowed(const Alternatives &types) const;
  Operand newVariant(const Alternatives &types, size_t index, Operand v);
  void makeVariant(const Step &step);
  void loseVariant();
  void copyVariant(const Step &step);
  Lowered alternative(Operand variant, clang::QualType type, size_t index);
  Operand holds(Operand variant, size_t index);
  void getAlternative(const Step &step, bool throws);
  const clang::CXXMethodDecl *visitorOf(const clang::CXXRecordDecl *c, clang::QualType type) const;
  Operand visitWith(const clang::CXXMethodDecl *visitor, Operand callable, Lowered held,
                    clang::QualType type);
  void visit(const Step &step);

  // ModelledSelect.cpp
  struct Case;
  void select(const Step &step);
  std::optional<Case> caseOf(const clang::Expr *e);
  void receivingCase(Case &c, ModelledCall &call, const Step &step);
  void sendingCase(Case &c, ModelledCall &call, const Step &step);
  void emitSelect(llvm::MutableArrayRef<Case> cases);
  void runCase(const Case &c, Operand got);
  void makeCase(const Step &step);
  void selectSpan(const Step &step);
  Operand selectAmong(Operand cases, int64_t count);
  void runHeld(Operand held, std::optional<Operand> got);

  // ModelledLocks.cpp
  Operand guarded(const ModelOperand &o);
  uint16_t guardFlags(const ModelOperand &o);
  Operand newGuard(Operand lock, Operand owns);
  bool isRecursive(clang::QualType type) const;
  std::string nameOf(const Step &step, size_t operand) const;
  void tryResult(uint16_t flags);
  void lock(Operand m, uint16_t flags, clang::QualType type = {}, std::string name = {});
  void unlock(Operand m, uint16_t flags);
  void makeGuard(const Step &step);
  void makeMultiGuard(const Step &step);
  Operand lockable(const clang::Expr *e);
  void lockEach(const Step &step);
  void tryEach(Operand locks, size_t count);
  void lockAll(Operand locks, size_t count);
  void endMultiGuard(Operand guard);
  void guardLock(const Step &step);
  void endGuard(Operand guard, uint16_t flags);
  Operand moveGuard(Operand from);
  void setKind(const Step &step);
  void wait(const Step &step);
  void waitOnce(Operand condition, Operand mutex, uint16_t flags);
  void waitUntil(const Step &step, Operand condition, Operand mutex, uint16_t flags);

  // ModelledBarriers.cpp
  Operand newPhase(const ModelOperand &barrier);
  void makeBarrier(const Step &step);
  Operand arrive(const ModelOperand &barrier, Operand count);
  bool isWaitedOn(clang::QualType atomic) const;
  void makeWaiters(Operand cell);
  void cellWait(const Step &step);
  void cellNotify(const Step &step);

  // ModelledTasks.cpp
  Operand startTask(const Step &step, const ModelOperand &callable,
                    llvm::ArrayRef<Operand> calleeAndArgs);
  void spawn(const Step &step);
  void spawnStoppable(const Step &step);
  Operand taskOf(const ModelOperand &o);
  void detachIf(const Step &step);
  bool deferred(const Step &step);
  void spawnAwaitable(const Step &step);
  void forgetTask(const ModelOperand &o);
  void endTask(const ModelOperand &o);
  void makeGroup(const Step &step);
  void leaveGroup(Operand guard);
  void groupSpawn(const Step &step);
  using Work = std::function<void(FunctionLowering &, Operand work)>;
  Operand inGroup(Operand group, Operand work, Work run, llvm::ArrayRef<Capture> more = {});
  void callOnce(const Step &step);
  Operand newStoppable(Operand task, Operand token, Operand stop);
  void moveStoppable(Operand from, Operand to);

  // ModelledFutures.cpp
  Operand newState(Operand joins);
  void abandon(Operand state);
  void makePackaged(const Step &step);
  void spawnResult(const Step &step);
  void futureGet(Operand state, bool wantsValue);

  // ModelledValues.cpp
  Lowered dereferenced(const ModelOperand &o);
  void assignTo(const ModelOperand &to, Operand v);
  void assign(const Step &step);
  bool isContainer(const ModelOperand &o) const;
  void refill(const ModelOperand &o, Operand to, Operand from, bool moves);
  Operand concatenated(const Step &step);
  void exchange(const Step &step);
  bool swap(const Step &step);
  Operand construct(clang::QualType type, llvm::ArrayRef<const clang::Expr *> args);
  Operand boxed(clang::QualType type, Operand v);
  Values callArguments(llvm::ArrayRef<const clang::Expr *> args, clang::QualType callable);
  void bind(const Step &step);
  void predicateOf(const Step &step);
  void endCleanup(const Step &step);
  void assignTuple(Operand to, Operand from, clang::QualType type);
  llvm::ArrayRef<clang::TemplateArgument> tupleElements(clang::QualType type) const;
  Lowered memberOf(const Step &step);
  Operand cellPlace(const ModelOperand &o);
  std::string memberName(clang::QualType type, unsigned index) const;
  void makeTuple(const Step &step, bool references);
  void cellAdd(const Step &step);
  void cellCompareExchange(const Step &step);

  // ModelledContainers.cpp
  clang::QualType elementType(const ModelOperand &o) const;
  Lowered elementAt(const ModelOperand &sequence, Operand s, Operand index);
  void appendAll(Operand to, Operand from, clang::QualType element);
  void fillSequence(const Step &step);
  void clearContainer(const ModelOperand &o, Operand container);
  void pop(const Step &step, Opcode op);
  void resize(const Step &step);
  void eraseIf(const Step &step);
  Operand positionOf(Operand set, Operand v);

  // ModelledIterators.cpp
  void firstOrEnd(const Step &step);
  Operand newIterator(Operand sequence, Operand index);
  void stepOn(Operand iterator, int64_t by);
  void erase(const Step &step);
  Operand heldAt(Operand container, Operand index, clang::QualType element);
  Lowered pointedAt(Operand iterator, Operand sequence);
  void invokeEach(const Step &step);
  Lowered mapped(const ModelOperand &map, Operand held);
  void endMapped(const ModelOperand &map, Operand m, Operand k);
  void insertOnce(Operand m, Operand k, llvm::function_ref<Operand()> made);
  void mapIndex(const Step &step);
  void mapFind(const Step &step);

  FunctionLowering &f;
  const ModelledSite &site;
  std::optional<Lowered> object;         ///< what `this` is, once it is known
  std::map<unsigned, Lowered> arguments; ///< those that steps have named, by number
  Lowered result;
  std::optional<Operand> happened;
  std::optional<Operand> open; ///< a receive: false once the channel is closed and drained
};

} // namespace sluice::checker::frontend
