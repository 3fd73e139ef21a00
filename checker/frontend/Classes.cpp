// Lowers constructors: bases, members, defaults; and makes objects whose constructor call stands in
// a library.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

#include "clang/AST/RecursiveASTVisitor.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

std::string FunctionLowering::baseField(QualType base) {
  const auto *c = base.getNonReferenceType()->getAsCXXRecordDecl();
  return c ? unit.types.canonicalName(c) : "base";
}

void FunctionLowering::baseInitialiser(Operand object, QualType base, const Expr *init) {
  const auto *c = base->getAsCXXRecordDecl();
  if (!c)
    return;
  if (!unit.types.isCutOffRecord(c))
    return constructInto(object, init);
  if (unit.types.model(base) && unit.types.holding(base) != Holding::Opaque)
    storeField(object, baseField(base), owned(init));
  else
    effects(init);
}

void FunctionLowering::storeMember(Operand object, const FieldDecl *f, const Expr *init, Span at) {
  QualType type = f->getType();
  At place(*this, at);
  About subject(*this, {f->getNameAsString(), unit.types.display(type), at});
  if (f->isAnonymousStructOrUnion() || unit.types.holding(type) == Holding::Opaque)
    return effects(init);
  Operand v = type->isReferenceType() ? argument(init, type) : owned(init);
  storeField(object, unit.fieldName(f), v);
}

void FunctionLowering::missingMembers(const CXXRecordDecl *c, Operand object,
                                      const llvm::DenseSet<const FieldDecl *> &done) {
  for (const FieldDecl *f : c->fields()) {
    if (done.contains(f) || f->getType()->isReferenceType() || f->isUnnamedBitField())
      continue;
    if (const Expr *init = f->getInClassInitializer()) {
      Operand outer = std::exchange(thisObject, object);
      storeMember(object, f, init, unit.span(f->getLocation()));
      thisObject = outer;
    } else if (unit.types.isMade(f->getType())) {
      Span at = unit.span(f->getLocation());
      At place(*this, at);
      About subject(*this, {f->getNameAsString(), unit.types.display(f->getType()), at});
      storeField(object, unit.fieldName(f), defaultValue(f->getType(), /*zero=*/false));
    }
  }
}

/// Calls a constructor with the object, the first arguments, and the others' defaults.
void FunctionLowering::construct(const CXXConstructorDecl *k, Values given) {
  for (unsigned i = given.size() - 1; i < k->getNumParams(); ++i) {
    const ParmVarDecl *p = k->getParamDecl(i);
    bool inSight =
        p->hasDefaultArg() && !p->hasUninstantiatedDefaultArg() && !p->hasUnparsedDefaultArg();
    given.push_back(inSight ? argument(p->getDefaultArg(), p->getType()) : Operand::opaque());
  }
  call(unit.function(k), given);
}

void FunctionLowering::missingBases(const CXXRecordDecl *c, Operand object) {
  for (const CXXBaseSpecifier &b : c->bases()) {
    const auto *base = b.getType()->getAsCXXRecordDecl();
    if (!base || !base->hasDefinition())
      continue;
    if (unit.types.isCutOffRecord(base)) {
      if (unit.types.model(b.getType()) && unit.types.holding(b.getType()) != Holding::Opaque)
        storeField(object, baseField(b.getType()), defaultValue(b.getType(), /*zero=*/false));
      continue;
    }
    const CXXConstructorDecl *own = nullptr;
    for (const CXXConstructorDecl *k : base->ctors())
      if (k->isDefaultConstructor() && k->isUserProvided())
        own = k;
    if (own) {
      construct(own, {object});
    } else {
      missingBases(base, object);
      missingMembers(base, object, {});
    }
  }
}

void FunctionLowering::lowerImplicitConstructor(const CXXRecordDecl *c) {
  thisObject = Operand::reg(0);
  missingBases(c, thisObject);
  missingMembers(c, thisObject, {});
}

Operand FunctionLowering::modelledPart(QualType type, Operand object) {
  const auto *c = type.getNonReferenceType()->getAsCXXRecordDecl();
  if (!c || !c->hasDefinition() || unit.types.isCutOffRecord(c))
    return object;
  for (const CXXBaseSpecifier &b : c->bases()) {
    const auto *base = b.getType()->getAsCXXRecordDecl();
    if (!base)
      continue;
    if (unit.types.isCutOffRecord(base)) {
      if (unit.types.holding(b.getType()) == Holding::Primitive)
        return loadField(object, baseField(b.getType()));
    } else if (Operand part = modelledPart(b.getType(), object); !(part == object)) {
      return part;
    }
  }
  return object;
}

void FunctionLowering::constructorBody(const CXXConstructorDecl *c) {
  const CXXRecordDecl *record = c->getParent();
  if (c->isDefaulted() && c->isCopyOrMoveConstructor())
    return fieldwise(record, thisObject, Operand::reg(1), c->isMoveConstructor(), false);
  llvm::DenseSet<const FieldDecl *> done;
  bool delegates = c->isDelegatingConstructor();
  for (const CXXCtorInitializer *i : c->inits()) {
    Span at = unit.span(i->getSourceLocation());
    At place(*this, at);
    if (i->isDelegatingInitializer()) {
      constructInto(thisObject, i->getInit());
    } else if (i->isBaseInitializer()) {
      baseInitialiser(thisObject, QualType(i->getBaseClass(), 0), i->getInit());
    } else if (const FieldDecl *f = i->getAnyMember()) {
      done.insert(f);
      bool written = i->isWritten() && at.valid();
      storeMember(thisObject, f, i->getInit(), written ? at : unit.span(f->getLocation()));
    }
  }
  if (!delegates)
    missingMembers(record, thisObject, done);
  if (c->getBody() && !c->isDefaulted())
    statement(c->getBody());
}

namespace {

/// Finds in a library's instantiated code the constructor that it calls for a type: the bodies of
/// make_shared and emplace lead to it through a few calls.
class ConstructorSearch : public RecursiveASTVisitor<ConstructorSearch> {
public:
  ConstructorSearch(ASTContext &context, QualType type)
      : context(context), type(type.getCanonicalType().getUnqualifiedType()) {}

  const CXXConstructorDecl *find(const FunctionDecl *f, unsigned depth = 0) {
    if (!f || depth > kDepth || !seen.insert(f->getCanonicalDecl()).second)
      return nullptr;
    const FunctionDecl *definition = nullptr;
    if (!f->isDefined(definition) || !definition->getBody())
      return nullptr;
    called.clear();
    if (const auto *k = llvm::dyn_cast<CXXConstructorDecl>(definition))
      for (const CXXCtorInitializer *i : k->inits())
        TraverseStmt(i->getInit());
    TraverseStmt(definition->getBody());
    if (found)
      return found;
    auto next = std::move(called);
    for (const FunctionDecl *callee : next)
      if (const CXXConstructorDecl *k = find(callee, depth + 1))
        return k;
    return nullptr;
  }

  bool VisitCXXNewExpr(CXXNewExpr *e) {
    if (e->getConstructExpr())
      consider(e->getConstructExpr());
    return !found;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *e) {
    called.push_back(e->getConstructor());
    return true;
  }
  bool VisitCallExpr(CallExpr *e) {
    if (const FunctionDecl *f = e->getDirectCallee())
      called.push_back(f);
    return true;
  }

private:
  void consider(const CXXConstructExpr *e) {
    if (context.hasSameUnqualifiedType(e->getType(), type))
      found = e->getConstructor();
  }
  static constexpr unsigned kDepth = 12;
  ASTContext &context;
  QualType type;
  const CXXConstructorDecl *found = nullptr;
  std::vector<const FunctionDecl *> called;
  llvm::DenseSet<const FunctionDecl *> seen;
};

/// Whether a constructor's parameters can take these arguments, by number alone.
bool fits(const CXXConstructorDecl *k, size_t given) {
  return !k->isDeleted() && given >= k->getMinRequiredArguments() && given <= k->getNumParams();
}

/// The constructor that `from` calls, else the first that can take so many arguments.
const CXXConstructorDecl *constructorFor(ASTContext &context, QualType type, size_t given,
                                         const FunctionDecl *from) {
  if (const CXXConstructorDecl *k = ConstructorSearch(context, type).find(from))
    return k;
  for (const CXXConstructorDecl *candidate : type->getAsCXXRecordDecl()->ctors())
    if (fits(candidate, given) && !candidate->isCopyOrMoveConstructor())
      return candidate;
  return nullptr;
}

} // namespace

Operand FunctionLowering::constructFrom(QualType type, llvm::ArrayRef<const Expr *> args,
                                        const FunctionDecl *from) {
  type = type.getNonReferenceType().getUnqualifiedType();
  const auto *c = type->getAsCXXRecordDecl();
  bool same = args.size() == 1 && unit.context.hasSameUnqualifiedType(args[0]->getType(), type);
  if (same)
    return owned(args[0]);
  if (unit.types.model(type) && !args.empty())
    return constructModelled(type, args, from);
  if (!args.empty() && unit.types.holding(type) == Holding::Value)
    return owned(args[0]);
  if (!args.empty() && unit.types.holding(type) != Holding::Object) {
    for (const Expr *a : args)
      effects(a);
    return Operand::opaque();
  }
  if (args.empty())
    return defaultValue(type, /*zero=*/true);
  const CXXConstructorDecl *k = constructorFor(unit.context, type, args.size(), from);
  About nothing(*this, {});
  Values values;
  Operand object = newObject(unit.classOf(c));
  values.push_back(object);
  if (k)
    arguments(args, k, values);
  if (k)
    construct(k, std::move(values));
  else
    aggregateFrom(object, c, args);
  return object;
}

Operand FunctionLowering::constructModelled(QualType type, llvm::ArrayRef<const Expr *> args,
                                            const FunctionDecl *from) {
  const auto *c = type->getAsCXXRecordDecl();
  bool queue = c && unit.own.type(c);
  const CXXConstructorDecl *k = queue ? constructorFor(unit.context, type, args.size(), from)
                                      : ConstructorSearch(unit.context, type).find(from);
  if (k) {
    ModelledSite site;
    site.model = modelOfConstructor(k, args);
    site.callee = k;
    site.type = type;
    site.args.assign(args.begin(), args.end());
    if (site.model)
      return lowerModelledCall(*this, site).value;
  }
  for (const Expr *a : args)
    effects(a);
  if (unit.types.holding(type) != Holding::Opaque)
    gap("a constructor that no model describes");
  return Operand::opaque();
}

void FunctionLowering::aggregateFrom(Operand object, const CXXRecordDecl *c,
                                     llvm::ArrayRef<const Expr *> args) {
  size_t next = 0;
  for (const FieldDecl *f : c->fields())
    if (next < args.size()) {
      const Expr *a = args[next++];
      storeMember(object, f, a, unit.span(a->getBeginLoc()));
    }
}
