// Says from the runs of a class's methods which of them send, receive, close and look.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/QueueMachine.h"

namespace sluice::checker::frontend {

/// What one method is to a channel.
struct MethodShape {
  enum class Role : uint8_t { Send, Receive, Close, Look };
  enum class Looks : uint8_t { Elsewhere, Size, Empty };
  enum class Closed : uint8_t {
    Never,
    Quiet,
    Throws,
    Anyway
  }; ///< a send or receive that finds it closed
  Role role = Role::Look;
  Looks looks = Looks::Elsewhere;
  Closed closed = Closed::Never;
  bool tries = false; ///< never waits
  bool timed = false; ///< may give up
  std::optional<QueueValue> put;
  std::optional<uint32_t> into;
  std::optional<QueueValue> success, whenClosed, otherwise; ///< what it returns
  auto operator<=>(const MethodShape &) const = default;
};

/// What a class is as a channel.
struct QueueShape {
  std::vector<MethodShape> methods;
  std::optional<int64_t> bound; ///< how many elements it holds; none: any number
};

/// The shape of a class, if all its methods fit and nobody sleeps through a change: `behaviours`
/// are its methods met in `states`.
std::optional<QueueShape> shapeOf(const std::vector<QueueBehaviour> &behaviours,
                                  const std::vector<QueueState> &states);

} // namespace sluice::checker::frontend
