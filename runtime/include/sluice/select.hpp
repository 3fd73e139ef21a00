// Waits for the first of several channel operations that can run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/select_case.hpp>

namespace sluice {

/// A case that receives from `c` and drops the value.
template <core::receivable C>
auto on_recv(const C &c, std::source_location where = std::source_location::current()) {
  using T = core::value_of<C>;
  return core::recv_case<T, core::ignore>(c, {}, where);
}

/// A case that receives from `c` into `out`, which is emptied if `c` is closed and left alone when
/// another case runs.
template <core::receivable C>
auto on_recv(const C &c, std::optional<core::value_of<C>> &out,
             std::source_location where = std::source_location::current()) {
  using T = core::value_of<C>;
  auto fill = [&out](std::optional<T> got) {
    out.reset();
    if (got)
      out.emplace(std::move(*got));
  };
  return core::recv_case<T, decltype(fill)>(c, fill, where);
}

/// A case that receives from `c` and calls `handler(std::optional<T>)`.
template <core::receivable C, class Handler>
  requires std::invocable<std::decay_t<Handler> &, std::optional<core::value_of<C>>>
auto on_recv(const C &c, Handler &&handler,
             std::source_location where = std::source_location::current()) {
  using T = core::value_of<C>;
  return core::recv_case<T, std::decay_t<Handler>>(c, std::forward<Handler>(handler), where);
}

/// For on_send: the value is `f()`, called only when the case runs.
template <class F> core::lazy_value<std::decay_t<F>> lazy(F &&f) { return {std::forward<F>(f)}; }

/// A case that sends `value` to `c` and then calls `handler()`. The select throws channel_error if
/// it is chosen and `c` is closed.
template <core::sendable C, std::convertible_to<core::value_of<C>> V, std::invocable Handler>
auto on_send(const C &c, V &&value, Handler handler,
             std::source_location where = std::source_location::current()) {
  using T = core::value_of<C>;
  if constexpr (core::element<T>::boxed)
    return core::send_case<T, Handler>{c, std::make_unique<T>(std::forward<V>(value)),
                                       std::move(handler), where};
  else
    return core::send_case<T, Handler>{c, T(std::forward<V>(value)), std::move(handler), where};
}

/// The same with a value that is made only when the case runs.
template <core::sendable C, class F, std::invocable Handler>
  requires std::convertible_to<std::invoke_result_t<F &>, core::value_of<C>>
auto on_send(const C &c, core::lazy_value<F> value, Handler handler,
             std::source_location where = std::source_location::current()) {
  using T = core::value_of<C>;
  return core::lazy_send_case<T, F, Handler>{c, std::move(value.make), std::move(handler), where};
}

/// The same without a handler.
template <core::sendable C, class V = core::value_of<C>>
auto on_send(const C &c, V &&value, std::source_location where = std::source_location::current()) {
  return on_send(c, std::forward<V>(value), core::ignore{}, where);
}

/// A case that runs when no other can.
inline auto otherwise(std::source_location where = std::source_location::current()) {
  return core::otherwise_case<core::ignore>{{}, where};
}

/// The same, calling `handler()`.
template <std::invocable Handler>
auto otherwise(Handler handler, std::source_location where = std::source_location::current()) {
  return core::otherwise_case<Handler>{std::move(handler), where};
}

/// `operand` if `condition` holds, else a case that never runs.
template <core::select_operand Case> auto when(bool condition, Case operand) {
  return core::conditional_case<Case>{condition, std::move(operand)};
}

/// Any case, for selects that are put together at run time.
///
///     std::vector<sluice::select_case> cases;
///     for (auto &c : channels)
///       cases.push_back(on_recv(c));
///     auto i = sluice::select(cases);
///
/// Receiving cases may be used again; a sending one has given its value away once it has run.
class select_case {
public:
  /// Takes a case of any kind.
  template <class Case>
    requires(core::select_operand<Case> && !std::same_as<Case, select_case>)
  select_case(Case operand) : held(new typed<Case>(std::move(operand))) {}
  select_case(select_case &&o) noexcept : held(std::exchange(o.held, nullptr)) {}
  select_case &operator=(select_case o) noexcept {
    std::swap(held, o.held);
    return *this;
  }
  ~select_case() { delete held; }

  /// For this library: the case as the untyped half sees it.
  core::select_entry entry() { return held->entry(); }
  /// For this library: what to do once the case was chosen.
  void run(bool ok) { held->run(ok); }

private:
  struct any {
    virtual ~any() = default;
    virtual core::select_entry entry() = 0;
    virtual void run(bool ok) = 0;
  };
  template <class Case> struct typed : any {
    explicit typed(Case operand) : operand(std::move(operand)) {}
    core::select_entry entry() override { return operand.entry(); }
    void run(bool ok) override { operand.run(ok); }
    Case operand;
  };

  any *held; // owned
};

/// Waits until one of `cases` can run, runs it, and returns its index. Of several that can run one
/// is chosen uniformly at random. Blocks with wait reason `select`, reported at the first case.
template <class... Cases>
  requires(sizeof...(Cases) > 0 && (core::select_operand<std::remove_reference_t<Cases>> && ...))
int select(Cases &&...cases) {
  core::select_entry entries[] = {cases.entry()...};
  const int chosen = core::select(entries, entries[0].where);
  int i = 0;
  ((i++ == chosen ? cases.run(entries[chosen].ok) : void()), ...);
  return chosen;
}

/// The same for cases put together at run time; blocks for ever if there are none.
int select(std::span<select_case> cases,
           std::source_location where = std::source_location::current());

/// Blocks for ever.
int select(std::source_location where = std::source_location::current());

} // namespace sluice
