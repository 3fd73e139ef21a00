// Proposes buffers for channels.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UnreceivedSend.h"
#include "checks/repair/Recipes.h"

#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

namespace sluice::checker::checks {
namespace {

using namespace clang;
using analysis::PrimitiveRef;
using models::Effect;
using models::ModelOperand;
using skeleton::Opcode;
using skeleton::PrimitiveKind;

/// Where a capacity is, or may be, written. It is written as `before` number `after`.
struct CapacitySite {
  unsigned begin = 0;
  unsigned end = 0;
  std::string before;
  std::string after;
  std::string name;     ///< of what holds the channel, for the description
  int64_t reserved = 0; ///< what the library takes off the number that is written
  bool narrows = true;  ///< braces: a signed value has to be converted
};

unsigned writtenArguments(const CXXConstructExpr *made) {
  unsigned count = 0;
  while (count < made->getNumArgs() && !llvm::isa<CXXDefaultArgExpr>(made->getArg(count)))
    ++count;
  return count;
}

bool isLiteral(const Expr *argument) {
  return llvm::isa<IntegerLiteral>(argument->IgnoreParenImpCasts());
}

/// How the capacity is written in the arguments of a constructor; the range is that of its
/// parentheses or braces.
std::optional<CapacitySite> inArguments(Scene &scene, const CXXConstructExpr *made) {
  const models::Step *step = stepOf(scene.unit.modelOfConstructor(made), Effect::MakeChannel);
  std::optional<unsigned> close = scene.offset(made->getParenOrBraceRange().getEnd());
  if (!step || step->operands.empty() || !close)
    return std::nullopt;
  const ModelOperand &capacity = step->operands.front();
  unsigned written = writtenArguments(made);
  if (capacity.kind == ModelOperand::Kind::Integer)
    return CapacitySite{*close, *close, written ? ", " : "", "", "", 0, true};
  if (capacity.kind != ModelOperand::Kind::Argument || capacity.index >= written)
    return std::nullopt;
  const Expr *argument = made->getArg(capacity.index);
  std::optional<unsigned> begin = scene.offset(argument->getBeginLoc());
  std::optional<unsigned> end = scene.end(argument->getEndLoc());
  if (!isLiteral(argument) || !begin || !end)
    return std::nullopt;
  return CapacitySite{*begin, *end, "", "", "", -capacity.value, true};
}

const Expr *bare(const Expr *init) {
  while (init) {
    init = init->IgnoreImplicit();
    if (const auto *list = llvm::dyn_cast<InitListExpr>(init); list && list->getNumInits() == 1)
      init = list->getInit(0);
    else if (const auto *cast = llvm::dyn_cast<CXXFunctionalCastExpr>(init))
      init = cast->getSubExpr();
    else
      break;
  }
  return init;
}

/// The type that a factory such as make_shared constructs from its arguments.
bool makesFromArguments(Scene &scene, const Expr *init) {
  const auto *call = llvm::dyn_cast<CallExpr>(init);
  return call && call->getNumArgs() == 0 && stepOf(scene.unit.modelOf(call), Effect::Construct);
}

std::optional<CapacitySite> inInitializer(Scene &scene, const Expr *init) {
  init = bare(init);
  if (!init)
    return std::nullopt;
  if (const auto *made = llvm::dyn_cast<CXXConstructExpr>(init))
    return inArguments(scene, made);
  if (!makesFromArguments(scene, init))
    return std::nullopt;
  std::optional<unsigned> close = scene.offset(llvm::cast<CallExpr>(init)->getRParenLoc());
  return close ? std::optional(CapacitySite{*close, *close, "", "", "", 0, false}) : std::nullopt;
}

/// The initializer that constructors write for a field; nothing if several do.
std::optional<const Expr *> writtenInitializer(const FieldDecl *field) {
  const Expr *found = field->getInClassInitializer();
  const auto *record = llvm::dyn_cast<CXXRecordDecl>(field->getParent());
  for (const CXXConstructorDecl *constructor : record->ctors())
    for (const CXXCtorInitializer *init : constructor->inits()) {
      if (init->getAnyMember() != field || !init->isWritten())
        continue;
      if (found)
        return std::nullopt;
      found = init->getInit();
    }
  return found;
}

std::optional<CapacitySite> afterName(Scene &scene, const DeclaratorDecl *named, bool braces) {
  std::optional<unsigned> past = scene.end(named->getLocation());
  if (!past)
    return std::nullopt;
  return CapacitySite{*past, *past, braces ? "{" : "(", braces ? "}" : ")", "", 0, braces};
}

std::optional<CapacitySite> ofVariable(Scene &scene, const VarDecl *variable) {
  const auto *made = llvm::dyn_cast_or_null<CXXConstructExpr>(bare(variable->getInit()));
  bool bareName = made && variable->getInitStyle() == VarDecl::CallInit &&
                  made->getParenOrBraceRange().isInvalid();
  const models::Step *step =
      made ? stepOf(scene.unit.modelOfConstructor(made), Effect::MakeChannel) : nullptr;
  if (bareName && step)
    return afterName(scene, variable, /*braces=*/false);
  return inInitializer(scene, variable->getInit());
}

std::optional<CapacitySite> ofField(Scene &scene, const FieldDecl *field) {
  std::optional<const Expr *> init = writtenInitializer(field);
  if (!init || !llvm::isa<CXXRecordDecl>(field->getParent()))
    return std::nullopt;
  return *init ? inInitializer(scene, *init) : afterName(scene, field, /*braces=*/true);
}

std::optional<CapacitySite> siteOf(Scene &scene, const PrimitiveRef &channel) {
  const Spot *made = scene.declaration(channel.madeAt);
  if (!made)
    return std::nullopt;
  std::optional<CapacitySite> site;
  if (const auto *variable = made->as<VarDecl>())
    site = ofVariable(scene, variable);
  else if (const auto *field = made->as<FieldDecl>())
    site = ofField(scene, field);
  if (site)
    site->name = made->as<DeclaratorDecl>()->getNameAsString();
  return site;
}

void propose(const CapacitySite &site, const std::string &number, const std::string &why,
             std::vector<Proposal> &proposals) {
  // What is shown is the declaration as it will be, where that is a name and one number.
  std::string shown = site.before.find_first_of("({") == std::string::npos
                          ? number
                          : site.name + site.before + number + site.after;
  proposals.push_back(
      {why + ": '" + shown + "'", {{site.begin, site.end, site.before + number + site.after}}});
}

/// The loop in which a task is started, in the function that starts it.
const Stmt *loopAround(const Spot &start) {
  for (size_t index = start.path.size() - 1, end = start.functionIndex(); index-- > end + 1;)
    if (start.path[index].get<ForStmt>() || start.path[index].get<CXXForRangeStmt>())
      return start.path[index].get<Stmt>();
  return nullptr;
}

bool isNamed(const Expr *bound) {
  bound = bound->IgnoreParenImpCasts();
  if (const auto *member = llvm::dyn_cast<MemberExpr>(bound))
    return llvm::isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts()) ||
           isNamed(member->getBase());
  return llvm::isa<DeclRefExpr>(bound);
}

/// How often a loop runs, as an expression that can stand elsewhere; empty if it is not plain.
std::string boundOf(Scene &scene, const Stmt *loop) {
  if (const auto *each = llvm::dyn_cast<CXXForRangeStmt>(loop)) {
    const Expr *range = each->getRangeInit()->IgnoreParenImpCasts();
    return isNamed(range) && range->getType()->isRecordType()
               ? scene.text(range->getSourceRange()) + ".size()"
               : "";
  }
  const auto *compare =
      llvm::dyn_cast_or_null<BinaryOperator>(llvm::cast<ForStmt>(loop)->getCond());
  if (!compare || compare->getOpcode() != BO_LT)
    return "";
  const Expr *bound = compare->getRHS()->IgnoreParenImpCasts();
  const auto *size = llvm::dyn_cast<CXXMemberCallExpr>(bound);
  if (size && stepOf(scene.unit.modelOf(size), Effect::Size) &&
      isNamed(size->getImplicitObjectArgument()))
    return scene.text(bound->getSourceRange());
  if (!isNamed(bound) || !bound->getType()->isIntegerType())
    return "";
  std::string text = scene.text(bound->getSourceRange());
  return bound->getType()->isUnsignedIntegerType() ? text
                                                   : "static_cast<std::size_t>(" + text + ")";
}

/// Where the sender is started, or null.
const Spot *startOf(Scene &scene, const analysis::TaskRef &sender) {
  for (Effect effect : {Effect::Spawn, Effect::GroupSpawn, Effect::SpawnResult})
    if (const Spot *start = scene.call(sender.startedAt, effect))
      return start;
  return nullptr;
}

std::string boundOfTasks(Scene &scene, const analysis::TaskRef &sender) {
  const Spot *start = startOf(scene, sender);
  const Stmt *loop = start ? loopAround(*start) : nullptr;
  return loop ? boundOf(scene, loop) : "";
}

/// Whether a loop around the node runs a number of times that the source does not say.
bool isInOpenLoop(Scene &scene, const Spot &spot) {
  for (size_t index = spot.path.size() - 1, end = spot.functionIndex(); index-- > end + 1;) {
    const auto *node = spot.path[index].get<Stmt>();
    const auto *counted = llvm::dyn_cast_or_null<ForStmt>(node);
    const auto *compare =
        counted ? llvm::dyn_cast_or_null<BinaryOperator>(counted->getCond()) : nullptr;
    bool isConstant = compare && compare->getRHS()->isEvaluatable(scene.unit.context);
    if (node && llvm::isa<ForStmt, CXXForRangeStmt, WhileStmt, DoStmt>(node) && !isConstant)
      return true;
  }
  return false;
}

/// Exploration tries unknown counts only up to a small number. A constant must not be called enough
/// where the number of sends depends on one.
bool isCountKnown(Scene &scene, const analysis::TaskRef &sender) {
  for (const analysis::Step &step : scene.story.judged().witness)
    if (step.kind == analysis::Step::Kind::Branch && llvm::StringRef(step.detail).contains(" = "))
      return false;
  const Spot *start = startOf(scene, sender);
  const Spot *send = scene.call(sender.blockedAt, Effect::Send);
  return send && !isInOpenLoop(scene, *send) && !(start && isInOpenLoop(scene, *start));
}

} // namespace

void proposeBuffer(Scene &scene, std::vector<Proposal> &proposals) {
  const analysis::TaskRef *sender = scene.story.culprit();
  if (!scene.unit.options.isOn(unreceivedSend, bufferFixes) || !sender || !sender->blocked ||
      sender->operation != Opcode::Send || sender->on.size() != 1)
    return;
  const PrimitiveRef &channel = sender->on.front();
  if (channel.kind != PrimitiveKind::Channel || channel.capacity < 0)
    return;
  std::optional<CapacitySite> site = siteOf(scene, channel);
  if (!site)
    return;
  std::string bound = boundOfTasks(scene, *sender);
  bool known = isCountKnown(scene, *sender);
  if (known && channel.capacity == 0)
    propose(*site, std::to_string(1 + site->reserved), "a buffer of one lets the task finish",
            proposals);
  if (!bound.empty() && site->reserved == 0)
    propose(*site, bound, "room for what every task sends lets all of them finish", proposals);
  if (known && channel.capacity < 2)
    propose(*site, std::to_string(2 + site->reserved), "a buffer of two lets the tasks finish",
            proposals);
}

} // namespace sluice::checker::checks
