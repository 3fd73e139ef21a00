// Proposes one guard for two locks that are taken one after the other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Guards.h"
#include "checks/repair/Recipes.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/Stmt.h"

namespace sluice::checker::checks {
namespace {

using namespace clang;
using analysis::TaskRef;
using models::Role;
using skeleton::Opcode;

/// The library's guard for several locks: the one in the namespace of the guard that is used.
const models::TypeModel *guardOfSeveral(Scene &scene, const Guard &used) {
  for (const models::TypeModel *type : scene.unit.models.typesWith(Role::MultiGuard))
    if (splitName(type->name).first == splitName(used.type->name).first)
      return type;
  return nullptr;
}

bool isUsed(const BlockPosition &at, const Guard &guard) {
  for (const Stmt *statement : at.block->body())
    if (names(statement, guard.variable))
      return true;
  return false;
}

void propose(Scene &scene, const BlockPosition &at, std::vector<Proposal> &proposals) {
  std::optional<Guard> first = guardOf(scene, at.neighbour(-1));
  std::optional<Guard> second = guardOf(scene, at.statement());
  if (!first || !second || isUsed(at, *first) || isUsed(at, *second))
    return;
  const models::TypeModel *several = guardOfSeveral(scene, *first);
  std::optional<unsigned> begin = scene.offset(at.neighbour(-1)->getBeginLoc());
  std::optional<unsigned> end = scene.endOfStatement(at.statement());
  std::string one = scene.text(first->lock->getSourceRange());
  std::string other = scene.text(second->lock->getSourceRange());
  // Comments between the two would be lost.
  std::optional<unsigned> between = scene.endOfStatement(at.neighbour(-1));
  std::optional<unsigned> next = scene.offset(at.statement()->getBeginLoc());
  if (!several || !begin || !end || !between || !next || one.empty() || other.empty() ||
      !scene.source().slice(*between, *next).trim().empty())
    return;
  std::string text =
      several->name + " " + first->variable->getNameAsString() + "(" + one + ", " + other + ");";
  proposals.push_back({"take both locks at once, in an order that cannot cross: '" + text + "'",
                       {{*begin, *end, text}}});
}

} // namespace

void proposeLockTogether(Scene &scene, std::vector<Proposal> &proposals) {
  const analysis::Verdict &verdict = scene.story.judged();
  for (uint32_t party : verdict.parties) {
    if (party >= verdict.tasks.size() || verdict.tasks[party].operation != Opcode::Lock)
      continue;
    const Spot *guard = scene.declaration(verdict.tasks[party].blockedAt);
    std::optional<BlockPosition> at = guard ? scene.position(*guard) : std::nullopt;
    size_t known = proposals.size();
    if (at)
      propose(scene, *at, proposals);
    // Both tasks of a cycle may run the same function.
    if (proposals.size() > 1 && known && proposals.back().edits == proposals.front().edits)
      proposals.pop_back();
  }
}

} // namespace sluice::checker::checks
