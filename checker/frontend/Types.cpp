// Says how values of a C++ type are held in a skeleton, and what its model is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Types.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// The largest array of plain numbers whose elements are tracked.
constexpr uint64_t kTrackedElements = 16;

QualType plain(const ASTContext &context, QualType type) {
  if (type.isNull())
    return type;
  type = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  if (const auto *atomic = type->getAs<AtomicType>())
    type = atomic->getValueType().getCanonicalType().getUnqualifiedType();
  return QualType(context.getCanonicalType(type.getTypePtr()), 0);
}

Holding holdingOf(models::Representation r) {
  switch (r) {
  case models::Representation::Handle:
  case models::Representation::Owned:
  case models::Representation::Nullable:
  case models::Representation::Place:
    return Holding::Value;
  case models::Representation::Primitive:
    return Holding::Primitive;
  case models::Representation::Object:
    return Holding::Object;
  case models::Representation::Cell:
    return Holding::Cell;
  case models::Representation::Sequence:
    return Holding::Sequence;
  case models::Representation::Map:
    return Holding::Map;
  case models::Representation::Opaque:
    return Holding::Opaque;
  }
  return Holding::Opaque;
}

llvm::ArrayRef<TemplateArgument> argumentsOf(const CXXRecordDecl *record) {
  if (const auto *spec = llvm::dyn_cast_or_null<ClassTemplateSpecializationDecl>(record))
    return spec->getTemplateArgs().asArray();
  return {};
}

bool anyTypeArgument(llvm::ArrayRef<TemplateArgument> args,
                     llvm::function_ref<bool(QualType)> holds) {
  return llvm::any_of(args, [&](const TemplateArgument &a) {
    if (a.getKind() == TemplateArgument::Pack)
      return anyTypeArgument(a.getPackAsArray(), holds);
    return a.getKind() == TemplateArgument::Type && holds(a.getAsType());
  });
}

bool isPrimitiveRole(models::Representation r) {
  return r == models::Representation::Primitive || r == models::Representation::Cell;
}

} // namespace

std::string Types::canonicalName(const NamedDecl *d) {
  auto [entry, isNew] = names.try_emplace(d);
  if (!isNew)
    return entry->second;
  std::string name = d->getNameAsString();
  // C's types often have no name but that of a typedef.
  if (const auto *tag = llvm::dyn_cast<TagDecl>(d); tag && name.empty())
    if (const TypedefNameDecl *alias = tag->getTypedefNameForAnonDecl())
      name = alias->getNameAsString();
  for (const DeclContext *c = d->getDeclContext(); c && !c->isTranslationUnit();
       c = c->getParent()) {
    if (const auto *space = llvm::dyn_cast<NamespaceDecl>(c)) {
      if (!space->isInline())
        name = (space->isAnonymousNamespace() ? "(anonymous)" : space->getNameAsString()) +
               "::" + name;
    } else if (const auto *named = llvm::dyn_cast<NamedDecl>(c);
               named && named->getDeclName().isIdentifier() && !named->getName().empty()) {
      name = named->getNameAsString() + "::" + name;
    }
  }
  return names[d] = name;
}

const models::TypeModel *Types::model(QualType type) {
  type = plain(context, type);
  const auto *record = type.isNull() ? nullptr : type->getAsRecordDecl();
  const auto *cxx = llvm::dyn_cast_or_null<CXXRecordDecl>(record);
  if (!record || (cxx && cxx->isLambda()))
    return nullptr;
  record = llvm::cast<RecordDecl>(record->getCanonicalDecl());
  auto [entry, isNew] = typeModels.try_emplace(record, nullptr);
  if (isNew) {
    const models::TypeModel *mine = own.type(record);
    entry->second = mine ? mine : models.findType(canonicalName(record));
  }
  return entry->second;
}

QualType Types::element(QualType type) {
  const models::TypeModel *m = model(type);
  if (!m || !m->element)
    return {};
  auto args = argumentsOf(plain(context, type)->getAsCXXRecordDecl());
  if (*m->element < args.size() && args[*m->element].getKind() == TemplateArgument::Type)
    return args[*m->element].getAsType();
  return {};
}

std::optional<uint64_t> Types::fixedSize(QualType type) {
  const models::TypeModel *m = model(type);
  if (!m || m->role != models::Role::Sequence)
    return std::nullopt;
  auto args = argumentsOf(plain(context, type)->getAsCXXRecordDecl());
  bool counts = args.size() == 2 && args[1].getKind() == TemplateArgument::Integral;
  return counts ? std::optional(args[1].getAsIntegral().getZExtValue()) : std::nullopt;
}

Holding Types::holding(QualType type) {
  type = plain(context, type);
  if (type.isNull() || type->isDependentType())
    return Holding::Opaque;
  if (auto known = holdings.find(type.getTypePtr()); known != holdings.end())
    return known->second;
  Holding result = Holding::Opaque;
  if (type->isIntegralOrEnumerationType() || type->isAnyPointerType() || type->isNullPtrType() ||
      type->isFunctionType() || type->isMemberFunctionPointerType())
    result = Holding::Value;
  else if (const auto *array = context.getAsConstantArrayType(type))
    result = array->getSize().ule(kTrackedElements) || mayReach(array->getElementType())
                 ? Holding::Sequence
                 : Holding::Opaque;
  else if (type->isArrayType())
    result = mayReach(context.getBaseElementType(type)) ? Holding::Sequence : Holding::Opaque;
  else if (const auto *record = type->getAsRecordDecl()) {
    if (const models::TypeModel *m = model(type))
      result = holdingOf(m->representation());
    else if (record->isUnion())
      result = Holding::Opaque;
    else
      result = isCutOffRecord(record) ? Holding::Opaque : Holding::Object;
  }
  return holdings[type.getTypePtr()] = result;
}

bool Types::isCutOffRecord(const RecordDecl *record) {
  const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(record);
  if (cxx && cxx->isLambda())
    return false;
  return context.getSourceManager().isInSystemHeader(
             context.getSourceManager().getExpansionLoc(record->getLocation())) ||
         own.type(record) || models.isModelled(canonicalName(record));
}

bool Types::isReferred(QualType type) {
  Holding h = holding(type);
  return h != Holding::Value && h != Holding::Opaque;
}

bool Types::isMapEntry(QualType type) {
  const models::TypeModel *m = model(type);
  if (!m || m->role != models::Role::Tuple)
    return false;
  auto args = argumentsOf(plain(context, type)->getAsCXXRecordDecl());
  return args.size() == 2 && args[0].getKind() == TemplateArgument::Type &&
         args[0].getAsType().isConstQualified();
}

QualType Types::mapped(QualType entry) {
  return argumentsOf(plain(context, entry)->getAsCXXRecordDecl())[1].getAsType();
}

bool Types::isMade(QualType type) {
  return !type->isReferenceType() && holding(type) != Holding::Opaque &&
         (isReferred(type) || model(type));
}

bool Types::byPlace(QualType reference) {
  return reference->isLValueReferenceType() && !reference->getPointeeType().isConstQualified() &&
         !reference->getPointeeType()->isFunctionType() && holding(reference) == Holding::Value;
}

bool Types::mayReach(QualType type) {
  type = plain(context, type);
  if (type.isNull() || type->isDependentType())
    return false;
  if (type->isAnyPointerType())
    return mayReach(type->getPointeeType());
  if (type->isFunctionType())
    return true;
  if (type->isArrayType())
    return mayReach(context.getBaseElementType(type));
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record)
    return false;
  auto [entry, isNew] = reach.try_emplace(type.getTypePtr(), false);
  if (!isNew)
    return entry->second;
  const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(record);
  bool result = cxx ? recordReaches(type, cxx) : structReaches(type, record);
  return reach[type.getTypePtr()] = result;
}

/// A structure of C.
bool Types::structReaches(QualType type, const RecordDecl *record) {
  return model(type) ||
         llvm::any_of(record->fields(), [this](FieldDecl *f) { return mayReach(f->getType()); });
}

bool Types::recordReaches(QualType type, const CXXRecordDecl *record) {
  auto reaches = [this](QualType t) { return mayReach(t); };
  if (const models::TypeModel *m = model(type)) {
    if (m->role == models::Role::Text || m->role == models::Role::Number)
      return false;
    if (m->role == models::Role::Opaque || m->role == models::Role::Variant)
      return anyTypeArgument(argumentsOf(record), reaches);
    if (m->element && !isPrimitiveRole(m->representation()) && m->parameterRole.empty() &&
        m->role >= models::Role::Optional && m->role != models::Role::Callable &&
        m->role != models::Role::UniqueCallable)
      return anyTypeArgument(argumentsOf(record), reaches);
    return true;
  }
  if (isCutOffRecord(record))
    return anyTypeArgument(argumentsOf(record), reaches);
  if (record->isLambda() || !record->hasDefinition() || record->isPolymorphic())
    return true;
  return llvm::any_of(record->fields(), [&](FieldDecl *f) { return reaches(f->getType()); }) ||
         llvm::any_of(record->bases(),
                      [&](const CXXBaseSpecifier &b) { return reaches(b.getType()); });
}

bool Types::hasEnd(QualType type) {
  if (type.isNull() || type->isReferenceType() || type->isDependentType())
    return false;
  type = plain(context, type);
  if (type->isArrayType())
    return hasEnd(context.getBaseElementType(type));
  const auto *record = type->getAsCXXRecordDecl();
  if (!record)
    return false;
  auto [entry, isNew] = ends.try_emplace(type.getTypePtr(), false);
  if (!isNew)
    return entry->second;
  bool result = recordEnds(type, record);
  return ends[type.getTypePtr()] = result;
}

bool Types::recordEnds(QualType type, const CXXRecordDecl *record) {
  if (const models::TypeModel *m = model(type)) {
    if (own.destructor(record) || models.findCall({m->name + "::destructor"}, {}))
      return true;
    switch (m->role) {
    case models::Role::Optional:
    case models::Role::UniquePointer:
    case models::Role::Sequence:
    case models::Role::Map:
      return hasEnd(element(type));
    case models::Role::Tuple:
      return anyTypeArgument(argumentsOf(record), [this](QualType t) { return hasEnd(t); });
    default:
      return false;
    }
  }
  if (isCutOffRecord(record) || !record->hasDefinition() || record->hasTrivialDestructor())
    return false;
  const CXXDestructorDecl *d = record->getDestructor();
  if (d && (d->isUserProvided() || d->isVirtual()))
    return true;
  return llvm::any_of(record->fields(), [&](FieldDecl *f) { return hasEnd(f->getType()); }) ||
         llvm::any_of(record->bases(),
                      [&](const CXXBaseSpecifier &b) { return hasEnd(b.getType()); });
}

namespace {
std::optional<int64_t> numberOf(const Expr *e, const ASTContext &context) {
  Expr::EvalResult number;
  bool isNumber = e && !e->isValueDependent() && e->getType()->isIntegralOrEnumerationType() &&
                  e->EvaluateAsInt(number, context, Expr::SE_NoSideEffects);
  if (!isNumber || number.Val.getInt().getBitWidth() > 64)
    return std::nullopt;
  const llvm::APSInt &n = number.Val.getInt(); // the largest of 64 bits is -1
  return n.isUnsigned() ? int64_t(n.getZExtValue()) : n.getSExtValue();
}
} // namespace

models::Parameter Types::parameter(QualType type, const Expr *argument) {
  models::Parameter p;
  type = type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
  if (const auto *tag = type->getAsTagDecl())
    p.type = canonicalName(tag);
  else
    p.type = type->isNullPtrType() ? "std::nullptr_t" : type.getAsString();
  p.integral = type->isIntegralOrUnscopedEnumerationType();
  p.callable = isCallable(type);
  p.pointer = !p.callable && (type->isObjectPointerType() || type->isArrayType());
  p.isDefault = argument && llvm::isa<CXXDefaultArgExpr>(argument);
  p.constant = numberOf(argument, context);
  return p;
}

bool Types::isCallable(QualType type) {
  type = plain(context, type);
  if (type.isNull())
    return false;
  if (type->isFunctionType() || type->isFunctionPointerType())
    return true;
  const auto *record = type->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition())
    return false;
  if (record->isLambda())
    return true;
  if (const models::TypeModel *m = model(type))
    return m->role == models::Role::Callable || m->role == models::Role::UniqueCallable;
  auto name = context.DeclarationNames.getCXXOperatorName(OO_Call);
  return !record->lookup(name).empty();
}

std::string Types::display(QualType type) {
  PrintingPolicy policy = context.getPrintingPolicy();
  policy.SuppressScope = true;
  policy.SuppressElaboration = true;
  policy.SuppressTagKeyword = true;
  policy.SuppressDefaultTemplateArgs = true;
  return type.getNonReferenceType().getUnqualifiedType().getAsString(policy);
}
