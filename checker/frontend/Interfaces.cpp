// Finds what code out of sight may do with the objects of a class.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Interfaces.h"

#include "frontend/Keys.h"
#include "frontend/Lowering.h"

#include "clang/AST/CXXInheritance.h"
#include "clang/AST/DeclTemplate.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// What calls of methods lead to on objects of exactly one class.
class Overriders {
public:
  explicit Overriders(const CXXRecordDecl *c) {
    if (c->isPolymorphic())
      c->getFinalOverriders(finals);
  }
  const CXXMethodDecl *of(const CXXMethodDecl *m) const;

private:
  CXXFinalOverriderMap finals;
};

class InterfaceFinder {
public:
  InterfaceFinder(const CXXRecordDecl *c, UnitBuilder &unit) : c(c), unit(unit) {}
  std::optional<skeleton::Interface> run();

private:
  bool mayBeMade() const;
  bool holds(QualType type);
  bool anyHolds(const CXXRecordDecl *record);
  bool opens(const CXXRecordDecl *record);
  bool collect(const CXXRecordDecl *record);
  bool collect(const Decl *member);
  bool add(const CXXMethodDecl *m);
  bool addConstructors();
  bool addConstructor(const CXXConstructorDecl *k);
  FunctionId open(const CXXMethodDecl *m);
  FunctionId implicitConstructor();

  const CXXRecordDecl *c;
  UnitBuilder &unit;
  llvm::DenseSet<const CXXRecordDecl *> seen;
  llvm::DenseSet<const CXXMethodDecl *> added;
  std::optional<Overriders> overriders; ///< made when the first method is met
  skeleton::Interface found;
};

bool InterfaceFinder::mayBeMade() const {
  const CXXDestructorDecl *d = c->getDestructor();
  return c->isCompleteDefinition() && !c->isDependentType() && !c->isLambda() && !c->isUnion() &&
         !c->isAbstract() && !c->isInvalidDecl() &&
         (!d || (!d->isDeleted() && d->getAccess() == AS_public));
}

/// Whether a value of the type is or owns a primitive or a task.
bool InterfaceFinder::holds(QualType type) {
  type = unit.context.getBaseElementType(type.getCanonicalType()).getUnqualifiedType();
  const auto *record = type->getAsCXXRecordDecl();
  const models::TypeModel *m = unit.types.model(type);
  if (m && m->role <= models::Role::PackagedTask)
    return true;
  if (!record || type->isReferenceType())
    return false;
  const auto *spec = llvm::dyn_cast<ClassTemplateSpecializationDecl>(record);
  if (spec && (m || unit.types.isCutOffRecord(record)))
    return llvm::any_of(spec->getTemplateArgs().asArray(), [&](const TemplateArgument &a) {
      return a.getKind() == TemplateArgument::Type && holds(a.getAsType());
    });
  return !m && !unit.types.isCutOffRecord(record) && anyHolds(record);
}

bool InterfaceFinder::anyHolds(const CXXRecordDecl *record) {
  if (!record->hasDefinition() || !seen.insert(record->getCanonicalDecl()).second)
    return false;
  record = record->getDefinition();
  return llvm::any_of(record->fields(), [&](FieldDecl *f) { return holds(f->getType()); }) ||
         llvm::any_of(record->bases(),
                      [&](const CXXBaseSpecifier &b) { return holds(b.getType()); });
}

/// Whether others than its methods may touch what an object holds.
bool InterfaceFinder::opens(const CXXRecordDecl *record) {
  for (const FieldDecl *f : record->fields())
    if (f->getAccess() != AS_private && !f->getType().isConstQualified())
      return true;
  if (record->hasFriends())
    return true;
  for (const CXXBaseSpecifier &b : record->bases()) {
    const CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl();
    if (!base || !base->hasDefinition() || holds(b.getType()))
      if (!base || unit.types.isCutOffRecord(base))
        return true;
    if (base->hasDefinition() && !unit.types.isCutOffRecord(base) &&
        b.getAccessSpecifier() != AS_private && opens(base->getDefinition()))
      return true;
  }
  return false;
}

const CXXMethodDecl *Overriders::of(const CXXMethodDecl *m) const {
  if (!m->isVirtual())
    return llvm::cast<CXXMethodDecl>(m->getCanonicalDecl());
  auto found = finals.find(m->getCanonicalDecl());
  if (found != finals.end())
    for (auto &[subobject, overriders] : found->second)
      for (const UniqueVirtualMethod &o : overriders)
        return llvm::cast<CXXMethodDecl>(o.Method->getCanonicalDecl());
  return llvm::cast<CXXMethodDecl>(m->getCanonicalDecl());
}

/// The function, with what is never null among its parameters told apart.
FunctionId InterfaceFinder::open(const CXXMethodDecl *m) {
  FunctionId id = unit.function(m);
  std::vector<std::string> &roles = unit.program.functions[id].parameterRoles;
  roles.resize(m->getNumParams() + 1);
  for (unsigned i = 0; i != m->getNumParams(); ++i) {
    QualType type = m->getParamDecl(i)->getType().getNonReferenceType();
    const models::TypeModel *model = unit.types.model(type);
    bool isValue = type->isArithmeticType() || type->isEnumeralType() ||
                   (type->isRecordType() && (!model || unit.types.isCallable(type)));
    if (isValue && roles[i + 1].empty())
      roles[i + 1] = "value";
  }
  return id;
}

/// False if the method's body is out of sight.
bool InterfaceFinder::add(const CXXMethodDecl *m) {
  if (m->isDeleted() || !m->isImplicitObjectMemberFunction() || m->isImplicit())
    return true;
  if (!overriders)
    overriders.emplace(c);
  m = overriders->of(m);
  if (m->isCopyAssignmentOperator() || m->isMoveAssignmentOperator() || !added.insert(m).second)
    return true;
  const FunctionDecl *definition = nullptr;
  if (unit.isCutOff(m) || !m->isDefined(definition))
    return false;
  found.methods.push_back(open(m));
  return true;
}

bool InterfaceFinder::collect(const Decl *member) {
  if (member->getAccess() == AS_private || member->isInvalidDecl())
    return true;
  if (const auto *t = llvm::dyn_cast<FunctionTemplateDecl>(member)) {
    bool isMethod = llvm::isa<CXXMethodDecl>(t->getTemplatedDecl()) &&
                    !llvm::isa<CXXConstructorDecl>(t->getTemplatedDecl());
    if (isMethod && t->spec_begin() == t->spec_end())
      return false;
    return llvm::all_of(t->specializations(), [&](const FunctionDecl *f) {
      return !isMethod || add(llvm::cast<CXXMethodDecl>(f));
    });
  }
  const auto *m = llvm::dyn_cast<CXXMethodDecl>(member);
  if (!m || llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(m))
    return true;
  return add(m);
}

bool InterfaceFinder::collect(const CXXRecordDecl *record) {
  for (const CXXBaseSpecifier &b : record->bases()) {
    const CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl();
    bool isOpen = b.getAccessSpecifier() != AS_private && !unit.types.isCutOffRecord(base);
    if (isOpen && !collect(base->getDefinition()))
      return false;
  }
  return llvm::all_of(record->decls(), [&](const Decl *d) { return collect(d); });
}

/// A constructor that nobody wrote does what the members' own do.
FunctionId InterfaceFinder::implicitConstructor() {
  const CXXRecordDecl *record = c;
  auto body = [record](FunctionLowering &l) { l.lowerImplicitConstructor(record); };
  std::string display = displayOf(static_cast<const NamedDecl *>(c), unit);
  return unit.synthetic("implicit constructor " + keyOf(c, unit),
                        display + "::" + c->getNameAsString(), {"this"}, body,
                        unit.span(c->getLocation()));
}

bool InterfaceFinder::addConstructor(const CXXConstructorDecl *k) {
  if (k->isDeleted() || k->isCopyOrMoveConstructor())
    return true;
  if (k->isDefaultConstructor() && !k->isUserProvided()) {
    found.constructors.push_back(implicitConstructor());
    return true;
  }
  const FunctionDecl *definition = nullptr;
  if (unit.isCutOff(k) || !k->isDefined(definition))
    return false;
  found.constructors.push_back(open(k));
  return true;
}

/// Where none is public, a function of the class uses the private ones.
bool InterfaceFinder::addConstructors() {
  bool anyOpen = llvm::any_of(c->ctors(), [](const CXXConstructorDecl *k) {
    return k->getAccess() != AS_private && !k->isDeleted() && !k->isCopyOrMoveConstructor();
  });
  if (c->needsImplicitDefaultConstructor())
    found.constructors.push_back(implicitConstructor());
  for (const CXXConstructorDecl *k : c->ctors())
    if ((k->getAccess() != AS_private || !anyOpen) && !addConstructor(k))
      return false;
  return !found.constructors.empty();
}

std::optional<skeleton::Interface> InterfaceFinder::run() {
  if (!mayBeMade() || !anyHolds(c) || opens(c) || !collect(c))
    return std::nullopt;
  const CXXDestructorDecl *d = c->getDestructor();
  if (!addConstructors() || (d && d->isUserProvided() && !d->isDefined()))
    return std::nullopt;
  found.destructor = unit.destructor(c);
  found.visible = c->isExternallyVisible();
  return found;
}

void collectPublic(const Overriders &overriders, const CXXRecordDecl *from, UnitBuilder &unit,
                   std::vector<FunctionId> &methods) {
  for (const CXXBaseSpecifier &b : from->bases()) {
    const CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl();
    if (base && base->hasDefinition() && b.getAccessSpecifier() != AS_private)
      collectPublic(overriders, base->getDefinition(), unit, methods);
  }
  for (const CXXMethodDecl *m : from->methods()) {
    if (m->getAccess() != AS_public || m->isImplicit() || !m->isImplicitObjectMemberFunction() ||
        llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(m))
      continue;
    m = overriders.of(m);
    if (m->isDefined() && !m->isDeleted() && !unit.isCutOff(m))
      methods.push_back(unit.function(m));
  }
}

} // namespace

std::vector<FunctionId> frontend::publicMethods(const CXXRecordDecl *c, UnitBuilder &unit) {
  std::vector<FunctionId> methods;
  if (!c->isPolymorphic() || c->isAbstract() || c->isLambda())
    return methods;
  collectPublic(Overriders(c), c, unit, methods);
  llvm::sort(methods);
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  return methods;
}

std::optional<skeleton::Interface> sluice::checker::frontend::interfaceOf(const CXXRecordDecl *c,
                                                                          UnitBuilder &unit) {
  return InterfaceFinder(c, unit).run();
}
