// Turns the body of one C++ function into blocks of a skeleton, in C++'s order of evaluation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How values are held (docs/design/frontend.md):
//   - a class object, an array, a primitive, an atomic: the operand is a reference to the object;
//     lvalues, pointers and references to it are that same operand;
//   - everything else that is tracked (integers, pointers, handles, optionals, callables): a value
//     in a Place; a pointer or non-const reference to it is a place, a const reference is the
//     value.
// lowerModelledCall uses nothing but what is public here and in Emitter.
#pragma once

#include "frontend/Emitter.h"
#include "frontend/KeptRegisters.h"
#include "models/Models.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <set>

namespace sluice::checker::frontend {

/// A call (function, method, operator, constructor or destructor) that a model describes.
struct ModelledSite {
  const models::CallModel *model = nullptr;
  const clang::Expr *expr = nullptr;              ///< CallExpr or CXXConstructExpr; else null
  const clang::FunctionDecl *callee = nullptr;    ///< the concrete specialisation; may be null
  const clang::Expr *object = nullptr;            ///< the implicit object of a method
  llvm::SmallVector<const clang::Expr *, 4> args; ///< as written, without source_location
  std::optional<Lowered> self; ///< the object, where there is no `object` expression: destructors
  clang::QualType type;        ///< constructors, destructors: the object's type; else the result's
};

/// A number of the source; opaque beyond what skeletons count with.
Operand integer(const llvm::APSInt &value);

/// The body of a coroutine while it is lowered.
struct Coroutine {
  BlockId ended = 0;                   ///< where the body goes when it is done
  size_t depth = 0;                    ///< the cleanups that are the coroutine's own
  Register firstKept = 0;              ///< those below are loaded on every resumption
  bool isDone = false;                 ///< at the last suspension
  std::vector<Suspension> suspensions; ///< in order
  std::vector<int64_t> numbers;        ///< how "at" calls each of them
};

/// One function being lowered.
class FunctionLowering : public Emitter {
public:
  explicit FunctionLowering(UnitBuilder &unit) : Emitter(unit) {}

  // Instructions, blocks, places, loops and cleanups come from Emitter.

  /// The place as a value; a register variable becomes a cell.
  Operand addressOf(const Place &p);

  // Expressions

  /// The value of any expression; for an lvalue what it holds; for class types the object.
  Operand value(const clang::Expr *e);
  /// Value, or place where `e` is an lvalue of a type held in places.
  Lowered lower(const clang::Expr *e);
  /// The place an lvalue names (Untracked for what is not understood).
  Place place(const clang::Expr *e);
  /// The value for a new owner (variable, field, capture, task): a temporary is taken over, an
  /// lvalue copied, an xvalue moved from.
  Operand owned(const clang::Expr *e);
  /// As a full argument for a parameter of type `parameter`: a place, an object or a value.
  Operand argument(const clang::Expr *e, clang::QualType parameter);
  /// Evaluates for its effects alone.
  void effects(const clang::Expr *e);
  /// Branches on a condition, with short circuits as control flow.
  void condition(const clang::Expr *e, BlockId yes, BlockId no);

  // Values of a type

  /// A copy of `v`: class objects and containers are copied, handles are shared.
  Operand copyOf(clang::QualType type, Operand v);
  /// Adds copies of a map's entries to another.
  void copyEntries(Operand to, Operand from, clang::QualType mapped);
  /// Moves all elements (or entries) to another container, as they are.
  void moveElements(Operand to, Operand from, bool isMap);
  /// Copies or moves all fields of an object to another.
  void fieldwise(const clang::CXXRecordDecl *c, Operand to, Operand from, bool isMove,
                 bool assignment);
  void fieldwise(const clang::RecordDecl *c, Operand to, Operand from, bool isMove);
  /// What a move construction from `from` gives; handles leave null behind.
  Operand moveOf(clang::QualType type, Lowered from);
  /// A value-initialised (`zero`) or default-initialised value of a type.
  Operand defaultValue(clang::QualType type, bool zero);
  /// Runs the destructor of a value of a type, if it has one that matters.
  void destroy(clang::QualType type, Lowered v);
  /// A new object of a type from constructor arguments that stand elsewhere (make_shared, emplace):
  /// `from` is the instantiated function whose body holds the constructor call.
  Operand constructFrom(clang::QualType type, llvm::ArrayRef<const clang::Expr *> args,
                        const clang::FunctionDecl *from);

  /// The primitive that an object of the user's class is, where a base of it is one; else `object`.
  Operand modelledPart(clang::QualType type, Operand object);

  // Calls

  /// The model of a call expression (through parentheses, casts and temporaries), if it has one.
  std::optional<ModelledSite> siteOf(const clang::Expr *e);
  /// Whether what a task runs hands the task's own handle on, so that anybody may join it.
  bool handsItselfOn(const clang::Expr *started);
  /// The call that a library's macro makes in a task of its own, and the one that ends the task.
  std::optional<std::pair<const clang::CallExpr *, ModelledSite>>
  calledInTask(const clang::IfStmt *s);
  void spawnCall(const clang::CallExpr *call, const ModelledSite &end);
  /// What the task of the next block that a macro of C runs in one belongs to, if to anything.
  std::optional<Operand> bundle;
  /// Calls a callable value of C++ type `type` now; the result is its result.
  Operand invoke(Operand callable, clang::QualType type, llvm::ArrayRef<Operand> args);
  /// Code out of sight may keep what the operands reach.
  void escape(llvm::ArrayRef<Operand> operands, llvm::StringRef why);
  /// The way out that a call of `f` may take if the user says that it throws.
  void throwFrom(const clang::FunctionDecl *f);
  /// Ends the task here, without cleanups. Only the function that the task began with can do so;
  /// from elsewhere the run is not followed on.
  void exitTask();
  /// The error number of the calls before.
  Place lastError();
  /// What the call that is being lowered leaves there.
  void leaveError(Operand number);
  /// Records a construct that was not understood, at the current place.
  void gap(llvm::StringRef why);

  /// What the user calls the object an expression names: the last variable or field in it.
  std::string nameOf(const clang::Expr *e) const;

  // Whole functions, for UnitBuilder

  /// Writes `out` by `body`, again with cells where registers turn out not to do; false if the
  /// function holds something that cannot be lowered at all.
  bool run(const skeleton::Function &header, const std::function<void(FunctionLowering &)> &body);
  void lowerFunction(const clang::FunctionDecl *f);
  void lowerDestructor(const clang::CXXRecordDecl *c);
  void lowerImplicitConstructor(const clang::CXXRecordDecl *c);
  void lowerGlobals(llvm::ArrayRef<const clang::VarDecl *> globals,
                    const std::map<std::string, Operand> &hidden);

  /// Whether a value of this type is a coroutine that runs when it is awaited.
  bool isAwaitable(clang::QualType type);

private:
  using Values = llvm::SmallVector<Operand, 6>;

  // Statements.cpp, Loops.cpp, Jumps.cpp
  void statement(const clang::Stmt *s);
  void compound(llvm::ArrayRef<const clang::Stmt *> parts);
  void scoped(const clang::Stmt *s);
  void lowerIf(const clang::IfStmt *s);
  void lowerReturn(const clang::ReturnStmt *s);
  void lowerWhile(const clang::WhileStmt *s);
  void lowerDo(const clang::DoStmt *s);
  void lowerFor(const clang::ForStmt *s);
  void lowerRangeFor(const clang::CXXForRangeStmt *s);
  void channelLoop(const clang::CXXForRangeStmt *s, Operand channel);
  void sequenceLoop(const clang::CXXForRangeStmt *s, Operand sequence, clang::QualType type);
  void mapLoop(const clang::CXXForRangeStmt *s, Operand map, clang::QualType type);
  void bindEntry(const clang::VarDecl *v, Operand key, Operand held, clang::QualType mapped);
  void iteratorLoop(const clang::CXXForRangeStmt *s);
  void unknownLoop(const clang::CXXForRangeStmt *s);
  void userBody(const clang::Stmt *body, BlockId onBreak, BlockId onContinue);
  void lowerSwitch(const clang::SwitchStmt *s);
  void lowerCase(const clang::SwitchCase *s);
  void lowerTry(const clang::CXXTryStmt *s);
  void lowerThrow(const clang::CXXThrowExpr *e);
  void lowerGoto(const clang::GotoStmt *s);
  void lowerLabel(const clang::LabelStmt *s);
  void finishGotos();
  void unsupported(llvm::StringRef why);

  // Coroutines.cpp
  void lowerCoroutine(const clang::CoroutineBodyStmt *body);
  void coroutineOutOfSight();

  // Awaitables.cpp
  void lowerAwaitable(const clang::CoroutineBodyStmt *body);
  void lowerAwaitedBody(const clang::FunctionDecl *f, const clang::CoroutineBodyStmt *body);
  Lowered awaitedResult(const clang::CoroutineSuspendExpr *e);
  void returnAwaited(const clang::CoreturnStmt *s);

  // Coroutines.cpp
  void declarePromise(const clang::VarDecl *promise, Operand frame);
  void keepArguments(Operand frame, const clang::CoroutineBodyStmt *body);
  void loadArguments(const clang::CoroutineBodyStmt *body);
  void lowerResumption(const clang::FunctionDecl *f, const clang::CoroutineBodyStmt *body);
  void dispatchResumption(Operand at, BlockId start);
  void coroutineBody(const clang::CoroutineBodyStmt *body);
  void lowerCoreturn(const clang::CoreturnStmt *s);
  Lowered lowerSuspension(const clang::CoroutineSuspendExpr *e);
  void suspend(const clang::CoroutineSuspendExpr *e, BlockId after);
  bool isAwaiterOutOfSight(const clang::CoroutineSuspendExpr *e);
  void endCoroutine();
  void finishCoroutine();
  void enterObject(const clang::CXXMethodDecl *method, Operand object);

  // Variables.cpp
  Lowered named(const clang::ValueDecl *v, const clang::Expr *use);
  Lowered captured(const clang::FieldDecl *field, clang::QualType type);
  Lowered global(const clang::VarDecl *v);
  void declare(const clang::VarDecl *v);
  void cleanUp(const clang::VarDecl *v, const clang::FunctionDecl *f);
  void declareBindings(const clang::DecompositionDecl *d);
  void declareStatic(const clang::VarDecl *v);
  void bindValue(const clang::VarDecl *v, Operand value);
  void bindReference(const clang::VarDecl *v, const clang::Expr *init);
  void bindParameter(const clang::ParmVarDecl *p, Register r);
  Operand initialValue(const clang::VarDecl *v);
  void endLocal(const clang::VarDecl *v);
  Operand newCell(Operand value, llvm::StringRef name = "");
  Subject subjectOf(const clang::ValueDecl *v);

  // Expressions.cpp, Operators.cpp
  Lowered lowerKind(const clang::Expr *e);
  std::optional<Lowered> lowerWrapper(const clang::Expr *e);
  std::optional<Lowered> lowerLeaf(const clang::Expr *e);
  std::optional<Lowered> lowerMaking(const clang::Expr *e);
  std::optional<Operand> constant(const clang::Expr *e);
  Lowered fullExpression(llvm::function_ref<Lowered()> inside);
  Lowered lowerStmtExpr(const clang::StmtExpr *e);
  Lowered lowerMember(const clang::MemberExpr *e);
  Lowered fieldOf(Operand object, const clang::FieldDecl *f);
  std::optional<Lowered> entryMember(const clang::MemberExpr *e);
  Lowered lowerSubscript(const clang::ArraySubscriptExpr *e);
  Lowered lowerCast(const clang::CastExpr *e);
  Lowered baseOf(const clang::CastExpr *e);
  Lowered lowerUnary(const clang::UnaryOperator *e);
  Lowered lowerBinary(const clang::BinaryOperator *e);
  Lowered lowerAssignment(const clang::BinaryOperator *e);
  Lowered lowerLogical(const clang::Expr *e);
  Lowered lowerConditional(const clang::AbstractConditionalOperator *e, bool asValue = false);
  Operand ownedConditional(const clang::ConditionalOperator *e);
  Lowered increment(const clang::UnaryOperator *e);
  Operand arithmetic(clang::BinaryOperatorKind op, Operand a, Operand b, clang::QualType type);
  Lowered pointee(Operand pointer, clang::QualType type);
  Operand addressOfExpr(const clang::Expr *e);

  // Calls.cpp
  Lowered lowerCall(const clang::CallExpr *e);
  Lowered lowerCallAlone(const clang::CallExpr *e);
  Lowered callFunction(const clang::CallExpr *e, const clang::FunctionDecl *f);
  Lowered callIndirect(const clang::CallExpr *e);
  Lowered callUnknown(const clang::CallExpr *e, const clang::FunctionDecl *f);
  std::optional<Operand> constantResult(const clang::FunctionDecl *f);
  std::optional<Lowered> lowerBuiltin(const clang::CallExpr *e, const clang::FunctionDecl *f);
  void arguments(llvm::ArrayRef<const clang::Expr *> args, const clang::FunctionDecl *f,
                 Values &out);
  void overwritten(const clang::Expr *arg, clang::QualType parameter);
  Lowered resultAs(Operand result, clang::QualType declared);
  std::optional<ModelledSite> siteOfConstruct(const clang::CXXConstructExpr *e);
  std::optional<ModelledSite> siteOfType(clang::QualType type, llvm::StringRef member);
  const models::CallModel *modelOfMember(const clang::CXXRecordDecl *c, const std::string &type,
                                         llvm::StringRef member);

  // Construction.cpp, Classes.cpp, Values.cpp
  Lowered construct(const clang::CXXConstructExpr *e);
  void constructInto(Operand object, const clang::Expr *e);
  void callConstructor(Operand object, const clang::CXXConstructExpr *e);
  Operand lowerInitList(const clang::InitListExpr *e);
  void fillFrom(Operand object, const clang::RecordDecl *c, llvm::ArrayRef<clang::Expr *> values);
  Operand lowerSequenceInit(const clang::InitListExpr *e, clang::QualType type);
  Operand captureReference(const clang::Expr *e);
  Operand constructModelled(clang::QualType type, llvm::ArrayRef<const clang::Expr *> args,
                            const clang::FunctionDecl *from);
  void aggregateFrom(Operand object, const clang::CXXRecordDecl *c,
                     llvm::ArrayRef<const clang::Expr *> args);
  const models::CallModel *modelOfConstructor(const clang::CXXConstructorDecl *k,
                                              llvm::ArrayRef<const clang::Expr *> args);
  Operand lowerLambda(const clang::LambdaExpr *e);
  Operand lowerNew(const clang::CXXNewExpr *e);
  void lowerDelete(const clang::CXXDeleteExpr *e);
  void constructorBody(const clang::CXXConstructorDecl *c);
  void baseInitialiser(Operand object, clang::QualType base, const clang::Expr *init);
  void storeMember(Operand object, const clang::FieldDecl *f, const clang::Expr *init, Span at);
  void missingMembers(const clang::CXXRecordDecl *c, Operand object,
                      const llvm::DenseSet<const clang::FieldDecl *> &done);
  void construct(const clang::CXXConstructorDecl *k, Values given);
  void missingBases(const clang::CXXRecordDecl *c, Operand object);
  void destroyPointee(clang::QualType type, Operand object);
  Operand defaultStruct(const clang::RecordDecl *c, bool zero);
  std::optional<Operand> allocated(const clang::CastExpr *e);
  Operand textOf(const clang::StringLiteral *literal);
  bool isText(clang::QualType type);
  std::optional<uint64_t> allocatedCount(const ModelledSite &site, clang::QualType of);
  std::string baseField(clang::QualType base);
  Operand copyIterator(Operand from);
  void zeroMembers(Operand object, const clang::CXXRecordDecl *c);
  Operand copyObject(const clang::CXXRecordDecl *c, clang::QualType type, Operand from,
                     bool isMove);

  struct Exit {
    BlockId block;
    size_t depth;
  };
  struct Label {
    BlockId block;
    Stack stack;
  };
  struct Jump {
    const clang::LabelDecl *label;
    BlockId from;
    Stack stack;
    Span at;
  };
  llvm::DenseMap<const clang::ValueDecl *, Lowered> variables;
  llvm::DenseMap<unsigned, const clang::ValueDecl *> owners; ///< whose register it is
  llvm::DenseSet<const clang::ValueDecl *> inCells;          ///< found by addressOf
  llvm::DenseSet<const clang::VarDecl *> lent; ///< locals that closures hold by reference
  llvm::DenseMap<const clang::ValueDecl *, clang::FieldDecl *> captures;
  llvm::DenseMap<const clang::SwitchCase *, BlockId> caseBlocks;
  llvm::DenseMap<const clang::OpaqueValueExpr *, Lowered> opaqueValues;
  std::map<const clang::LabelDecl *, Label> labels; // looked up only, never walked
  std::vector<Jump> gotos;
  std::vector<Exit> breaks, continues;
  std::optional<Coroutine> coroutine;
  std::vector<std::pair<clang::QualType, Operand>> extended; ///< temporaries a variable keeps
  std::optional<Register> errorNumber; ///< where it is read, and a call says what it is
  bool readsError = false, leavesError = false, justLeft = false;
  const clang::FunctionDecl *function = nullptr;
  Operand thisObject = Operand::opaque();
  Operand closure = Operand::opaque();
  bool again = false;
  bool whenAwaited = false; ///< the body of a coroutine that runs when it is awaited
  bool understood = true;
  unsigned nesting = 0;
};

/// Starts a task in a bundle; `end` is the call that ends it.
void spawnInBundle(FunctionLowering &f, const ModelledSite &end, Operand bundle,
                   llvm::ArrayRef<Operand> calleeAndArgs);

/// Lowers a modelled call; an lvalue of a type held in places comes back as its place.
Lowered lowerModelledCall(FunctionLowering &f, const ModelledSite &site);

} // namespace sluice::checker::frontend
