// The words of model files for roles and effects, both ways.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/Words.h"

#include "models/Models.h"
#include "models/QueueDeclaration.h"

namespace sluice::checker::models {
namespace {

struct RoleWord {
  llvm::StringRef word;
  Representation representation;
};

constexpr RoleWord roleWords[] = {
#define ROLE(Name, Word, Held) {Word, Representation::Held},
#include "models/Roles.def"
};

constexpr EffectWord effectWords[] = {
#define EFFECT(Name, Word, Fewest, Most) {Word, Fewest, Most},
#include "models/Effects.def"
};

constexpr std::pair<llvm::StringRef, QueueWork> queueWordList[] = {
    {"send", QueueWork::Send},
    {"try-send", QueueWork::TrySend},
    {"timed-send", QueueWork::TimedSend},
    {"receive", QueueWork::Receive},
    {"try-receive", QueueWork::TryReceive},
    {"timed-receive", QueueWork::TimedReceive},
    {"close", QueueWork::Close},
    {"size", QueueWork::Size},
    {"empty", QueueWork::Empty},
    {"looks", QueueWork::Looks}};

} // namespace

llvm::ArrayRef<std::pair<llvm::StringRef, QueueWork>> queueWords() { return queueWordList; }

llvm::StringRef word(QueueWork work) { return queueWordList[static_cast<size_t>(work)].first; }

bool sends(QueueWork work) { return work <= QueueWork::TimedSend; }

bool receives(QueueWork work) {
  return work >= QueueWork::Receive && work <= QueueWork::TimedReceive;
}

llvm::StringRef word(Role role) { return roleWords[static_cast<size_t>(role)].word; }

llvm::StringRef word(Effect effect) { return describe(effect).word; }

Representation representationOf(Role role) {
  return roleWords[static_cast<size_t>(role)].representation;
}

const EffectWord &describe(Effect effect) { return effectWords[static_cast<size_t>(effect)]; }

std::optional<Role> roleOf(llvm::StringRef word) {
  for (size_t i = 0; i < std::size(roleWords); ++i)
    if (roleWords[i].word == word)
      return static_cast<Role>(i);
  return std::nullopt;
}

std::optional<Effect> effectOf(llvm::StringRef word) {
  for (size_t i = 0; i < std::size(effectWords); ++i)
    if (effectWords[i].word == word)
      return static_cast<Effect>(i);
  return std::nullopt;
}

std::string allRoles() {
  std::string text;
  for (const RoleWord &entry : roleWords)
    text += (text.empty() ? "" : ", ") + entry.word.str();
  return text;
}

std::string allEffects() {
  std::string text;
  for (const EffectWord &entry : effectWords)
    text += (text.empty() ? "" : ", ") + entry.word.str();
  return text;
}

} // namespace sluice::checker::models
