// What a user declares of a queue class of his own: which of its methods send, receive and close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "models/Models.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::checker::models {

/// What a method of a declared queue does.
enum class QueueWork : uint8_t {
  Send,
  TrySend,
  TimedSend,
  Receive,
  TryReceive,
  TimedReceive,
  Close,
  Size,
  Empty,
  Looks, ///< changes nothing, waits for nothing
};

/// All words for that, as model files write them ("try-send").
llvm::ArrayRef<std::pair<llvm::StringRef, QueueWork>> queueWords();
/// The word of one.
llvm::StringRef word(QueueWork work);
bool sends(QueueWork work);
bool receives(QueueWork work);

/// One declared class.
struct QueueDeclaration {
  std::string name;                                       ///< canonical, without template arguments
  std::vector<std::pair<std::string, QueueWork>> methods; ///< in the order of the file
  ModelOperand bound{ModelOperand::Kind::Unbounded, 0, 0};
  std::string place; ///< "file:line:column"
};

} // namespace sluice::checker::models
