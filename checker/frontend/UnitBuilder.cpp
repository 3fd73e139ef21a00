// Collects the functions, classes, fields and places of one translation unit's skeleton.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/UnitBuilder.h"

#include "frontend/DeclaredQueues.h"
#include "frontend/Finish.h"
#include "frontend/Interfaces.h"
#include "frontend/Keys.h"
#include "frontend/Lowering.h"
#include "frontend/TopLevel.h"

#include "clang/AST/CXXInheritance.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

UnitBuilder::UnitBuilder(ASTContext &context, const models::Models &models,
                         const FrontendOptions &options, OwnModels homeMade)
    : context(context), models(models), own(std::move(homeMade)), options(options),
      types(context, models, own), places(context, options) {
  // The main file is file 0, however the first function comes to be seen.
  const SourceManager &sm = context.getSourceManager();
  span(sm.getLocForStartOfFile(sm.getMainFileID()));
}

FieldId UnitBuilder::field(llvm::StringRef name) {
  auto [entry, isNew] = fields.try_emplace(name, program.fields.size());
  if (isNew)
    program.fields.push_back(name.str());
  return entry->second;
}

Operand UnitBuilder::text(llvm::StringRef content) {
  auto [entry, isNew] = texts.try_emplace(content, program.texts.size());
  if (isNew)
    program.texts.push_back(content.str());
  return Operand::text(entry->second);
}

namespace {

std::string captureName(const CXXRecordDecl *closure, unsigned index) {
  const LambdaCapture *capture = closure->captures_begin() + index;
  if (capture->capturesThis())
    return "this";
  return capture->capturesVariable() ? capture->getCapturedVar()->getNameAsString()
                                     : "#" + std::to_string(index);
}

} // namespace

std::string UnitBuilder::fieldName(const FieldDecl *f) {
  const RecordDecl *owner = f->getParent();
  const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(owner);
  if (cxx && cxx->isLambda())
    return captureName(cxx, f->getFieldIndex());
  std::string name = f->getNameAsString();
  if (name.empty())
    name = "#" + std::to_string(f->getFieldIndex());
  // Bases share the object with what is derived from them, so their fields need the class in front.
  if (types.model(context.getRecordType(owner)))
    return name;
  return displayOf(owner, *this) + "::" + name;
}

std::string UnitBuilder::globalName(const VarDecl *v) {
  v = v->getCanonicalDecl();
  std::string name = types.canonicalName(v);
  if (v->isExternallyVisible() && !v->isStaticLocal())
    return name;
  Span s = span(v->getLocation());
  return name + "@" + fileName(s.file) + (v->isStaticLocal() ? ":" + std::to_string(s.line) : "");
}

bool UnitBuilder::isCutOff(const Decl *d) {
  const SourceManager &sm = context.getSourceManager();
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(d);
  if (method && method->getParent()->isLambda())
    return false;
  if (sm.isInSystemHeader(sm.getExpansionLoc(d->getLocation())))
    return true;
  const auto *record = method ? method->getParent() : llvm::dyn_cast<RecordDecl>(d);
  if (record && own.type(record))
    return true;
  const auto *named = llvm::dyn_cast<NamedDecl>(d);
  return named && models.isModelled(types.canonicalName(named));
}

bool UnitBuilder::isSaidToThrow(const FunctionDecl *f) {
  if (!options.mayThrow || (f->hasBody() && !isCutOff(f)))
    return false;
  const auto *proto = f->getType()->getAs<FunctionProtoType>();
  return !(proto && proto->isNothrow()) && options.mayThrow(types.canonicalName(f));
}

FunctionId UnitBuilder::newFunction(const std::string &key, std::string display, Span at) {
  // Instances of a template for two closures have one USR.
  unsigned copies = keys[key]++;
  skeleton::Function &f = program.functions.emplace_back();
  f.key = copies ? key + "~" + std::to_string(copies + 1) : key;
  f.display = std::move(display);
  f.at = at;
  return program.functions.size() - 1;
}

void UnitBuilder::describe(FunctionId id, const FunctionDecl *f) {
  skeleton::Function &out = program.functions[id];
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(f);
  if (method && method->isImplicitObjectMemberFunction()) {
    out.registers.push_back("this");
    out.parameterRoles.push_back("");
  }
  for (const ParmVarDecl *p : f->parameters()) {
    out.registers.push_back(p->getNameAsString());
    const models::TypeModel *m = types.model(p->getType());
    out.parameterRoles.push_back(m ? m->parameterRole : "");
  }
  out.parameters = out.registers.size();
  if (llvm::all_of(out.parameterRoles, [](const std::string &r) { return r.empty(); }))
    out.parameterRoles.clear();
  out.internal = !f->isExternallyVisible() || (method && method->getParent()->isLambda());
  out.hidden = !out.internal && f->getAccess() == AS_private;
  out.exclusive = llvm::isa<CXXConstructorDecl>(f);
  out.daemon = isDaemon(f);
  out.entry = f->isMain() || llvm::is_contained(options.entries, types.canonicalName(f));
}

FunctionId UnitBuilder::function(const FunctionDecl *f) {
  if (const auto *d = llvm::dyn_cast<CXXDestructorDecl>(f))
    return destructor(d->getParent());
  f = f->getCanonicalDecl();
  auto [entry, isNew] = functions.try_emplace(f, 0);
  if (!isNew)
    return entry->second;
  const FunctionDecl *definition = nullptr;
  bool enter = !isCutOff(f) && (f->isDefined(definition) || f->isDefaulted());
  if (!definition)
    definition = f;
  FunctionId id = newFunction(keyOf(definition, *this), displayOf(definition, *this),
                              span(definition->getLocation()));
  functions[f] = id;
  describe(id, definition);
  if (enter)
    pending.push_back({id, [definition](FunctionLowering &l) { l.lowerFunction(definition); }});
  return id;
}

FunctionId UnitBuilder::destructor(const CXXRecordDecl *c) {
  c = c->getDefinition() ? c->getDefinition() : c;
  auto [entry, isNew] = destructors.try_emplace(c->getCanonicalDecl(), 0);
  if (!isNew)
    return entry->second;
  const CXXDestructorDecl *d = c->getDestructor();
  const FunctionDecl *definition = d;
  bool enter = !d || !d->isUserProvided() || (!isCutOff(d) && d->isDefined(definition));
  std::string name = c->getNameAsString();
  FunctionId id = newFunction(keyOf(c, *this) + "@F@~",
                              displayOf(static_cast<const NamedDecl *>(c), *this) + "::~" + name,
                              span(definition ? definition->getLocation() : c->getLocation()));
  destructors[c->getCanonicalDecl()] = id;
  skeleton::Function &out = program.functions[id];
  out.registers = {"this"};
  out.parameters = 1;
  out.internal = !c->isExternallyVisible();
  out.exclusive = true;
  if (enter)
    pending.push_back({id, [c](FunctionLowering &l) { l.lowerDestructor(c); }});
  return id;
}

FunctionId UnitBuilder::synthetic(llvm::StringRef key, llvm::StringRef display,
                                  llvm::ArrayRef<std::string> parameters,
                                  std::function<void(FunctionLowering &)> body, Span at) {
  auto [entry, isNew] = synthetics.try_emplace(key, 0);
  if (!isNew)
    return entry->second;
  FunctionId id = newFunction(key.str(), display.str(), at);
  entry->second = id;
  skeleton::Function &out = program.functions[id];
  out.registers.assign(parameters.begin(), parameters.end());
  out.parameters = parameters.size();
  out.internal = true;
  pending.push_back({id, std::move(body)});
  return id;
}

FunctionId UnitBuilder::memberPointer(const CXXMethodDecl *m) {
  if (!m->isVirtual() || llvm::isa<CXXDestructorDecl>(m))
    return function(m);
  std::vector<std::string> parameters{"this"};
  for (const ParmVarDecl *p : m->parameters())
    parameters.push_back(p->getNameAsString());
  std::string slot = slotName(m);
  auto body = [slot, count = parameters.size()](FunctionLowering &f) {
    llvm::SmallVector<Operand, 4> args;
    for (size_t i = 0; i != count; ++i)
      args.push_back(Operand::reg(i));
    f.add(Opcode::Return, {f.callSlot(slot, args, /*isVirtual=*/true)});
    f.startBlock(f.newBlock());
  };
  return synthetic("dispatch " + keyOf(m, *this), displayOf(m, *this), parameters, body,
                   span(m->getLocation()));
}

ClassId UnitBuilder::newClass(const std::string &key, std::string display, Span at) {
  unsigned copies = keys["class " + key]++;
  skeleton::Class &c = program.classes.emplace_back();
  c.key = copies ? key + "~" + std::to_string(copies + 1) : key;
  c.display = std::move(display);
  c.at = at;
  return program.classes.size() - 1;
}

ClassId UnitBuilder::plainClass(llvm::StringRef name) {
  auto [entry, isNew] = plainClasses.try_emplace(name, 0);
  if (isNew)
    entry->second = newClass(name.str(), name.str(), {});
  return entry->second;
}

ClassId UnitBuilder::closureClass(llvm::StringRef key, llvm::StringRef display, FunctionId body,
                                  Span at, llvm::StringRef slot) {
  auto [entry, isNew] = plainClasses.try_emplace(key, 0);
  if (isNew) {
    entry->second = newClass(key.str(), display.str(), at);
    program.classes[entry->second].slots[field(slot)] = body;
  }
  return entry->second;
}

std::string UnitBuilder::slotName(const CXXMethodDecl *m) {
  if (llvm::isa<CXXDestructorDecl>(m))
    return "~()";
  std::string name = m->getNameAsString() + "(";
  for (const ParmVarDecl *p : m->parameters())
    name += (name.back() == '(' ? "" : ", ") + p->getType().getCanonicalType().getAsString();
  return name + ")" + (m->isConst() ? " const" : "");
}

namespace {

/// The one function a call operator of the class leads to: a closure's, or a functor's if it has
/// but one; of a generic lambda the first specialisation.
const CXXMethodDecl *callOperator(const CXXRecordDecl *c) {
  const NamedDecl *only = nullptr;
  auto name = c->getASTContext().DeclarationNames.getCXXOperatorName(OO_Call);
  for (const NamedDecl *d : c->lookup(name)) {
    if (only)
      return nullptr;
    only = d;
  }
  if (const auto *t = llvm::dyn_cast_or_null<FunctionTemplateDecl>(only))
    only = t->spec_begin() == t->spec_end() ? nullptr : *t->spec_begin();
  return llvm::dyn_cast_or_null<CXXMethodDecl>(only);
}

} // namespace

void UnitBuilder::fillSlots(ClassId id, const CXXRecordDecl *c) {
  std::map<FieldId, FunctionId> slots;
  if (const CXXMethodDecl *call = callOperator(c))
    slots[field("()")] = function(call);
  if (c->isPolymorphic() && !c->isDependentType()) {
    std::vector<std::pair<std::string, const CXXMethodDecl *>> found;
    CXXFinalOverriderMap finals;
    c->getFinalOverriders(finals);
    for (auto &[method, perSubobject] : finals)
      for (auto &[subobject, overriders] : perSubobject)
        for (const UniqueVirtualMethod &o : overriders)
          if (!o.Method->isPureVirtual())
            found.push_back({slotName(method), o.Method});
    llvm::sort(found, [](auto &a, auto &b) { return a.first < b.first; });
    for (auto &[name, method] : found)
      slots[field(name)] = function(method);
  }
  program.classes[id].slots = std::move(slots);
}

ClassId UnitBuilder::classOf(const CXXRecordDecl *c) {
  c = c->getDefinition() ? c->getDefinition() : c;
  auto [entry, isNew] = classes.try_emplace(c->getCanonicalDecl(), 0);
  if (!isNew)
    return entry->second;
  Span at = span(c->getLocation());
  std::string display = c->isLambda() ? "the lambda at line " + std::to_string(at.line)
                                      : displayOf(static_cast<const NamedDecl *>(c), *this);
  ClassId id = newClass(keyOf(c, *this), display, at);
  classes[c->getCanonicalDecl()] = id;
  if (c->hasDefinition())
    fillSlots(id, c);
  return id;
}

ClassId UnitBuilder::classOf(const RecordDecl *c) {
  if (const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(c))
    return classOf(cxx);
  return plainClass("struct " + types.canonicalName(c->getCanonicalDecl()));
}

Span UnitBuilder::callSpan(const Expr *call) {
  call = call->IgnoreParens();
  if (const auto *m = llvm::dyn_cast<CXXMemberCallExpr>(call)) {
    const Expr *object = m->getImplicitObjectArgument();
    if (object && !object->isImplicitCXXThis())
      return span(object->getSourceRange());
    return span(m->getCallee()->getSourceRange());
  }
  if (const auto *o = llvm::dyn_cast<CXXOperatorCallExpr>(call))
    return o->getNumArgs() ? span(o->getArg(0)->getSourceRange()) : span(o->getSourceRange());
  if (const auto *c = llvm::dyn_cast<CallExpr>(call))
    return span(c->getCallee()->getSourceRange());
  return span(call->getBeginLoc());
}

void UnitBuilder::gap(llvm::StringRef construct, Span at) { gaps.insert({at, construct.str()}); }

void UnitBuilder::needGlobal(const VarDecl *v) {
  if (globalsSeen.insert(v->getCanonicalDecl()).second)
    globals.push_back(v);
}

void UnitBuilder::needHiddenGlobal(llvm::StringRef name, skeleton::Operand initial) {
  hiddenGlobals.try_emplace(name.str(), initial);
}

void UnitBuilder::write(const Pending &work) {
  FunctionLowering lowering(*this);
  const skeleton::Function header = program.functions[work.id];
  bool understood = lowering.run(header, work.body);
  skeleton::Function &out = program.functions[work.id];
  if (!understood) {
    out.blocks.clear();
    return;
  }
  out = std::move(lowering.out);
  removeUnreachable(out);
}

void UnitBuilder::drain() {
  while (!pending.empty()) {
    Pending work = std::move(pending.front());
    pending.pop_front();
    write(work);
  }
}

void UnitBuilder::writeGlobals() {
  // Initialisers may call functions that need further statics, so this goes to a fixed point.
  size_t done = 0, hidden = 0;
  if (globals.empty() && hiddenGlobals.empty())
    return;
  auto id = newFunction("globals@" + fileName(0), "the globals of " + fileName(0),
                        span(context.getSourceManager().getLocForStartOfFile(
                            context.getSourceManager().getMainFileID())));
  program.functions[id].internal = true;
  do {
    done = globals.size();
    hidden = hiddenGlobals.size();
    write({id, [this](FunctionLowering &l) { l.lowerGlobals(globals, hiddenGlobals); }});
    drain();
  } while (done != globals.size() || hidden != hiddenGlobals.size());
  program.globalInit = id;
}

Unit UnitBuilder::build() {
  for (const Decl *d : topLevelDecls(context))
    addRoot(d);
  drain();
  writeGlobals();
  program.files = places.files();
  finishProgram(program);
  Unit unit;
  unit.program = std::move(program);
  unit.gaps.assign(gaps.begin(), gaps.end());
  unit.misdeclared.assign(own.complaints().begin(), own.complaints().end());
  return unit;
}

void UnitBuilder::addRoots(const DeclContext *context) {
  for (const Decl *d : context->decls())
    addRoot(d);
}

void UnitBuilder::addRoot(const Decl *d) {
  if (d->isInvalidDecl())
    return;
  if (llvm::isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(d)) {
    if (!isCutOff(d))
      addRoots(llvm::cast<DeclContext>(d));
  } else if (const auto *t = llvm::dyn_cast<FunctionTemplateDecl>(d)) {
    for (const FunctionDecl *f : t->specializations())
      addRoot(f);
  } else if (const auto *t = llvm::dyn_cast<ClassTemplateDecl>(d)) {
    for (const auto *c : t->specializations())
      if (!c->isExplicitSpecialization())
        addRoot(c);
  } else if (const auto *c = llvm::dyn_cast<CXXRecordDecl>(d)) {
    if (!c->isDependentType() && c->isThisDeclarationADefinition() && !isCutOff(c)) {
      addRoots(c);
      if (auto interface = interfaceOf(c, *this))
        program.classes[classOf(c)].interface = std::move(interface);
      if (std::vector<FunctionId> methods = publicMethods(c, *this); !methods.empty())
        program.classes[classOf(c)].methods = std::move(methods);
    }
  } else if (const auto *f = llvm::dyn_cast<FunctionDecl>(d)) {
    if (!f->isDependentContext() && f->isThisDeclarationADefinition() && !f->isDeleted() &&
        !isCutOff(f) && !f->isImplicit() && !f->isDefaulted())
      function(f);
  } else if (const auto *v = llvm::dyn_cast<VarDecl>(d)) {
    if (v->hasGlobalStorage() && v->isThisDeclarationADefinition() == VarDecl::Definition &&
        !v->getType()->isDependentType() && !isCutOff(v) && !llvm::isa<VarTemplateDecl>(d))
      needGlobal(v);
  }
}

Unit frontend::buildUnit(ASTContext &context, const models::Models &models,
                         const FrontendOptions &options) {
  OwnModels own;
  if (options.recogniseQueues)
    own = findOwnModels(context, models, options);
  return UnitBuilder(context, models, options, std::move(own)).build();
}

skeleton::Program frontend::buildProgram(ASTContext &context, const models::Models &models,
                                         const FrontendOptions &options) {
  return buildUnit(context, models, options).program;
}
