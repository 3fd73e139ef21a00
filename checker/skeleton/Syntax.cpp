// The table that says how each instruction is written.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Syntax.h"

#include "llvm/ADT/StringMap.h"

#include <cassert>
#include <iterator>

namespace sluice::checker::skeleton {
namespace {

// In the order of the enumeration, so that an opcode is its own index.
constexpr OpcodeSyntax Opcodes[] = {
    {Opcode::Copy, "copy", "a", 1},
    {Opcode::Not, "not", "a", 1},
    {Opcode::Add, "add", "a,a", 1},
    {Opcode::Sub, "sub", "a,a", 1},
    {Opcode::Mul, "mul", "a,a", 1},
    {Opcode::Divide, "div", "a,a", 1},
    {Opcode::Remainder, "rem", "a,a", 1},
    {Opcode::BitAnd, "bit_and", "a,a", 1},
    {Opcode::BitOr, "bit_or", "a,a", 1},
    {Opcode::BitXor, "bit_xor", "a,a", 1},
    {Opcode::ShiftLeft, "shl", "a,a", 1},
    {Opcode::ShiftRight, "shr", "a,a", 1},
    {Opcode::Append, "append", "a,a", 1},
    {Opcode::Length, "length", "a", 1},
    {Opcode::Equal, "eq", "a,a", 1},
    {Opcode::NotEqual, "ne", "a,a", 1},
    {Opcode::Less, "lt", "a,a", 1},
    {Opcode::LessEqual, "le", "a,a", 1},
    {Opcode::And, "and", "a,a", 1},
    {Opcode::Or, "or", "a,a", 1},
    {Opcode::New, "new", "C", 1},
    {Opcode::Load, "load", "a.", 1},
    {Opcode::Store, "store", "a.,a", 0},
    {Opcode::AddressOf, "addr", "a.", 1},
    {Opcode::LoadPlace, "load", "*a", 1},
    {Opcode::StorePlace, "store", "*a,a", 0},
    {Opcode::EndLocal, "end_local", "a", 0},
    {Opcode::AtomicAdd, "fetch_add", "*a,a", 1},
    {Opcode::AtomicExchange, "exchange", "*a,a", 1},
    {Opcode::AtomicCompareExchange, "compare_exchange", "*a,a,a", 2},
    {Opcode::NewSequence, "sequence", "", 1},
    {Opcode::PushBack, "push_back", "a,a", 0},
    {Opcode::PushFront, "push_front", "a,a", 0},
    {Opcode::PopBack, "pop_back", "a", 1},
    {Opcode::PopFront, "pop_front", "a", 1},
    {Opcode::ElementAt, "at", "a,a", 1},
    {Opcode::SetElementAt, "set_at", "a,a,a", 0},
    {Opcode::EraseAt, "erase_at", "a,a", 0},
    {Opcode::Size, "size", "a", 1},
    {Opcode::Clear, "clear", "a", 0},
    {Opcode::NewMap, "map", "", 1},
    {Opcode::MapFind, "find", "a,a", 1},
    {Opcode::MapKeyAt, "key_at", "a,a", 1},
    {Opcode::MapPosition, "position", "a,a", 1},
    {Opcode::MapPut, "put", "a,a,a", 0},
    {Opcode::MapInsert, "insert", "a,a,a", 1},
    {Opcode::MapErase, "erase", "a,a", 0},
    {Opcode::Call, "call", "F(", 1},
    {Opcode::CallSlot, "call_slot", "a.(", 1},
    {Opcode::CallUnknown, "call_unknown", "(s", 1},
    {Opcode::Spawn, "spawn", "a(", 1},
    {Opcode::Suspend, "suspend", "a", 0},
    {Opcode::Escape, "escape", "a", 0},
    {Opcode::Make, "make", "K", 1},
    {Opcode::Send, "send", "a,a", 0},
    {Opcode::Receive, "recv", "a", 2},
    {Opcode::Close, "close", "a", 0},
    {Opcode::Select, "select", "S", 1},
    {Opcode::Lock, "lock", "a", 0},
    {Opcode::Unlock, "unlock", "a", 0},
    {Opcode::Wait, "wait", "a,a", 0},
    {Opcode::Notify, "notify", "a", 0},
    {Opcode::CounterAdd, "counter_add", "a,a", 0},
    {Opcode::CounterWait, "counter_wait", "a", 0},
    {Opcode::Acquire, "acquire", "a,a", 0},
    {Opcode::Release, "release", "a,a", 0},
    {Opcode::SetEvent, "set", "a", 0},
    {Opcode::WaitEvent, "wait_event", "a", 0},
    {Opcode::Join, "join", "a", 0},
    {Opcode::Detach, "detach", "a", 0},
    {Opcode::EndTask, "end_task", "a", 0},
    {Opcode::OnceBegin, "once_begin", "a", 1},
    {Opcode::OnceEnd, "once_end", "a", 0},
    {Opcode::Reset, "reset", "a,a", 0},
    {Opcode::TimerStart, "timer_start", "a", 0},
    {Opcode::TimerStop, "timer_stop", "a", 1},
    {Opcode::TimerChannel, "timer_channel", "a", 1},
    {Opcode::ContextDone, "context_done", "a", 1},
    {Opcode::ContextError, "context_error", "a", 1},
    {Opcode::Cancel, "cancel", "a", 0},
    {Opcode::SpreadFibers, "spread_fibers", "", 0},
    {Opcode::Yield, "yield", "", 0},
    {Opcode::Sleep, "sleep", "", 0},
    {Opcode::Jump, "jump", "b", 0, true},
    {Opcode::Branch, "branch", "a,b,b", 0, true},
    {Opcode::Switch, "switch", "W", 0, true},
    {Opcode::Return, "return", "?", 0, true},
    {Opcode::Throw, "throw", "?", 0, true},
    {Opcode::Stop, "stop", "", 0, true},
    {Opcode::Unreachable, "unreachable", "", 0, true},
};

constexpr bool inOrder() {
  for (unsigned i = 0; i != std::size(Opcodes); ++i)
    if (unsigned(Opcodes[i].op) != i)
      return false;
  return std::size(Opcodes) == unsigned(Opcode::Unreachable) + 1;
}
static_assert(inOrder(), "an opcode is its own index");

constexpr PrimitiveSyntax Primitives[] = {
    {PrimitiveKind::Channel, "chan", 1, 1},
    {PrimitiveKind::Mutex, "mutex", 0, 0},
    {PrimitiveKind::SharedMutex, "shared_mutex", 0, 0},
    {PrimitiveKind::Condition, "condition", 0, 0},
    {PrimitiveKind::Counter, "counter", 1, 1},
    {PrimitiveKind::Semaphore, "semaphore", 1, 1},
    {PrimitiveKind::Event, "event", 0, 0},
    {PrimitiveKind::Once, "once", 0, 0},
    {PrimitiveKind::Timer, "timer", 0, 1},
    {PrimitiveKind::Context, "context", 1, 1},
    {PrimitiveKind::Canceller, "canceller", 1, 1},
};

constexpr FlagSyntax Flags[] = {
    {Try, "try"},
    {Timed, "timed"},
    {Shared, "shared"},
    {All, "all"},
    {Recursive, "recursive"},
    {Periodic, "periodic"},
    {TimedContext, "timed_context"},
    {Thread, "thread"},
    {Daemon, "daemon"},
    {Otherwise, "otherwise"},
    {Virtual, "virtual"},
    {Style, "style"},
    {Joinable, "joinable"},
    {Idle, "idle"},
    {Quiet, "quiet"},
    {Anyway, "anyway"},
    {Fiber, "fiber"},
    {AtOnce, "at_once"},
    {Cancellable, "cancellable"},
};

} // namespace

const OpcodeSyntax &syntaxOf(Opcode op) { return Opcodes[unsigned(op)]; }
const PrimitiveSyntax &syntaxOf(PrimitiveKind kind) { return Primitives[unsigned(kind)]; }
llvm::ArrayRef<OpcodeSyntax> allOpcodes() { return Opcodes; }

const OpcodeSyntax *findOpcode(llvm::StringRef word) {
  static const llvm::StringMap<const OpcodeSyntax *> byWord = [] {
    llvm::StringMap<const OpcodeSyntax *> map;
    for (const OpcodeSyntax &syntax : Opcodes)
      map.try_emplace(syntax.word, &syntax);
    return map;
  }();
  return byWord.lookup(word);
}

llvm::ArrayRef<PrimitiveSyntax> allPrimitives() { return Primitives; }
llvm::ArrayRef<FlagSyntax> allFlags() { return Flags; }

} // namespace sluice::checker::skeleton
