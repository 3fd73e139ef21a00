// Walks the main file once for a verdict and keeps the nodes at its places.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Scene.h"

#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"

#include <algorithm>

namespace sluice::checker::checks {

using namespace clang;

/// Keeps the path to each node, and copies it where it is asked for. Instances of templates are
/// walked too: only there do calls have models.
class SpotFinder : public RecursiveASTVisitor<SpotFinder> {
  using Base = RecursiveASTVisitor<SpotFinder>;

public:
  using Visit = llvm::function_ref<void(const Spot &)>;
  SpotFinder(ASTContext &context, Visit visit) : context(context), visit(visit) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return false; }

  void walk() {
    const SourceManager &sources = context.getSourceManager();
    for (Decl *declaration : context.getTranslationUnitDecl()->decls())
      if (sources.isInMainFile(sources.getExpansionLoc(declaration->getLocation())))
        TraverseDecl(declaration);
  }

  bool TraverseDecl(Decl *declaration) {
    if (!declaration)
      return true;
    spot.path.push_back(DynTypedNode::create(*declaration));
    visit(spot);
    bool goesOn = Base::TraverseDecl(declaration);
    spot.path.pop_back();
    return goesOn;
  }
  bool dataTraverseStmtPre(Stmt *statement) {
    spot.path.push_back(DynTypedNode::create(*statement));
    visit(spot);
    return true;
  }
  bool dataTraverseStmtPost(Stmt *) {
    spot.path.pop_back();
    return true;
  }

private:
  ASTContext &context;
  Visit visit;
  Spot spot;
};

const CompoundStmt *Spot::body() const {
  size_t index = functionIndex();
  if (index >= path.size())
    return nullptr;
  const Stmt *body = nullptr;
  if (const auto *lambda = path[index].get<LambdaExpr>())
    body = lambda->getBody();
  else
    body = path[index].get<FunctionDecl>()->getBody();
  return llvm::dyn_cast_or_null<CompoundStmt>(body);
}

size_t Spot::functionIndex() const {
  for (size_t index = path.size() - 1; index-- > 0;)
    if (path[index].get<FunctionDecl>() || path[index].get<LambdaExpr>())
      return index;
  return path.size();
}

const Stmt *BlockPosition::neighbour(int by) const {
  int wanted = static_cast<int>(index) + by;
  if (wanted < 0 || wanted >= static_cast<int>(block->size()))
    return nullptr;
  return *(block->body_begin() + wanted);
}

Scene::Scene(SourceUnit &unit, const Story &story) : unit(unit), story(story) {
  const SourceManager &sources = unit.context.getSourceManager();
  mainPath = unit.place(sources.getLocForStartOfFile(sources.getMainFileID())).path;
  auto want = [&](const skeleton::Span &span) {
    if (std::optional<unsigned> at = offset(span))
      wanted.insert(*at);
  };
  for (const analysis::TaskRef &task : story.judged().tasks) {
    want(task.startedAt);
    want(task.blockedAt);
    for (const auto &primitives : {task.on, task.holds})
      for (const analysis::PrimitiveRef &primitive : primitives)
        want(primitive.madeAt);
  }
  for (const analysis::Step &step : story.judged().witness)
    want(step.at);
  auto keep = [&](const Spot &spot) {
    const auto *named = spot.as<DeclaratorDecl>();
    const auto *expression = spot.as<Expr>();
    if (!named && !expression)
      return;
    std::optional<unsigned> at = offset(named ? named->getLocation() : expression->getBeginLoc());
    if (at && wanted.count(*at))
      spots.emplace(*at, spot);
  };
  SpotFinder(unit.context, keep).walk();
}

const Spot *Scene::declaration(const skeleton::Span &span) const {
  std::optional<unsigned> at = offset(span);
  auto [first, last] = spots.equal_range(at.value_or(~0u));
  for (; at && first != last; ++first)
    if (const auto *found = first->second.as<DeclaratorDecl>())
      if (!found->getType()->isDependentType())
        return &first->second;
  return nullptr;
}

const Spot *Scene::call(const skeleton::Span &span, models::Effect effect) const {
  std::optional<unsigned> at = offset(span);
  auto [first, last] = spots.equal_range(at.value_or(~0u));
  for (; at && first != last; ++first)
    if (const auto *found = first->second.as<CallExpr>())
      if (stepOf(unit.modelOf(found), effect))
        return &first->second;
  return nullptr;
}

std::vector<Spot> Scene::callsThat(models::Effect effect) const {
  std::vector<Spot> found;
  std::set<unsigned> seen;
  auto keep = [&](const Spot &spot) {
    const auto *call = spot.as<CallExpr>();
    if (!call || !stepOf(unit.modelOf(call), effect))
      return;
    std::optional<unsigned> at = offset(call->getBeginLoc());
    if (at && seen.insert(*at).second)
      found.push_back(spot);
  };
  SpotFinder(unit.context, keep).walk();
  return found;
}

std::optional<BlockPosition> Scene::position(const Spot &spot) const {
  size_t function = spot.functionIndex();
  for (size_t index = spot.path.size() - 1; index-- > function;) {
    const auto *block = spot.path[index].get<CompoundStmt>();
    if (!block)
      continue;
    const auto *statement = spot.path[index + 1].get<Stmt>();
    auto found = std::find(block->body_begin(), block->body_end(), statement);
    if (found == block->body_end())
      return std::nullopt;
    return BlockPosition{block, static_cast<size_t>(found - block->body_begin())};
  }
  return std::nullopt;
}

std::optional<unsigned> Scene::offset(SourceLocation location) const {
  const SourceManager &sources = unit.context.getSourceManager();
  if (location.isInvalid() || location.isMacroID())
    return std::nullopt;
  auto [file, offset] = sources.getDecomposedLoc(location);
  return file == sources.getMainFileID() ? std::optional(offset) : std::nullopt;
}

std::optional<unsigned> Scene::end(SourceLocation location) const {
  std::optional<unsigned> start = offset(location);
  if (!start)
    return std::nullopt;
  return *start + Lexer::MeasureTokenLength(location, unit.context.getSourceManager(),
                                            unit.context.getLangOpts());
}

std::optional<unsigned> Scene::endOfStatement(const Stmt *statement) const {
  std::optional<unsigned> past = end(statement->getEndLoc());
  if (!past || llvm::isa<CompoundStmt, DeclStmt>(statement))
    return past; // their ends are the brace and the semicolon
  llvm::StringRef rest = source().drop_front(*past);
  size_t blanks = rest.size() - rest.ltrim().size();
  return rest.ltrim().starts_with(";") ? std::optional(*past + static_cast<unsigned>(blanks) + 1)
                                       : past;
}

std::optional<unsigned> Scene::offset(const skeleton::Span &span) const {
  findings::Place place = story.place(span);
  if (!place.valid() || place.path != mainPath)
    return std::nullopt;
  const SourceManager &sources = unit.context.getSourceManager();
  return offset(sources.translateLineCol(sources.getMainFileID(), span.line, span.column));
}

std::string Scene::text(SourceRange range) const {
  std::optional<unsigned> from = offset(range.getBegin()), to = end(range.getEnd());
  return from && to && *from < *to ? source().slice(*from, *to).str() : "";
}

std::string Scene::indent(unsigned offset) const {
  llvm::StringRef head = source().take_front(offset);
  head = head.drop_front(head.rfind('\n') == llvm::StringRef::npos ? 0 : head.rfind('\n') + 1);
  return head.take_while([](char c) { return c == ' ' || c == '\t'; }).str();
}

llvm::StringRef Scene::source() const {
  const SourceManager &sources = unit.context.getSourceManager();
  return sources.getBufferData(sources.getMainFileID());
}

const models::Step *stepOf(const models::CallModel *model, models::Effect effect) {
  if (model)
    for (const models::Step &step : model->steps)
      if (step.effect == effect)
        return &step;
  return nullptr;
}

const Expr *operandOf(const Expr *call, const models::ModelOperand &operand) {
  using Kind = models::ModelOperand::Kind;
  const auto *plain = llvm::dyn_cast<CallExpr>(call);
  if (const auto *method = llvm::dyn_cast<CXXMemberCallExpr>(call))
    if (operand.kind == Kind::This)
      return method->getImplicitObjectArgument();
  if (!plain || operand.kind != Kind::Argument || operand.index >= plain->getNumArgs())
    return nullptr;
  const Expr *argument = plain->getArg(operand.index);
  return llvm::isa<CXXDefaultArgExpr>(argument) ? nullptr : argument;
}

std::pair<llvm::StringRef, llvm::StringRef> splitName(llvm::StringRef qualified) {
  return qualified.rsplit("::");
}

} // namespace sluice::checker::checks
