// An abstract value: what a register, a field, an element or a channel's slot holds in a state.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

namespace sluice::checker::analysis {

/// One machine word, so that a state is a row of words. `index` and `extra` mean what the kind
/// says.
class Value {
public:
  enum class Kind : uint8_t {
    Dead,    ///< never written, or written and not read again
    Integer, ///< `index` as a signed number
    Null,
    Unit,
    Object,   ///< object `index` of the heap
    Place,    ///< field (or element) `extra` of object `index`
    Function, ///< function `index`
    Text,     ///< the character string `index` of the program's Texts
    Free,     ///< symbol `index` plus the signed number `extra`
    Opaque,
  };

  constexpr Value() = default;
  constexpr explicit Value(Kind kind, uint32_t index = 0, int32_t extra = 0)
      : bits(uint64_t(kind) | uint64_t(uint32_t(extra) & 0xffffff) << 8 | uint64_t(index) << 32) {}
  static constexpr Value integer(int32_t value) { return Value(Kind::Integer, uint32_t(value)); }
  static constexpr Value null() { return Value(Kind::Null); }
  static constexpr Value unit() { return Value(Kind::Unit); }
  static constexpr Value opaque() { return Value(Kind::Opaque); }
  static constexpr Value object(uint32_t index) { return Value(Kind::Object, index); }
  static constexpr Value fromBits(uint64_t bits) {
    Value value;
    value.bits = bits;
    return value;
  }

  constexpr Kind kind() const { return Kind(bits & 0xff); }
  constexpr bool is(Kind k) const { return kind() == k; }
  constexpr bool refers() const { return is(Kind::Object) || is(Kind::Place); }
  constexpr uint32_t index() const { return uint32_t(bits >> 32); }
  constexpr int32_t number() const { return int32_t(index()); }
  constexpr int32_t extra() const { return int32_t(uint32_t(bits) & 0xffffff00u) >> 8; }
  constexpr Value withIndex(uint32_t index) const { return Value(kind(), index, extra()); }
  constexpr uint64_t word() const { return bits; }
  constexpr bool operator==(const Value &) const = default;

private:
  uint64_t bits = 0;
};

} // namespace sluice::checker::analysis
