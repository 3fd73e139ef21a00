// Which registers, fields and elements may hold the same objects, wherever a program runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Steensgaard's analysis: whatever flows together is one node. It knows no order and no calling
// context, so it is an upper bound for every task at every time.
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"

#include <map>
#include <set>
#include <vector>

namespace sluice::checker::analysis {

/// Computed once a program.
class Aliases {
public:
  using Node = uint32_t;
  static constexpr Node None = ~0u; ///< of what refers to nothing: constants, unused results
  /// Places of an object besides its fields.
  enum Place : uint32_t {
    Elements = 0xfffffff0,
    Length,
    Keys,
    Messages,
    Pointee, ///< of a pointer: the place
    Content, ///< of a place: what it holds
  };

  explicit Aliases(const skeleton::Program &program);

  Node ofRegister(uint32_t function, skeleton::Register r) const { return registers[function][r]; }
  /// Nothing for constants.
  std::optional<Node> ofOperand(uint32_t function, const skeleton::Operand &operand) const;
  /// The node of a place of an object, if anything ever mentions it.
  std::optional<Node> place(Node object, uint32_t key) const;
  /// The functions that a call, a start or a timer may run, in ascending order.
  llvm::SmallVector<uint32_t, 1> targets(uint32_t function,
                                         const skeleton::Instruction &instruction) const;
  /// What a place of an object holds.
  struct Held {
    Node object;
    uint32_t key;
    Node place, content;
  };
  std::vector<Held> contents() const;
  /// Whether it is surely made by the model of a library's class.
  bool isOfModel(Node object) const;
  /// A primitive, a task's handle, or something that leads to one.
  bool leadsToPrimitive(Node node) const { return leads.test(node); }
  /// The same of a value; a function as a value may lead to any.
  bool leadsToPrimitive(uint32_t function, const skeleton::Operand &operand) const;
  /// Whether some instruction closes the channel.
  bool isClosed(Node channel) const { return nodes[channel].closed; }

private:
  struct Data {
    mutable Node parent = 0;
    bool primitive = false;
    bool closed = false;
    std::map<uint32_t, Node> places;
    std::set<uint32_t> classes;
    std::set<uint32_t> functions;
  };
  Node find(Node node) const;
  Node add();
  Node at(Node object, uint32_t key);
  Node content(Node object, uint32_t key) { return at(at(object, key), Content); }
  Node operand(uint32_t function, const skeleton::Operand &operand);
  void unify(Node a, Node b);
  void apply(uint32_t function, const skeleton::Instruction &instruction);
  void applyPlaces(uint32_t function, const skeleton::Instruction &instruction);
  void applyContainers(uint32_t function, const skeleton::Instruction &instruction);
  void applyCalls(uint32_t function, const skeleton::Instruction &instruction);
  void applyPrimitives(uint32_t function, const skeleton::Instruction &instruction);
  void bind(uint32_t function, const skeleton::Instruction &instruction, uint32_t callee);
  void markPrimitive(Node node);
  void flatten();
  void computeLeads();

  const skeleton::Program &program;
  std::vector<Data> nodes;
  std::vector<std::vector<Node>> registers;
  std::vector<Node> returns;
  std::vector<Node> values; ///< of functions as values
  Node globals = 0;
  bool changed = false;
  llvm::BitVector leads;
};

} // namespace sluice::checker::analysis
