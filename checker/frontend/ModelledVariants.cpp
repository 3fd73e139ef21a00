// Lowers modelled values that are one of several types, and functions called with what they hold.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Such a value is a reference to an object with the field "index" and one field for the type it
// holds. Assigning makes a new object, so that copies are told apart.
#include "frontend/ModelledCall.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using clang::QualType;
using models::Effect;

namespace {

QualType bare(QualType type) {
  return type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
}

std::string fieldOf(size_t alternative) { return "alternative " + std::to_string(alternative); }

/// All call operators of a class or its bases; instances where they are templates.
void callOperators(const clang::CXXRecordDecl *c,
                   llvm::SmallVectorImpl<const clang::CXXMethodDecl *> &plain,
                   llvm::SmallVectorImpl<const clang::CXXMethodDecl *> &instances) {
  if (!c || !c->hasDefinition())
    return;
  auto name = c->getASTContext().DeclarationNames.getCXXOperatorName(clang::OO_Call);
  auto found = c->lookup(name);
  for (const clang::NamedDecl *d : found) {
    d = d->getUnderlyingDecl();
    if (const auto *t = llvm::dyn_cast<clang::FunctionTemplateDecl>(d)) {
      for (const clang::FunctionDecl *f : t->specializations())
        instances.push_back(llvm::cast<clang::CXXMethodDecl>(f));
    } else if (const auto *m = llvm::dyn_cast<clang::CXXMethodDecl>(d)) {
      plain.push_back(m);
    }
  }
  if (found.empty())
    for (const clang::CXXBaseSpecifier &b : c->bases())
      callOperators(b.getType()->getAsCXXRecordDecl(), plain, instances);
}

} // namespace

ModelledCall::Alternatives ModelledCall::alternatives(QualType type) const {
  Alternatives result;
  for (const clang::TemplateArgument &a : tupleElements(type))
    if (a.getKind() == clang::TemplateArgument::Type)
      result.push_back(a.getAsType());
  return result;
}

/// The one alternative of exactly this type.
std::optional<size_t> ModelledCall::alternativeOf(const Alternatives &types, QualType type) const {
  std::optional<size_t> result;
  for (size_t i = 0; i != types.size(); ++i)
    if (bare(types[i]) == bare(type)) {
      if (result)
        return std::nullopt;
      result = i;
    }
  return result;
}

/// The alternative that the callee's first template argument names by type or number.
std::optional<size_t> ModelledCall::namedAlternative(const Alternatives &types) const {
  const clang::TemplateArgumentList *args =
      site.callee ? site.callee->getTemplateSpecializationArgs() : nullptr;
  if (!args || !args->size())
    return std::nullopt;
  const clang::TemplateArgument &first = args->get(0);
  if (first.getKind() == clang::TemplateArgument::Type)
    return alternativeOf(types, first.getAsType());
  if (first.getKind() != clang::TemplateArgument::Integral)
    return std::nullopt;
  uint64_t index = first.getAsIntegral().getZExtValue();
  return index < types.size() ? std::optional<size_t>(index) : std::nullopt;
}

/// The ends of what it holds are not followed, so none of them may matter.
bool ModelledCall::isFollowed(const Alternatives &types) const {
  return !types.empty() && llvm::none_of(types, [&](QualType t) { return f.unit.types.hasEnd(t); });
}

Operand ModelledCall::newVariant(const Alternatives &types, size_t index, Operand v) {
  Operand made = f.newObject(f.unit.plainClass("variant"));
  f.storeField(made, "index", Operand::integer(index));
  if (f.unit.types.holding(types[index]) != Holding::Opaque)
    f.storeField(made, fieldOf(index), v);
  return made;
}

void ModelledCall::makeVariant(const Step &step) {
  QualType type = isConstructor() ? site.type : typeOf({models::ModelOperand::Kind::This, 0, 0});
  Alternatives types = alternatives(type);
  const clang::Expr *given = step.operands.empty() ? nullptr : expr(step.operands[0]);
  std::optional<size_t> index = given ? alternativeOf(types, given->getType()) : 0;
  if (!isFollowed(types) || !index)
    return loseVariant();
  result = newVariant(types, *index, given ? f.owned(given) : f.defaultValue(types[0], true));
}

/// Something that is not followed may hold what it is made from.
void ModelledCall::loseVariant() {
  Values operands;
  for (const clang::Expr *arg : site.args)
    operands.push_back(f.value(arg));
  f.gap("'" + site.model->name + "'");
  f.escape(operands, site.model->name);
  result = Operand::opaque();
}

void ModelledCall::copyVariant(const Step &step) {
  Alternatives types = alternatives(typeOf(step.operands[0]));
  Operand from = f.fixed(operand(step, 0));
  Operand made = f.newObject(f.unit.plainClass("variant"));
  f.storeField(made, "index", f.loadField(from, "index"));
  for (size_t i = 0; i != types.size(); ++i)
    if (f.unit.types.holding(types[i]) != Holding::Opaque)
      f.storeField(made, fieldOf(i), f.loadField(from, fieldOf(i)));
  result = made;
}

Lowered ModelledCall::alternative(Operand variant, QualType type, size_t index) {
  if (f.unit.types.holding(type) == Holding::Opaque)
    return Operand::opaque();
  if (f.unit.types.isReferred(type))
    return f.loadField(variant, fieldOf(index));
  return Place::of(variant, f.unit.field(fieldOf(index)));
}

Operand ModelledCall::holds(Operand variant, size_t index) {
  return f.emit(Opcode::Equal, {f.loadField(variant, "index"), Operand::integer(index)});
}

/// `get`, which throws where it holds something else, or `get_if`, which gives null.
void ModelledCall::getAlternative(const Step &step, bool throws) {
  QualType type = typeOf(step.operands[0]);
  Alternatives types = alternatives(type->isPointerType() ? type->getPointeeType() : type);
  std::optional<size_t> index = namedAlternative(types);
  if (!index)
    return loseVariant();
  Operand variant = f.fixed(operand(step, 0));
  if (type->isPointerType())
    variant = f.fixed(f.load(Place::at(variant)));
  if (throws) {
    f.ifElse(holds(variant, *index), [] {}, [&] { f.raise(); });
    result = alternative(variant, types[*index], *index);
    return;
  }
  Register found = f.newRegister();
  f.ifElse(
      holds(variant, *index),
      [&] {
        Lowered l = alternative(variant, types[*index], *index);
        bool untracked = f.unit.types.holding(types[*index]) == Holding::Opaque;
        f.assign(found, untracked ? Operand::unit() : l.place ? f.addressOf(*l.place) : l.value);
      },
      [&] { f.assign(found, Operand::null()); });
  result = Operand::reg(found);
}

const clang::CXXMethodDecl *ModelledCall::visitorOf(const clang::CXXRecordDecl *c,
                                                    QualType type) const {
  llvm::SmallVector<const clang::CXXMethodDecl *, 4> plain, instances;
  callOperators(c, plain, instances);
  for (const auto &candidates : {plain, instances})
    for (const clang::CXXMethodDecl *m : candidates)
      if (m->getNumParams() == 1 && bare(m->getParamDecl(0)->getType()) == bare(type) &&
          m->isImplicitObjectMemberFunction())
        return m;
  return nullptr;
}

Operand ModelledCall::visitWith(const clang::CXXMethodDecl *visitor, Operand callable, Lowered held,
                                QualType type) {
  QualType parameter = visitor->getParamDecl(0)->getType();
  Operand v = f.unit.types.byPlace(parameter) && held.place ? f.addressOf(*held.place)
              : held.place                                  ? f.load(*held.place)
                                                            : held.value;
  if (!parameter->isReferenceType())
    v = f.copyOf(type, v);
  return f.call(f.unit.function(visitor), {callable, v});
}

/// Calls the function for what is held; which that is, is a choice where it is not known.
void ModelledCall::visit(const Step &step) {
  llvm::ArrayRef<const clang::Expr *> visited = rest(step, 1);
  const clang::CXXRecordDecl *c = bare(typeOf(step.operands[0]))->getAsCXXRecordDecl();
  Alternatives types = visited.size() == 1 ? alternatives(visited[0]->getType()) : Alternatives();
  llvm::SmallVector<const clang::CXXMethodDecl *, 4> visitors;
  for (QualType type : types)
    visitors.push_back(visitorOf(c, type));
  if (types.empty() || llvm::is_contained(visitors, nullptr))
    return loseVariant();
  Operand callable = f.fixed(operand(step, 0)), variant = f.fixed(f.value(visited[0]));
  Operand index = f.fixed(f.loadField(variant, "index"));
  Register got = f.newRegister();
  BlockId after = f.newBlock();
  for (size_t i = 0; i != types.size(); ++i) {
    BlockId here = f.newBlock(), next = f.newBlock();
    bool last = i + 1 == types.size(); // it always holds one of them
    f.branch(last ? Operand::integer(1)
                  : f.emit(Opcode::Equal, {index, Operand::integer(int64_t(i))}),
             here, next);
    f.startBlock(here);
    f.assign(got, visitWith(visitors[i], callable, alternative(variant, types[i], i), types[i]));
    f.jump(after);
    f.startBlock(next);
  }
  f.finish(Opcode::Unreachable);
  f.startBlock(after);
  bool plain = !site.type->isVoidType() && !site.callee->getReturnType()->isReferenceType();
  result = plain ? Operand::reg(got) : Operand::opaque();
}

bool ModelledCall::lowerVariant(const Step &step) {
  switch (step.effect) {
  case Effect::MakeVariant:
    makeVariant(step);
    return true;
  case Effect::CopyVariant:
    copyVariant(step);
    return true;
  case Effect::VariantIndex:
    result = f.loadField(operand(step, 0), "index");
    return true;
  case Effect::VariantHolds: {
    std::optional<size_t> index = namedAlternative(alternatives(typeOf(step.operands[0])));
    result = index ? holds(operand(step, 0), *index) : Operand::opaque();
    return true;
  }
  case Effect::VariantGet:
  case Effect::VariantFind:
    getAlternative(step, step.effect == Effect::VariantGet);
    return true;
  case Effect::VariantEmplace: {
    Alternatives types = alternatives(typeOf(step.operands[0]));
    std::optional<size_t> index = namedAlternative(types);
    if (!index || !isFollowed(types)) {
      loseVariant();
      self();
      assignTo(step.operands[0], Operand::opaque());
      return true;
    }
    self();
    Operand made = newVariant(types, *index, construct(types[*index], rest(step, 1)));
    assignTo(step.operands[0], made);
    result = alternative(made, types[*index], *index);
    return true;
  }
  case Effect::Visit:
    visit(step);
    return true;
  default:
    return false;
  }
}

} // namespace sluice::checker::frontend
