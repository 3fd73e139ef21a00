// Collects the functions, classes, fields and places of one translation unit's skeleton.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/Frontend.h"
#include "frontend/OwnModels.h"
#include "frontend/Place.h"
#include "frontend/Places.h"
#include "frontend/Types.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

#include <deque>
#include <functional>
#include <map>
#include <set>

namespace sluice::checker::frontend {

class FunctionLowering;

/// What is shared by all functions of a unit.
class UnitBuilder {
public:
  UnitBuilder(clang::ASTContext &context, const models::Models &models,
              const FrontendOptions &options, OwnModels own = {});
  clang::ASTContext &context;
  const models::Models &models;
  const OwnModels own;
  const FrontendOptions options;
  Types types;
  skeleton::Program program;

  /// The index of a field's, global's or slot's name.
  FieldId field(llvm::StringRef name);
  /// A character string that is compared or serves as a key.
  Operand text(llvm::StringRef content);
  /// A field's name in objects; qualified by its class where bases are involved.
  std::string fieldName(const clang::FieldDecl *f);
  /// The name of a static variable in the globals.
  std::string globalName(const clang::VarDecl *v);

  /// The skeleton of a C++ function, lowered later if it has a body that may be entered.
  FunctionId function(const clang::FunctionDecl *f);
  /// The destructor of a class, implicit ones included.
  FunctionId destructor(const clang::CXXRecordDecl *c);
  /// The class of an object, with its virtual methods or call operator as slots.
  ClassId classOf(const clang::CXXRecordDecl *c);
  /// The same for any record: a structure of C has fields and no methods.
  ClassId classOf(const clang::RecordDecl *c);
  /// A class that only the lowering knows ("cell", "pair"): fields and no methods.
  ClassId plainClass(llvm::StringRef name);
  /// A function that only the lowering knows, with its parameters' names; `body` writes it later.
  FunctionId synthetic(llvm::StringRef key, llvm::StringRef display,
                       llvm::ArrayRef<std::string> parameters,
                       std::function<void(FunctionLowering &)> body, Span at);
  /// A class with the slot "()" that calls `body`: closures made by the lowering (bind, defer).
  ClassId closureClass(llvm::StringRef key, llvm::StringRef display, FunctionId body, Span at,
                       llvm::StringRef slot = "()");
  /// What a pointer to a method leads to when called with the object first.
  FunctionId memberPointer(const clang::CXXMethodDecl *m);
  /// The slot of a virtual method: its name and parameter types, the same in all overriders.
  std::string slotName(const clang::CXXMethodDecl *m);

  /// Whether bodies of this declaration are cut off: system headers and modelled libraries.
  bool isCutOff(const clang::Decl *d);
  /// Whether the user says that this function, whose body is out of sight, may throw.
  bool isSaidToThrow(const clang::FunctionDecl *f);

  Span span(clang::SourceRange range) { return places.span(range); }
  const std::string &fileName(uint32_t file) const { return places.files()[file]; }
  /// Where a call is shown: the object of a method call, else the callee's name.
  Span callSpan(const clang::Expr *call);

  void gap(llvm::StringRef construct, Span at);
  /// A static variable whose initialiser the globals' initialisation must run.
  void needGlobal(const clang::VarDecl *v);
  /// A global that no source names: whether a local static is initialised, a number of the machine.
  void needHiddenGlobal(llvm::StringRef name, skeleton::Operand initial);

  /// Lowers the functions asked for so far and what they call, without putting them in order.
  void lowerPending() { drain(); }
  /// Lowers all roots and what they call; call once.
  Unit build();

private:
  struct Pending {
    FunctionId id;
    std::function<void(FunctionLowering &)> body;
  };
  FunctionId newFunction(const std::string &key, std::string display, Span at);
  ClassId newClass(const std::string &key, std::string display, Span at);
  void describe(FunctionId id, const clang::FunctionDecl *f);
  void fillSlots(ClassId id, const clang::CXXRecordDecl *c);
  void addRoots(const clang::DeclContext *context);
  void addRoot(const clang::Decl *d);
  void write(const Pending &work);
  void drain();
  void writeGlobals();

  Places places;
  llvm::StringMap<FieldId> fields;
  llvm::StringMap<uint32_t> texts;
  llvm::DenseMap<const clang::FunctionDecl *, FunctionId> functions;
  llvm::DenseMap<const clang::CXXRecordDecl *, FunctionId> destructors;
  llvm::DenseMap<const clang::CXXRecordDecl *, ClassId> classes;
  llvm::StringMap<ClassId> plainClasses;
  llvm::StringMap<FunctionId> synthetics;
  llvm::StringMap<unsigned> keys;
  std::deque<Pending> pending;
  std::vector<const clang::VarDecl *> globals;
  llvm::DenseSet<const clang::VarDecl *> globalsSeen;
  std::map<std::string, skeleton::Operand> hiddenGlobals; ///< with what they begin as
  std::set<Gap> gaps;
};

} // namespace sluice::checker::frontend
