// What an lvalue of a tracked, non-class type is to the lowering: where to load from and store to.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include <optional>

namespace sluice::checker::frontend {

using skeleton::BlockId;
using skeleton::ClassId;
using skeleton::FieldId;
using skeleton::FunctionId;
using skeleton::Instruction;
using skeleton::Opcode;
using skeleton::Operand;
using skeleton::PrimitiveKind;
using skeleton::Register;
using skeleton::Span;

/// Where a value is kept. Class objects need none: there the operand is the object.
struct Place {
  enum class Kind : uint8_t {
    Untracked, ///< loads give opaque, stores vanish
    Variable,  ///< a register
    Field,     ///< `field` of the object `base`
    Pointer,   ///< what the place `base` leads to
    Element,   ///< element `index` of the sequence `base`
    Constant,  ///< a value without a place (a temporary): `base`
  };
  Kind kind = Kind::Untracked;
  Register variable = 0;
  Operand base;
  FieldId field = 0;
  Operand index;

  static Place none() { return {}; }
  static Place reg(Register r) { return {Kind::Variable, r, {}, 0, {}}; }
  static Place of(Operand object, FieldId f) { return {Kind::Field, 0, object, f, {}}; }
  static Place at(Operand pointer) { return {Kind::Pointer, 0, pointer, 0, {}}; }
  static Place element(Operand sequence, Operand i) { return {Kind::Element, 0, sequence, 0, i}; }
  static Place constant(Operand v) { return {Kind::Constant, 0, v, 0, {}}; }
};

/// What an expression gives: a value, and where it is kept if it is an lvalue of a non-class type.
struct Lowered {
  Operand value = Operand::opaque();
  std::optional<Place> place;

  Lowered() = default;
  Lowered(Operand v) : value(v) {}
  Lowered(Place p) : place(p) {}
};

} // namespace sluice::checker::frontend
