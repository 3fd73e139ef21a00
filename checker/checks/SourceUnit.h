// One parsed translation unit as the checks that read source see it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckOptions.h"
#include "findings/Finding.h"
#include "frontend/Types.h"
#include "models/Models.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

#include <string>

namespace sluice::checker::checks {

/// Gives checks the tree, the models, and places for source ranges.
class SourceUnit {
public:
  /// File names below `base` are shown relative to it.
  SourceUnit(clang::ASTContext &context, const models::Models &models, std::string base,
             const CheckOptions &options);

  clang::ASTContext &context;
  const models::Models &models;
  const CheckOptions &options;
  const frontend::OwnModels noOwnModels; ///< these checks see such classes as they are written
  frontend::Types types;

  /// The directory that file names are shown relative to.
  const std::string &directory() const { return base; }

  /// The place of a token range; macros are looked through to where the user stands.
  findings::Place place(clang::SourceRange range) const;

  /// The place of the one token at `location`.
  findings::Place place(clang::SourceLocation location) const {
    return place(clang::SourceRange(location));
  }

  /// Whether a declaration is the user's: written in no system header and no modelled library.
  bool isUserCode(const clang::Decl *declaration) const;

  /// What stands at the top of the user's files.
  llvm::ArrayRef<clang::Decl *> topLevel() const { return written; }

  /// Whether it is worth to look into a declaration: it stands in a file of the user's.
  bool mayHoldUserCode(const clang::Decl *declaration) const;

  /// The model of the method or function that `call` calls; null if there is none. `object` is the
  /// expression a method is called on.
  const models::CallModel *modelOf(const clang::Expr *call);

  /// The model of the constructor that is called; null if there is none.
  const models::CallModel *modelOfConstructor(const clang::CXXConstructExpr *made);

private:
  const models::CallModel *find(llvm::ArrayRef<std::string> names,
                                const clang::FunctionDecl *callee,
                                llvm::ArrayRef<const clang::Expr *> arguments);
  std::string base;
  std::vector<clang::Decl *> written;
};

/// Where a place begins and ends in the files of a tree; invalid if it is in none of them.
clang::SourceLocation startOf(const findings::Place &at, const clang::SourceManager &sources);
clang::SourceLocation endOf(const findings::Place &at, const clang::SourceManager &sources);

/// The main file, by its real name; empty if it is none on the disk.
std::string mainFileOf(const clang::ASTContext &context);

/// Where the compiler runs.
std::string workingDirectoryOf(const clang::ASTContext &context);

/// `path` relative to `base` if it lies below it, with `.` and `..` removed.
std::string shownPath(llvm::StringRef path, llvm::StringRef base);

} // namespace sluice::checker::checks
