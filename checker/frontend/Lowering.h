// Turns the body of one C++ function into blocks of a skeleton, in C++'s order of evaluation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How values are held (docs/design/frontend.md):
//   - a class object, an array, a primitive, an atomic: the operand is a reference to the object;
//     lvalues, pointers and references to it are that same operand;
//   - everything else that is tracked (integers, pointers, handles, optionals, callables): a value
//     in a Place; a pointer or non-const reference to it is a place, a const reference is the value.
// lowerModelledCall uses nothing but what is public here and in Emitter.
#pragma once

#include "frontend/Emitter.h"
#include "models/Models.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace sluice::checker::frontend {

/// A call (function, method, operator, constructor or destructor) that a model describes.
struct ModelledSite {
  const models::CallModel *model = nullptr;
  const clang::Expr *expr = nullptr;           ///< CallExpr or CXXConstructExpr; else null
  const clang::FunctionDecl *callee = nullptr; ///< the concrete specialisation; may be null
  const clang::Expr *object = nullptr;         ///< the implicit object of a method
  llvm::SmallVector<const clang::Expr *, 4> args; ///< as written, without source_location
  std::optional<Lowered> self; ///< the object, where there is no `object` expression: destructors
  clang::QualType type;        ///< constructors, destructors: the object's type; else the result's
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

  // Calls

  /// The model of a call expression (through parentheses, casts and temporaries), if it has one.
  std::optional<ModelledSite> siteOf(const clang::Expr *e);
  /// Calls a callable value of C++ type `type` now; the result is its result.
  Operand invoke(Operand callable, clang::QualType type, llvm::ArrayRef<Operand> args);
  /// Code out of sight may keep what the operands reach.
  void escape(llvm::ArrayRef<Operand> operands, llvm::StringRef why);
  /// Records a construct that was not understood, at the current place.
  void gap(llvm::StringRef why);

  /// What the user calls the object an expression names: the last variable or field in it.
  std::string nameOf(const clang::Expr *e) const;

};

/// Lowers a modelled call; an lvalue of a type held in places comes back as its place.
Lowered lowerModelledCall(FunctionLowering &f, const ModelledSite &site);

} // namespace sluice::checker::frontend
