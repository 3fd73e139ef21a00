// The source around a verdict: which nodes stand at its places, and what encloses them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/SourceUnit.h"
#include "checks/Story.h"

#include "clang/AST/ASTTypeTraits.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice::checker::checks {

/// A node with all that encloses it: outermost first, the node itself last.
struct Spot {
  std::vector<clang::DynTypedNode> path;

  template <typename T> const T *as() const { return path.back().get<T>(); }

  /// The innermost node of a kind around this one; null if there is none.
  template <typename T> const T *around() const {
    for (size_t index = path.size() - 1; index-- > 0;)
      if (const T *found = path[index].get<T>())
        return found;
    return nullptr;
  }

  /// The body of the innermost function or lambda around the node; null outside of functions.
  const clang::CompoundStmt *body() const;

  /// Where in `path` the innermost function or lambda around the node stands.
  size_t functionIndex() const;
};

/// A statement and the block it stands in.
struct BlockPosition {
  const clang::CompoundStmt *block = nullptr;
  size_t index = 0; ///< of the statement in the block

  const clang::Stmt *statement() const { return *(block->body_begin() + index); }
  /// The statement `by` places further on; null outside of the block.
  const clang::Stmt *neighbour(int by) const;
};

/// What recipes for repairs look at. Only the unit's main file has spots: what other units share
/// is not judged as a whole, so nothing there is changed.
class Scene {
public:
  Scene(SourceUnit &unit, const Story &story);

  SourceUnit &unit;
  const Story &story;

  /// The variable or field that is named at `span`; null if there is none.
  const Spot *declaration(const skeleton::Span &span) const;

  /// A call that begins at `span` and does `effect`; null if there is none.
  const Spot *call(const skeleton::Span &span, models::Effect effect) const;

  /// Every call in the main file that does `effect`, in the order of the source.
  std::vector<Spot> callsThat(models::Effect effect) const;

  /// The innermost block around `spot` within its function, and the statement there that holds it.
  std::optional<BlockPosition> position(const Spot &spot) const;

  /// The byte at which a token begins; nothing in macros and other files.
  std::optional<unsigned> offset(clang::SourceLocation location) const;
  /// The byte past the token at `location`.
  std::optional<unsigned> end(clang::SourceLocation location) const;
  /// The byte past a statement and its semicolon.
  std::optional<unsigned> endOfStatement(const clang::Stmt *statement) const;

  /// The source of a range, as written; empty where it is not plain text of the main file.
  std::string text(clang::SourceRange range) const;

  /// The blanks in front of the line of `offset`.
  std::string indent(unsigned offset) const;

  /// The whole main file.
  llvm::StringRef source() const;

private:
  friend class SpotFinder;
  std::optional<unsigned> offset(const skeleton::Span &span) const;

  std::string mainPath;
  std::set<unsigned> wanted;
  std::multimap<unsigned, Spot> spots; ///< in the order of the walk where offsets are equal
};

/// The first step of a model that does `effect`; null if none does.
const models::Step *stepOf(const models::CallModel *model, models::Effect effect);

/// The object that a method is called on, or the argument that `operand` names; null if there is
/// none.
const clang::Expr *operandOf(const clang::Expr *call, const models::ModelOperand &operand);

/// What a call of an object's method, or a plain call, says about the parts of a qualified name:
/// "sluice::chan::send" is the method "send" of "sluice::chan".
std::pair<llvm::StringRef, llvm::StringRef> splitName(llvm::StringRef qualified);

} // namespace sluice::checker::checks
