// Places, names and models for checks that read source.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/SourceUnit.h"

#include "frontend/TopLevel.h"

#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::checks {

using namespace clang;

std::string shownPath(llvm::StringRef path, llvm::StringRef base) {
  llvm::SmallString<256> clean(path);
  llvm::sys::path::remove_dots(clean, /*remove_dot_dot=*/true);
  llvm::StringRef shown = clean;
  if (!base.empty() && shown.starts_with(base) &&
      llvm::sys::path::is_separator(shown.drop_front(base.size()).take_front(1).str()[0]))
    shown = shown.drop_front(base.size() + 1);
  return shown.str();
}

static SourceLocation locate(const findings::Place &at, const SourceManager &sources, uint32_t line,
                             uint32_t column) {
  auto file = sources.getFileManager().getOptionalFileRef(at.path);
  return at.valid() && file ? sources.translateFileLineCol(*file, line, column) : SourceLocation();
}

SourceLocation startOf(const findings::Place &at, const SourceManager &sources) {
  return locate(at, sources, at.span.line, at.span.column);
}

SourceLocation endOf(const findings::Place &at, const SourceManager &sources) {
  return locate(at, sources, at.span.endLine, at.span.endColumn);
}

std::string mainFileOf(const ASTContext &context) {
  const SourceManager &sources = context.getSourceManager();
  auto file = sources.getFileEntryRefForID(sources.getMainFileID());
  return file ? file->getFileEntry().tryGetRealPathName().str() : std::string();
}

std::string workingDirectoryOf(const ASTContext &context) {
  auto directory = context.getSourceManager()
                       .getFileManager()
                       .getVirtualFileSystem()
                       .getCurrentWorkingDirectory();
  return directory ? *directory : std::string();
}

SourceUnit::SourceUnit(ASTContext &context, const models::Models &models, std::string base,
                       const CheckOptions &options)
    : context(context), models(models), options(options), types(context, models, noOwnModels),
      base(std::move(base)) {
  for (Decl *declaration : frontend::topLevelDecls(context))
    if (mayHoldUserCode(declaration))
      written.push_back(declaration);
}

findings::Place SourceUnit::place(SourceRange range) const {
  const SourceManager &sources = context.getSourceManager();
  SourceLocation begin = sources.getFileLoc(range.getBegin());
  SourceLocation end = sources.getFileLoc(range.getEnd());
  PresumedLoc from = sources.getPresumedLoc(begin, /*UseLineDirectives=*/false);
  if (from.isInvalid())
    return {};
  SourceLocation past = Lexer::getLocForEndOfToken(end, 0, sources, context.getLangOpts());
  PresumedLoc to = sources.getPresumedLoc(past.isValid() ? past : end, false);
  llvm::SmallString<256> path(from.getFilename());
  sources.getFileManager().makeAbsolutePath(path);
  skeleton::Span span{0, from.getLine(), from.getColumn(), from.getLine(), from.getColumn() + 1};
  if (to.isValid() && to.getFileID() == from.getFileID()) {
    span.endLine = to.getLine();
    span.endColumn = to.getColumn();
  }
  return {shownPath(path, base), span};
}

bool SourceUnit::mayHoldUserCode(const Decl *declaration) const {
  const SourceManager &sources = context.getSourceManager();
  SourceLocation location = sources.getExpansionLoc(declaration->getLocation());
  return location.isValid() && !sources.isInSystemHeader(location);
}

bool SourceUnit::isUserCode(const Decl *declaration) const {
  if (!mayHoldUserCode(declaration))
    return false;
  const auto *named = llvm::dyn_cast<NamedDecl>(declaration);
  return !named || !models.isModelled(named->getQualifiedNameAsString());
}

namespace {

/// "X::name" in the class of the object and in each base up to the one that declares it.
void methodNames(frontend::Types &types, const CXXRecordDecl *record, const CXXMethodDecl *method,
                 std::vector<std::string> &names) {
  names.push_back(types.canonicalName(record) + "::" + method->getNameAsString());
  if (record->getCanonicalDecl() == method->getParent()->getCanonicalDecl() ||
      !record->hasDefinition())
    return;
  for (const CXXBaseSpecifier &base : record->bases())
    if (const CXXRecordDecl *parent = base.getType()->getAsCXXRecordDecl())
      methodNames(types, parent, method, names);
}

} // namespace

const models::CallModel *SourceUnit::modelOf(const Expr *call) {
  const auto *plain = llvm::dyn_cast<CallExpr>(call);
  const FunctionDecl *callee = plain ? plain->getDirectCallee() : nullptr;
  if (!callee)
    return nullptr;
  std::vector<std::string> names;
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(callee);
  const auto *member = llvm::dyn_cast<CXXMemberCallExpr>(call);
  if (method && member && member->getRecordDecl()) {
    const Expr *object = member->getImplicitObjectArgument()->IgnoreParenImpCasts();
    QualType type = object->getType();
    if (type->isPointerType())
      type = type->getPointeeType();
    const CXXRecordDecl *record = type->getAsCXXRecordDecl();
    methodNames(types, record ? record : member->getRecordDecl(), method, names);
  } else {
    names.push_back(types.canonicalName(callee));
  }
  // An operator's object is its first argument.
  bool operatorCall = method && llvm::isa<CXXOperatorCallExpr>(plain);
  llvm::ArrayRef arguments(const_cast<const Expr *const *>(plain->getArgs()), plain->getNumArgs());
  return find(names, callee, operatorCall ? arguments.drop_front() : arguments);
}

const models::CallModel *SourceUnit::modelOfConstructor(const CXXConstructExpr *made) {
  const CXXConstructorDecl *constructor = made->getConstructor();
  return find({types.canonicalName(constructor->getParent()) + "::constructor"}, constructor,
              llvm::ArrayRef(const_cast<const Expr *const *>(made->getArgs()), made->getNumArgs()));
}

const models::CallModel *SourceUnit::find(llvm::ArrayRef<std::string> names,
                                          const FunctionDecl *callee,
                                          llvm::ArrayRef<const Expr *> arguments) {
  llvm::SmallVector<models::Parameter, 4> parameters;
  for (unsigned i = 0; i != callee->getNumParams(); ++i)
    parameters.push_back(types.parameter(callee->getParamDecl(i)->getType(),
                                         i < arguments.size() ? arguments[i] : nullptr));
  if (!parameters.empty() && parameters.back().type == "std::source_location")
    parameters.pop_back();
  return models.findCall(names, parameters);
}

} // namespace sluice::checker::checks
