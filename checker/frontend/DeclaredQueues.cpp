// Models queue classes that the user declares, in a model file or by annotations in the source.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/DeclaredQueues.h"

#include "models/QueueDeclaration.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"

#include <algorithm>

namespace sluice::checker::frontend {

using namespace clang;
using models::Effect;
using models::ModelOperand;
using models::QueueWork;
using models::ResultShape;
using models::Role;

namespace {

/// The words behind "sluice::" in the annotations of a declaration.
llvm::SmallVector<llvm::StringRef, 1> annotationsOf(const Decl *d) {
  llvm::SmallVector<llvm::StringRef, 1> words;
  for (const Decl *each : d->redecls())
    for (const auto *a : each->specific_attrs<AnnotateAttr>())
      if (llvm::StringRef word = a->getAnnotation();
          word.consume_front("sluice::") && !llvm::is_contained(words, word))
        words.push_back(word);
  return words;
}

bool hasAnnotation(const Decl *d, llvm::StringRef wanted) {
  return llvm::is_contained(annotationsOf(d), wanted);
}

/// The word of a model file with the underscores that annotations have for its hyphens.
std::optional<QueueWork> workOf(llvm::StringRef annotation) {
  for (auto [word, work] : models::queueWords()) {
    std::string spelled = word.str();
    std::ranges::replace(spelled, '-', '_');
    if (spelled == annotation)
      return work;
  }
  return std::nullopt;
}

/// A method, or an instance of a method template, with what is said of it.
struct Method {
  const CXXMethodDecl *decl;
  std::optional<QueueWork> work;
};

class Declaration {
public:
  Declaration(UnitBuilder &unit, const CXXRecordDecl *record)
      : unit(unit), types(unit.types), record(record),
        written(unit.models.findQueue(unit.types.canonicalName(record))) {}

  bool enter(OwnModels &out);

private:
  void readMembers();
  void readMethod(const CXXMethodDecl *m);
  void readAnnotations(const CXXMethodDecl *m, Method &into);
  void readWritten(const CXXMethodDecl *m, Method &into);
  void readAnnotatedBound();
  void resolveBound();
  void findElement();
  void checkWhole();

  bool isElement(QualType type);
  const ParmVarDecl *sentBy(const CXXMethodDecl *m) const;
  const ParmVarDecl *filledBy(const CXXMethodDecl *m) const;
  models::CallModel modelled(const Method &m);
  void modelSend(const Method &m, models::CallModel &call);
  void modelReceive(const Method &m, models::CallModel &call);
  ResultShape shapeOfReceive(const Method &m, const ParmVarDecl *filled);
  void enterConstructors(OwnModels &out);

  void complain(const Decl *at, const llvm::Twine &what);

  UnitBuilder &unit;
  Types &types;
  const CXXRecordDecl *record;
  const models::QueueDeclaration *written;
  std::vector<Method> methods;
  std::set<std::string> names;   ///< of all methods
  std::set<QueueWork> annotated; ///< also of method templates that have no instance here
  ModelOperand bound{ModelOperand::Kind::Unbounded, 0, 0};
  QualType element; ///< null: it is not known
  std::vector<std::string> mistakes;
};

/// What is wrong is told at the line that says it: in the model file, or at the annotation.
void Declaration::complain(const Decl *at, const llvm::Twine &what) {
  std::string place = written ? written->place : "";
  if (!written) {
    Span s = unit.span(at->getLocation());
    place = unit.fileName(s.file) + ":" + std::to_string(s.line) + ":" + std::to_string(s.column);
  }
  mistakes.push_back(place + ": warning: '" + types.canonicalName(record) +
                     "' is not taken for a queue: " + what.str());
}

// What is said

void Declaration::readAnnotations(const CXXMethodDecl *m, Method &into) {
  for (llvm::StringRef word : annotationsOf(m)) {
    std::optional<QueueWork> work = workOf(word);
    if (work && into.work && into.work != work)
      complain(m, "'" + m->getNameAsString() + "' has two annotations");
    else if (!work && word != "daemon")
      complain(m, "the annotation 'sluice::" + word +
                      "' of a method is unknown; allowed: send, try_send, timed_send, receive, "
                      "try_receive, timed_receive, close, size, empty, looks, daemon");
    if (work) {
      into.work = work;
      annotated.insert(*work);
    }
  }
}

void Declaration::readWritten(const CXXMethodDecl *m, Method &into) {
  std::string name =
      llvm::isa<CXXDestructorDecl>(m) ? "destructor" : m->getDeclName().getAsString();
  for (auto &[method, work] : written->methods)
    if (method == name)
      into.work = work;
}

void Declaration::readMethod(const CXXMethodDecl *m) {
  names.insert(llvm::isa<CXXDestructorDecl>(m) ? "destructor" : m->getDeclName().getAsString());
  if (m->isImplicit() || m->isDeleted() || llvm::isa<CXXConstructorDecl>(m) || m->isStatic() ||
      m->isCopyAssignmentOperator() || m->isMoveAssignmentOperator())
    return;
  Method method{m, std::nullopt};
  written ? readWritten(m, method) : readAnnotations(m, method);
  methods.push_back(method);
}

void Declaration::readMembers() {
  for (const Decl *d : record->decls()) {
    if (const auto *t = llvm::dyn_cast<FunctionTemplateDecl>(d)) {
      names.insert(t->getNameAsString());
      for (llvm::StringRef word : annotationsOf(t->getTemplatedDecl()))
        if (std::optional<QueueWork> work = workOf(word))
          annotated.insert(*work);
      for (const FunctionDecl *f : t->specializations())
        readMethod(llvm::cast<CXXMethodDecl>(f));
    } else if (const auto *m = llvm::dyn_cast<CXXMethodDecl>(d)) {
      readMethod(m);
    }
  }
}

/// A parameter of a constructor, or a constant of the class, may be annotated as the bound.
void Declaration::readAnnotatedBound() {
  for (const CXXConstructorDecl *k : record->ctors())
    for (const ParmVarDecl *p : k->parameters())
      if (hasAnnotation(p, "bound"))
        bound = {ModelOperand::Kind::Argument, p->getFunctionScopeIndex(), 0};
  for (const Decl *d : record->decls()) {
    const auto *v = llvm::dyn_cast<VarDecl>(d);
    if (!v || !hasAnnotation(v, "bound"))
      continue;
    const Expr *init = v->getAnyInitializer();
    const APValue *value = init && !init->isValueDependent() ? v->evaluateValue() : nullptr;
    if (value && value->isInt())
      bound = {ModelOperand::Kind::Integer, 0, value->getInt().getExtValue()};
    else
      complain(v, "its bound '" + v->getNameAsString() + "' is no constant number");
  }
}

/// A template argument is that of the class, so it is a number here.
void Declaration::resolveBound() {
  if (!written)
    return readAnnotatedBound();
  bound = written->bound;
  if (bound.kind != ModelOperand::Kind::TemplateArgument)
    return;
  const auto *instance = llvm::dyn_cast<ClassTemplateSpecializationDecl>(record);
  llvm::ArrayRef<TemplateArgument> args;
  if (instance)
    args = instance->getTemplateArgs().asArray();
  if (bound.index >= args.size() || args[bound.index].getKind() != TemplateArgument::Integral)
    return complain(record, "its template argument " + llvm::Twine(bound.index) +
                                ", which 'bound' names, is no number");
  bound = {ModelOperand::Kind::Integer, 0, args[bound.index].getAsIntegral().getExtValue()};
}

// What follows from the types

QualType bare(QualType type) {
  return type.getNonReferenceType().getCanonicalType().getUnqualifiedType();
}

/// Where a send takes its element; none: it sends no value.
const ParmVarDecl *Declaration::sentBy(const CXXMethodDecl *m) const {
  return m->getNumParams() ? m->getParamDecl(0) : nullptr;
}

/// The parameter through which a receive gives what it takes.
const ParmVarDecl *Declaration::filledBy(const CXXMethodDecl *m) const {
  for (const ParmVarDecl *p : m->parameters()) {
    QualType type = p->getType();
    bool leadsOut = type->isLValueReferenceType() || type->isObjectPointerType();
    if (leadsOut && !type->getPointeeType().isConstQualified())
      return p;
  }
  return nullptr;
}

void Declaration::findElement() {
  for (const Method &m : methods)
    if (m.work && models::sends(*m.work) && sentBy(m.decl) && !m.decl->isTemplateInstantiation() &&
        element.isNull())
      element = bare(sentBy(m.decl)->getType());
  for (const Method &m : methods) {
    if (!m.work || !models::receives(*m.work) || !element.isNull())
      continue;
    if (const ParmVarDecl *filled = filledBy(m.decl))
      element = bare(filled->getType()->getPointeeType());
    else if (!m.decl->getReturnType()->isVoidType() && !m.decl->getReturnType()->isBooleanType())
      element = bare(m.decl->getReturnType());
    const models::TypeModel *model = element.isNull() ? nullptr : types.model(element);
    if (model && model->role == Role::Optional)
      element = bare(types.element(element));
  }
}

/// Whether values of the type can be followed as elements: numbers are all alike, and so are
/// functions and strings.
bool Declaration::isElement(QualType type) {
  if (element.isNull())
    return false;
  auto role = [&](QualType t) {
    const models::TypeModel *m = types.model(t);
    return m ? m->role : Role::Opaque;
  };
  type = bare(type);
  bool numbers = type->isIntegralOrEnumerationType() && element->isIntegralOrEnumerationType();
  bool strings = role(type) == Role::Text && role(element) == Role::Text;
  return type == element || numbers || strings ||
         (types.isCallable(type) && types.isCallable(element));
}

void Declaration::checkWhole() {
  if (record->getNumBases() && llvm::any_of(record->bases(), [&](const CXXBaseSpecifier &b) {
        const CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl();
        return !base || !base->hasDefinition() ||
               llvm::any_of(base->methods(), [](const CXXMethodDecl *m) {
                 return m->isUserProvided() &&
                        !llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(m) &&
                        m->getAccess() != AS_private;
               });
      }))
    complain(record, "it inherits methods, of which nothing can be declared");
  if (written)
    for (auto &[name, work] : written->methods)
      if (!names.count(name))
        complain(record, "it has no method '" + name + "'");
  if (!written && llvm::none_of(annotated, models::sends))
    complain(record, "nothing is annotated that sends to it");
  if (!written && llvm::none_of(annotated, models::receives))
    complain(record, "nothing is annotated that receives from it");
}

// Models

uint32_t flagsOf(QueueWork work) {
  switch (work) {
  case QueueWork::TrySend:
  case QueueWork::TryReceive:
    return models::TryStep;
  case QueueWork::TimedSend:
  case QueueWork::TimedReceive:
    return models::TimedStep;
  default:
    return 0;
  }
}

/// A bool says whether it happened; a number could say anything.
ResultShape shapeOfSuccess(QualType result) {
  return result->isBooleanType() ? ResultShape::Happened : ResultShape::None;
}

/// Where a queue is closed the send does not happen: that is no defect of the caller's.
void Declaration::modelSend(const Method &m, models::CallModel &call) {
  const ParmVarDecl *sent = sentBy(m.decl);
  bool tracked = !element.isNull() && types.holding(element) != Holding::Opaque;
  if (sent && tracked && !isElement(sent->getType()))
    complain(m.decl, "'" + m.decl->getNameAsString() + "' sends another type than the others");
  models::Step &step = call.steps.emplace_back();
  step.effect = Effect::Send;
  step.operands = {{ModelOperand::Kind::This, 0, 0},
                   {sent ? ModelOperand::Kind::Argument : ModelOperand::Kind::Null, 0, 0}};
  bool neverFull = bound.kind == ModelOperand::Kind::Unbounded;
  step.flags = models::QuietStep | (neverFull ? 0 : flagsOf(*m.work));
  call.result = shapeOfSuccess(m.decl->getReturnType());
}

ResultShape Declaration::shapeOfReceive(const Method &m, const ParmVarDecl *filled) {
  QualType result = bare(m.decl->getReturnType());
  if (filled || result->isVoidType() || (result->isBooleanType() && !isElement(result)))
    return shapeOfSuccess(result);
  const models::TypeModel *model = types.model(result);
  bool optional = model && model->role == Role::Optional;
  if (isElement(optional ? types.element(result) : result)) {
    bool hasNull = optional || result->isPointerType() ||
                   (model && (model->role == Role::UniquePointer ||
                              model->role == Role::SharedPointer || model->role == Role::Callable));
    return hasNull ? ResultShape::Optional : ResultShape::Given;
  }
  // A pointer to an element of its own: an object is what its pointer is.
  bool boxed = model && (model->role == Role::UniquePointer || model->role == Role::SharedPointer);
  if (boxed && isElement(types.element(result)) && types.holding(element) != Holding::Value)
    return ResultShape::Optional;
  return ResultShape::None;
}

void Declaration::modelReceive(const Method &m, models::CallModel &call) {
  const ParmVarDecl *filled = filledBy(m.decl);
  models::Step &step = call.steps.emplace_back();
  step.effect = Effect::Receive;
  step.operands = {{ModelOperand::Kind::This, 0, 0}};
  step.flags = flagsOf(*m.work);
  QualType given = filled ? bare(filled->getType()->getPointeeType()) : QualType();
  if (filled && isElement(given))
    step.operands.push_back({ModelOperand::Kind::Argument, filled->getFunctionScopeIndex(), 0});
  else if (filled && types.holding(given) != Holding::Opaque)
    complain(m.decl, "'" + m.decl->getNameAsString() + "' gives another type than is sent");
  call.result = shapeOfReceive(m, filled);
}

models::CallModel Declaration::modelled(const Method &m) {
  models::CallModel call;
  call.name = types.canonicalName(m.decl);
  auto only = [&](Effect effect, uint32_t flags, ResultShape result) {
    models::Step &step = call.steps.emplace_back();
    step.effect = effect;
    step.flags = flags;
    if (effect != Effect::Nothing)
      step.operands = {{ModelOperand::Kind::This, 0, 0}};
    call.result = result;
  };
  bool runsCode = llvm::any_of(
      m.decl->parameters(), [&](const ParmVarDecl *p) { return types.isCallable(p->getType()); });
  if (!m.work && (!m.decl->isConst() || runsCode))
    only(Effect::Unsupported, 0, ResultShape::Plain);
  else if (!m.work || *m.work == QueueWork::Looks)
    only(Effect::Nothing, 0, ResultShape::None);
  else if (models::sends(*m.work))
    modelSend(m, call);
  else if (models::receives(*m.work))
    modelReceive(m, call);
  else if (*m.work == QueueWork::Close)
    only(Effect::Close, models::QuietStep, ResultShape::None);
  else
    only(*m.work == QueueWork::Size ? Effect::Size : Effect::IsEmpty, 0, ResultShape::Plain);
  return call;
}

void Declaration::enterConstructors(OwnModels &out) {
  for (const CXXConstructorDecl *k : record->ctors()) {
    if (k->isDeleted() || k->isCopyOrMoveConstructor())
      continue;
    models::CallModel call;
    call.name = types.canonicalName(record) + "::constructor";
    call.steps.emplace_back().effect = Effect::MakeChannel;
    call.steps.back().operands = {bound};
    out.add(k, std::move(call));
  }
}

bool Declaration::enter(OwnModels &out) {
  readMembers();
  if (!written && annotated.empty() && mistakes.empty())
    return false;
  resolveBound();
  findElement();
  checkWhole();
  std::vector<models::CallModel> calls;
  for (const Method &m : methods)
    calls.push_back(modelled(m));
  for (const std::string &mistake : mistakes)
    out.complain(mistake);
  if (!mistakes.empty())
    return false;
  models::TypeModel type;
  type.name = types.canonicalName(record);
  type.role = Role::Queue;
  type.parameterRole = "channel";
  out.add(record, std::move(type));
  enterConstructors(out);
  for (size_t i = 0; i != methods.size(); ++i)
    if (methods[i].work || !llvm::isa<CXXDestructorDecl>(methods[i].decl))
      out.add(methods[i].decl, std::move(calls[i]));
  return true;
}

/// What a name means in a scope: further scopes. A template is its instances.
void addScopes(const NamedDecl *d, std::vector<const DeclContext *> &into) {
  if (const auto *space = llvm::dyn_cast<NamespaceDecl>(d)) {
    into.push_back(space->getFirstDecl());
  } else if (const auto *t = llvm::dyn_cast<ClassTemplateDecl>(d)) {
    for (const auto *c : t->specializations())
      if (const CXXRecordDecl *definition = c->getDefinition())
        into.push_back(definition);
  } else if (const auto *c = llvm::dyn_cast<CXXRecordDecl>(d)) {
    if (const CXXRecordDecl *definition = c->getDefinition())
      into.push_back(definition);
  }
}

} // namespace

bool modelDeclaredQueue(UnitBuilder &unit, const CXXRecordDecl *record, OwnModels &out) {
  return Declaration(unit, record).enter(out);
}

std::vector<const CXXRecordDecl *> classesNamed(ASTContext &context, llvm::StringRef name) {
  std::vector<const DeclContext *> scopes{context.getTranslationUnitDecl()};
  llvm::SmallVector<llvm::StringRef, 4> parts;
  name.split(parts, "::");
  for (llvm::StringRef part : parts) {
    std::vector<const DeclContext *> inner;
    for (const DeclContext *scope : scopes)
      for (const NamedDecl *d : scope->lookup(&context.Idents.get(part)))
        addScopes(d, inner);
    scopes = std::move(inner);
  }
  std::vector<const CXXRecordDecl *> found;
  for (const DeclContext *scope : scopes)
    if (const auto *c = llvm::dyn_cast<CXXRecordDecl>(scope))
      found.push_back(c);
  return found;
}

bool isDaemon(const FunctionDecl *f) { return hasAnnotation(f, "daemon"); }

} // namespace sluice::checker::frontend
