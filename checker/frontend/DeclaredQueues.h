// Models queue classes that the user declares, in a model file or by annotations in the source.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is declared is believed: bodies are not looked at. docs/guides/models.md says what a user
// writes, docs/design/home-made-queues.md what follows from it.
#pragma once

#include "frontend/OwnModels.h"
#include "frontend/UnitBuilder.h"

namespace sluice::checker::frontend {

/// Enters the models of a class that is declared a queue, or what is wrong with the declaration.
/// Says whether there are models now.
bool modelDeclaredQueue(UnitBuilder &unit, const clang::CXXRecordDecl *record, OwnModels &out);

/// The classes of a canonical name, wherever they are declared; of a template its instances.
std::vector<const clang::CXXRecordDecl *> classesNamed(clang::ASTContext &context,
                                                       llvm::StringRef name);

/// Whether a function is said to run for ever, by the annotation `sluice::daemon`.
bool isDaemon(const clang::FunctionDecl *f);

} // namespace sluice::checker::frontend
