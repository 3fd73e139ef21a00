// Says how values of a C++ type are held in a skeleton, and what its model is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/OwnModels.h"
#include "models/Models.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"

namespace sluice::checker::frontend {

/// The kinds of values. Object, Sequence, Map, Primitive and Cell are referred to by their
/// reference; Value is held in a place; of Opaque nothing is known.
enum class Holding : uint8_t { Value, Object, Sequence, Map, Primitive, Cell, Opaque };

/// Answers about types, remembered per canonical type.
class Types {
public:
  Types(clang::ASTContext &context, const models::Models &models, const OwnModels &own)
      : context(context), models(models), own(own) {}

  /// How values of the type (references looked through) are held.
  Holding holding(clang::QualType type);
  /// Whether a pair is the entry of a map: its key cannot be assigned.
  bool isMapEntry(clang::QualType type);
  /// What the map of an entry maps its keys to.
  clang::QualType mapped(clang::QualType entry);
  /// Whether an lvalue, pointer or reference to it is the reference to the object itself.
  bool isReferred(clang::QualType type);
  /// Whether a value of the type is made by a constructor even where none is written.
  bool isMade(clang::QualType type);
  /// Whether a reference of this type is passed as a place: non-const lvalue references to values.
  bool byPlace(clang::QualType reference);
  /// The model of a class type (references and cv looked through), or null.
  const models::TypeModel *model(clang::QualType type);
  /// The element type that the model names, or null.
  clang::QualType element(clang::QualType type);
  /// The number of elements of a sequence whose type says it (std::array), or nothing.
  std::optional<uint64_t> fixedSize(clang::QualType type);
  /// Whether values of the type may reach handles, primitives, closures or tracked objects.
  bool mayReach(clang::QualType type);
  /// Whether the end of a value of this type does anything that matters.
  bool hasEnd(clang::QualType type);
  /// A closure, function, function pointer or class with a call operator.
  bool isCallable(clang::QualType type);
  /// What models tell overloads apart by; the argument may be absent.
  models::Parameter parameter(clang::QualType type, const clang::Expr *argument);
  /// Qualified name without template arguments and inline namespaces.
  std::string canonicalName(const clang::NamedDecl *d);
  /// As the user wrote it, without namespaces: "chan<result>".
  std::string display(clang::QualType type);

  /// Whether bodies of a class are cut off: it stands in a system header or a modelled library.
  bool isCutOffRecord(const clang::RecordDecl *record);

private:
  bool structReaches(clang::QualType type, const clang::RecordDecl *record);
  bool recordReaches(clang::QualType type, const clang::CXXRecordDecl *record);
  bool recordEnds(clang::QualType type, const clang::CXXRecordDecl *record);
  clang::ASTContext &context;
  const models::Models &models;
  const OwnModels &own;
  llvm::DenseMap<const clang::Type *, Holding> holdings;
  llvm::DenseMap<const clang::Type *, bool> reach;
  llvm::DenseMap<const clang::Type *, bool> ends;
  llvm::DenseMap<const clang::NamedDecl *, std::string> names;
  llvm::DenseMap<const clang::RecordDecl *, const models::TypeModel *> typeModels;
};

} // namespace sluice::checker::frontend
