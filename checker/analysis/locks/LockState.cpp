// Makes states comparable: keys, and a canonical order of local objects.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/LockState.h"

#include <functional>

namespace sluice::checker::analysis {

void append(LockKey &key, const LockValue &value) {
  key.push_back(uint64_t(value.kind) << 32 | value.index);
  key.push_back(value.field);
}

void append(LockKey &key, const LocalObject &object) {
  key.push_back(uint64_t(object.klass) << 2 | uint64_t(object.sequence) << 1 |
                uint64_t(object.leaked));
  key.push_back(object.fields.size());
  for (const auto &[field, value] : object.fields) {
    key.push_back(field);
    append(key, value);
  }
  key.push_back(object.elements.size());
  for (const LockValue &value : object.elements)
    append(key, value);
}

namespace {

void append(LockKey &key, const std::vector<HeldLock> &held) {
  key.push_back(held.size());
  for (const HeldLock &each : held)
    key.insert(key.end(),
               {each.lock, each.named, uint64_t(each.shared) << 1 | uint64_t(each.doubted)});
}

template <typename List> void appendIds(LockKey &key, const List &list) {
  key.push_back(list.size());
  key.insert(key.end(), list.begin(), list.end());
}

void append(LockKey &key, const std::vector<std::pair<Paths::Id, Paths::Id>> &pairs) {
  key.push_back(pairs.size());
  for (auto [a, b] : pairs)
    key.push_back(uint64_t(a) << 32 | b);
}

} // namespace

LockKey keyOf(const LockState &state) {
  LockKey key;
  for (const LockValue &value : state.registers)
    append(key, value);
  key.push_back(state.objects.size());
  for (const LocalObject &object : state.objects)
    append(key, object);
  append(key, state.held);
  appendIds(key, state.released);
  append(key, state.compared);
  for (auto [path, truth] : state.assumed)
    key.push_back(uint64_t(path) << 1 | uint64_t(truth));
  return key;
}

LockKey keyOf(const LockContext &context) {
  LockKey key = {context.function};
  for (const LockValue &value : context.arguments)
    append(key, value);
  for (const LocalObject &object : context.objects)
    append(key, object);
  return key;
}

LockKey keyOf(const Acquisition &acquisition) {
  LockKey key;
  append(key, {acquisition.wanted});
  append(key, acquisition.held);
  appendIds(key, acquisition.released);
  key.push_back(acquisition.ownTask);
  append(key, acquisition.compared);
  return key;
}

LockKey keyOf(const LockSummary &summary) {
  LockKey key = {summary.known, summary.acquisitions.size()};
  for (const Acquisition &each : summary.acquisitions) {
    LockKey part = keyOf(each);
    key.insert(key.end(), part.begin(), part.end());
  }
  for (const LockExit &each : summary.exits) {
    LockKey part = keyOf(each.state);
    key.insert(key.end(), part.begin(), part.end());
    append(key, each.result);
    key.push_back(each.thrown);
  }
  return key;
}

void compact(LockState &state, LockValue &extra, size_t kept) {
  constexpr uint32_t Unseen = ~0u;
  std::vector<uint32_t> number(state.objects.size(), Unseen);
  std::vector<LocalObject> left;
  std::vector<uint32_t> order;
  auto visit = [&](LockValue &value) {
    if (!value.refers())
      return;
    if (number[value.index] == Unseen) {
      number[value.index] = uint32_t(order.size());
      order.push_back(value.index);
    }
    value.index = number[value.index];
  };
  for (uint32_t i = 0; i != kept; ++i) {
    number[i] = i;
    order.push_back(i);
  }
  visit(extra);
  for (LockValue &value : state.registers)
    visit(value);
  for (size_t next = 0; next != order.size(); ++next) {
    left.push_back(std::move(state.objects[order[next]]));
    for (auto &[field, value] : left.back().fields)
      visit(value);
    for (LockValue &value : left.back().elements)
      visit(value);
  }
  state.objects = std::move(left);
}

} // namespace sluice::checker::analysis
