// A verdict with the words for its tasks, primitives and steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "findings/Finding.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace sluice::checker::checks {

/// Gives checks what they need to word a message, and words the path that all of them share.
class Story {
public:
  Story(const skeleton::Program &program, const analysis::Verdict &verdict)
      : program(program), verdict(verdict) {}

  const analysis::Verdict &judged() const { return verdict; }
  bool definite() const { return verdict.certainty == analysis::Certainty::Definite; }

  /// The instruction the verdict stands at; null if the verdict names none.
  const skeleton::Instruction *site() const;

  /// The task the verdict is about; null if the verdict has no tasks.
  const analysis::TaskRef *culprit() const;

  /// The primitives the culprit waits for, or that its last step worked on.
  const std::vector<analysis::PrimitiveRef> &subjects() const;

  /// The first subject in quotes ("'results'"), or a noun ("the channel").
  std::string subject() const;

  /// All subjects: "'a' and 'b'".
  std::string subjectList() const;

  /// "blocks for ever" for a definite verdict, else "can block for ever".
  std::string blocks() const { return definite() ? "blocks for ever" : "can block for ever"; }
  /// "waits for ever" for a definite verdict, else "can wait for ever".
  std::string waits() const { return definite() ? "waits for ever" : "can wait for ever"; }

  /// The task that left while the culprit stays: the last that chose in a select, or the scope's
  /// entry; empty if there is none.
  std::string leaver() const;

  /// A task as the subject of a sentence: "'search'", "the task".
  std::string taskName(uint32_t task) const;

  /// Another blocked task that holds `primitive` as a lock; null if there is none.
  const analysis::TaskRef *blockedOwner(const analysis::PrimitiveRef &primitive) const;

  /// Whether a step of `kind` works on the first subject before the end.
  bool happened(analysis::Step::Kind kind) const;

  /// Whether another task than the culprit is blocked too.
  bool othersBlocked() const;

  /// The place of a span in this program.
  findings::Place place(const skeleton::Span &span) const;

  /// The path as numbered notes in schedule order, then what the verdict rests on.
  std::vector<findings::Note> notes() const;

  /// The same path, one flow a task.
  std::vector<findings::Flow> flows() const;

  /// What goes from one task to another on the path.
  std::vector<findings::Arrow> arrows() const;

private:
  struct Line {
    uint32_t task = 0;
    skeleton::Span at;
    std::string text;
    const analysis::Step *step = nullptr; ///< the first of those it tells
  };
  class ArrowSearch;
  std::vector<Line> lines() const;
  std::string phrase(const analysis::Step &step) const;
  std::string operationPhrase() const;
  std::string blockedPhrase(const analysis::Step &step) const;
  std::string whyNothingWakes() const;
  bool isStep(const std::string &assumption) const;
  bool saysMore(const analysis::Step &step) const;
  uint32_t startedBy(const analysis::Step &step) const;

  const skeleton::Program &program;
  const analysis::Verdict &verdict;
};

/// What users call a kind of primitive: "channel", "lock", "wait group".
std::string noun(skeleton::PrimitiveKind kind);

/// "'results'", or "the channel" where it has no name.
std::string quoted(const analysis::PrimitiveRef &primitive);

/// "'a', 'b' and 'c'".
std::string quotedList(const std::vector<analysis::PrimitiveRef> &primitives);

/// What a blocked operation is called: "send", "receive", "lock".
std::string operationNoun(skeleton::Opcode operation);

} // namespace sluice::checker::checks
