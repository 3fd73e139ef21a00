// Proposes to close a channel where the task that sends on it ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Recipes.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

#include <algorithm>

namespace sluice::checker::checks {
namespace {

using namespace clang;
using analysis::PrimitiveRef;
using analysis::Step;
using analysis::TaskRef;
using models::Effect;
using models::Role;
using skeleton::Opcode;
using skeleton::PrimitiveKind;

/// Bodies to close a channel in; each is parsed again twice at most.
constexpr size_t closersTried = 2;

/// A function's body, and what the channel is called in it.
struct Closer {
  const CompoundStmt *body = nullptr;
  std::string channel;
  std::string type; ///< the channel's type by its model
};

/// The channel that a task waits to receive from.
const PrimitiveRef *awaited(const Story &story) {
  const TaskRef *task = story.culprit();
  if (!task || !task->blocked ||
      (task->operation != Opcode::Receive && task->operation != Opcode::Select))
    return nullptr;
  for (const PrimitiveRef &primitive : task->on)
    if (primitive.kind == PrimitiveKind::Channel)
      return &primitive;
  return nullptr;
}

/// What a body does besides running to its end; not in functions within it.
class ExitFinder : public RecursiveASTVisitor<ExitFinder> {
public:
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
  bool TraverseDecl(Decl *declaration) {
    return llvm::isa<RecordDecl>(declaration) || RecursiveASTVisitor::TraverseDecl(declaration);
  }
  bool VisitReturnStmt(ReturnStmt *) { return !(found = true); }
  bool VisitGotoStmt(GotoStmt *) { return !(found = true); }
  bool found = false;
};

bool leavesEarly(const CompoundStmt *body) {
  ExitFinder finder;
  finder.TraverseStmt(const_cast<CompoundStmt *>(body));
  return finder.found;
}

/// Whether the function around a node is known to this unit alone: other callers may send more.
bool isOfThisUnit(Scene &scene, const Spot &spot) {
  size_t index = spot.functionIndex();
  if (index >= spot.path.size() || spot.path[index].get<LambdaExpr>())
    return index < spot.path.size();
  const auto *function = spot.path[index].get<FunctionDecl>();
  return std::all_of(function->redecls_begin(), function->redecls_end(),
                     [&](auto *each) { return scene.offset(each->getLocation()).has_value(); });
}

/// A name that means the same in the whole body.
std::string nameOutside(Scene &scene, const Expr *channel, const CompoundStmt *body) {
  channel = channel->IgnoreParenImpCasts();
  if (const auto *member = llvm::dyn_cast<MemberExpr>(channel))
    return llvm::isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts())
               ? scene.text(channel->getSourceRange())
               : "";
  const auto *reference = llvm::dyn_cast<DeclRefExpr>(channel);
  std::optional<unsigned> declared =
      reference ? scene.offset(reference->getDecl()->getLocation()) : std::nullopt;
  std::optional<unsigned> from = scene.offset(body->getLBracLoc());
  std::optional<unsigned> to = scene.offset(body->getRBracLoc());
  if (!declared || !from || !to || (*declared > *from && *declared < *to))
    return "";
  return scene.text(channel->getSourceRange());
}

class CloserList {
public:
  CloserList(Scene &scene, const PrimitiveRef &channel) : scene(scene), channel(channel) {}

  /// The functions that send on the channel, those of the run that shows the defect first.
  void addSenders();
  /// The tasks of that run, where they can name what holds the channel.
  void addTasks();
  const std::vector<Closer> &all() const { return closers; }

private:
  void add(Closer closer);
  void addSender(const Spot &call);
  void addTask(const TaskRef &task, const DeclaratorDecl *holder, const std::string &type);
  bool isSentOn(const Spot &call) const;

  Scene &scene;
  const PrimitiveRef &channel;
  std::vector<Closer> closers;
};

void CloserList::add(Closer closer) {
  bool known = std::any_of(closers.begin(), closers.end(),
                           [&](const Closer &other) { return other.body == closer.body; });
  if (closer.body && !closer.channel.empty() && !known && closers.size() < closersTried)
    closers.push_back(std::move(closer));
}

void CloserList::addSender(const Spot &call) {
  const auto *expression = call.as<CallExpr>();
  const models::Step *step = stepOf(scene.unit.modelOf(expression), Effect::Send);
  if (!step)
    step = stepOf(scene.unit.modelOf(expression), Effect::ArmSend);
  const Expr *object = operandOf(expression, step->operands.front());
  const models::TypeModel *type = object ? scene.unit.types.model(object->getType()) : nullptr;
  const CompoundStmt *body = call.body();
  if (type && body && isOfThisUnit(scene, call))
    add({body, nameOutside(scene, object, body), type->name});
}

bool CloserList::isSentOn(const Spot &call) const {
  findings::Place at = scene.unit.place(call.as<CallExpr>()->getBeginLoc());
  for (const Step &step : scene.story.judged().witness)
    if (step.kind == Step::Kind::Send && !step.on.empty() &&
        step.on.front().makeSite == channel.makeSite) {
      findings::Place sent = scene.story.place(step.at);
      if (sent.path == at.path && sent.span.line == at.span.line &&
          sent.span.column == at.span.column)
        return true;
    }
  return false;
}

void CloserList::addSenders() {
  std::vector<Spot> calls = scene.callsThat(Effect::Send);
  std::vector<Spot> arms = scene.callsThat(Effect::ArmSend);
  calls.insert(calls.end(), arms.begin(), arms.end());
  for (bool isSent : {true, false})
    for (const Spot &call : calls)
      if (isSentOn(call) == isSent)
        addSender(call);
}

void CloserList::addTask(const TaskRef &task, const DeclaratorDecl *holder,
                         const std::string &type) {
  for (Effect effect : {Effect::Spawn, Effect::GroupSpawn, Effect::SpawnResult}) {
    const Spot *start = scene.call(task.startedAt, effect);
    if (!start)
      continue;
    const auto *call = start->as<CallExpr>();
    const models::Step *step = stepOf(scene.unit.modelOf(call), effect);
    for (const models::ModelOperand &operand : step->operands) {
      const Expr *callable = operandOf(call, operand);
      const auto *lambda =
          callable ? llvm::dyn_cast<LambdaExpr>(callable->IgnoreImplicit()) : nullptr;
      if (lambda)
        add({llvm::dyn_cast<CompoundStmt>(lambda->getBody()), holder->getNameAsString(), type});
    }
  }
}

void CloserList::addTasks() {
  const Spot *made = scene.declaration(channel.madeAt);
  const auto *holder = made ? made->as<DeclaratorDecl>() : nullptr;
  const models::TypeModel *type = holder ? scene.unit.types.model(holder->getType()) : nullptr;
  if (!type)
    return;
  const analysis::Verdict &verdict = scene.story.judged();
  for (uint32_t task = 1; task < verdict.tasks.size(); ++task)
    if (task != verdict.culprit)
      addTask(verdict.tasks[task], holder, type->name);
}

/// "results.close()"; empty if the library has no such method.
std::string closingCall(Scene &scene, const Closer &closer) {
  for (const models::CallModel *call : scene.unit.models.callsWith(Effect::Close)) {
    auto [owner, method] = splitName(call->name);
    if (owner == closer.type)
      return closer.channel + "." + method.str() + "()";
  }
  return "";
}

void proposeLastStatement(Scene &scene, const Closer &closer, const std::string &closing,
                          std::vector<Proposal> &proposals) {
  std::optional<unsigned> brace = scene.offset(closer.body->getRBracLoc());
  std::optional<unsigned> past = scene.endOfStatement(closer.body->body_back());
  std::optional<unsigned> first = scene.offset(closer.body->body_back()->getBeginLoc());
  if (!brace || !past || !first)
    return;
  llvm::StringRef rest = scene.source().slice(*past, *brace);
  size_t newline = rest.find('\n');
  bool ownLine = newline != llvm::StringRef::npos;
  unsigned at = *past + static_cast<unsigned>(ownLine ? newline : 0);
  std::string text = ownLine ? "\n" + scene.indent(*first) + closing + ";" : " " + closing + ";";
  proposals.push_back(
      {"close the channel where its sender ends: '" + closing + "'", {{at, at, text}}});
}

/// The type whose end runs a callable, of the channel's library.
const models::TypeModel *cleanupType(Scene &scene, const Closer &closer) {
  for (const models::TypeModel *type : scene.unit.models.typesWith(Role::CleanupGuard))
    if (splitName(type->name).first == splitName(closer.type).first)
      return type;
  return nullptr;
}

void proposeCleanup(Scene &scene, const Closer &closer, const std::string &closing,
                    std::vector<Proposal> &proposals) {
  const models::TypeModel *cleanup = cleanupType(scene, closer);
  std::optional<unsigned> at = scene.end(closer.body->getLBracLoc());
  std::optional<unsigned> first = scene.offset((*closer.body->body_begin())->getBeginLoc());
  if (!cleanup || !at || !first)
    return;
  llvm::StringRef bare = llvm::StringRef(closer.channel).rsplit("->").second;
  std::string name = "close_" + (bare.empty() ? closer.channel : bare.str());
  while (name.back() == '_')
    name.pop_back();
  bool ownLine = scene.source().slice(*at, *first).contains('\n');
  std::string text = cleanup->name + " " + name + "([&] { " + closing + "; });";
  proposals.push_back({"close the channel at every way out of its sender: '" + text + "'",
                       {{*at, *at, (ownLine ? "\n" + scene.indent(*first) : " ") + text}}});
}

} // namespace

void proposeCloseAtEnd(Scene &scene, std::vector<Proposal> &proposals) {
  const PrimitiveRef *channel = awaited(scene.story);
  if (!channel)
    return;
  CloserList closers(scene, *channel);
  closers.addSenders();
  closers.addTasks();
  for (const Closer &closer : closers.all()) {
    std::string closing = closingCall(scene, closer);
    if (closing.empty() || closer.body->body_empty())
      continue;
    if (!leavesEarly(closer.body))
      proposeLastStatement(scene, closer, closing, proposals);
    proposeCleanup(scene, closer, closing, proposals);
  }
}

} // namespace sluice::checker::checks
