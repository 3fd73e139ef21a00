// What is known of a unit's own classes besides the models of libraries: queues and locks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/Frontend.h"

#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"

#include <deque>
#include <set>
#include <string>

namespace sluice::checker::frontend {

/// The classes of a unit that are taken for queues or locks as a whole, with what their members do.
class OwnModels {
public:
  /// The model of a class, or null.
  const models::TypeModel *type(const clang::RecordDecl *record) const;
  /// The model of a method or constructor, or null.
  const models::CallModel *call(const clang::FunctionDecl *f) const;
  /// The model of a class's destructor, if that does anything.
  const models::CallModel *destructor(const clang::RecordDecl *record) const;

  /// Enters a class; its calls follow.
  void add(const clang::RecordDecl *record, models::TypeModel model);
  void add(const clang::FunctionDecl *f, models::CallModel model);

  /// Keeps what is wrong with a declaration, as "file:line:column: warning: …".
  void complain(const std::string &mistake) { mistakes.insert(mistake); }
  const std::set<std::string> &complaints() const { return mistakes; }

private:
  std::deque<models::TypeModel> typeModels;
  std::deque<models::CallModel> callModels;
  llvm::DenseMap<const clang::Decl *, const models::TypeModel *> types;
  llvm::DenseMap<const clang::Decl *, const models::CallModel *> calls;
  std::set<std::string> mistakes;
};

/// Looks at all classes of a unit: those that are declared to be queues or locks, and those that
/// are recognised as queues.
OwnModels findOwnModels(clang::ASTContext &context, const models::Models &models,
                        const FrontendOptions &options);

} // namespace sluice::checker::frontend
