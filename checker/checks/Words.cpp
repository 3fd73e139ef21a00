// Words for primitives and operations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Story.h"

namespace sluice::checker::checks {

using skeleton::Opcode;
using skeleton::PrimitiveKind;

std::string noun(PrimitiveKind kind) {
  switch (kind) {
  case PrimitiveKind::Channel:
    return "channel";
  case PrimitiveKind::Mutex:
  case PrimitiveKind::SharedMutex:
    return "lock";
  case PrimitiveKind::Condition:
    return "condition";
  case PrimitiveKind::Counter:
    return "wait group";
  case PrimitiveKind::Semaphore:
    return "semaphore";
  case PrimitiveKind::Event:
    return "event";
  case PrimitiveKind::Once:
    return "once flag";
  case PrimitiveKind::Timer:
    return "timer";
  case PrimitiveKind::Context:
    return "context";
  case PrimitiveKind::Canceller:
    return "cancel function";
  }
  return "primitive";
}

std::string operationNoun(Opcode operation) {
  switch (operation) {
  case Opcode::Send:
    return "send";
  case Opcode::Receive:
    return "receive";
  case Opcode::Select:
    return "select";
  case Opcode::Lock:
    return "lock";
  case Opcode::Wait:
  case Opcode::CounterWait:
  case Opcode::WaitEvent:
    return "wait";
  case Opcode::Acquire:
    return "acquire";
  case Opcode::Join:
    return "join";
  case Opcode::OnceBegin:
    return "call";
  default:
    return "operation";
  }
}

std::string quoted(const analysis::PrimitiveRef &primitive) {
  if (!primitive.name.empty())
    return "'" + primitive.name + "'";
  return "the " + noun(primitive.kind);
}

std::string quotedList(const std::vector<analysis::PrimitiveRef> &primitives) {
  std::string text;
  for (size_t index = 0; index < primitives.size(); ++index) {
    if (index)
      text += index + 1 == primitives.size() ? " and " : ", ";
    text += quoted(primitives[index]);
  }
  return text;
}

} // namespace sluice::checker::checks
