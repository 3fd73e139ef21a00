// What fields hold, whichever object they are of: functions, closures, objects made in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inclusion by field, as is usual for function pointers of C: what code in sight stores in a field
// of one object is what that field of an object from outside may hold. What code out of sight
// stores is not known, so this is no upper bound.
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SparseBitVector.h"

#include <map>
#include <set>
#include <vector>

namespace sluice::checker::analysis {

/// Computed once a program.
class FieldFlow {
public:
  explicit FieldFlow(const skeleton::Program &program);

  /// The functions in sight that a call of a callable may run, in ascending order.
  std::vector<uint32_t> targets(uint32_t function, const skeleton::Instruction &instruction) const;

  /// The field that an object is kept in by who makes it, if all that `field` ever holds is kept in
  /// that one; else `field` itself. A pointer to another object's lock is a name of that lock.
  uint32_t homeOf(uint32_t field) const;

  /// In how many fields those who make objects of the class keep them.
  size_t homesOf(uint32_t klass) const;

private:
  using Set = llvm::SparseBitVector<>; ///< of tokens
  using Node = uint32_t;
  enum Part : uint32_t { Elements, Content };

  Node node(uint32_t function, skeleton::Register r) const { return firstRegister[function] + r; }
  Node fieldNode(uint32_t field) const { return field; }
  Node returnNode(uint32_t function) const;
  Node partOf(uint32_t site, Part part);

  void numberSites();
  Set valueOf(uint32_t function, const skeleton::Operand &operand) const;
  void add(Node node, const Set &tokens);
  void addResult(uint32_t function, const skeleton::Instruction &instruction, const Set &tokens);
  void apply(uint32_t function, const skeleton::Instruction &instruction);
  void applyFields(uint32_t function, const skeleton::Instruction &instruction);
  void applyPlaces(uint32_t function, const skeleton::Instruction &instruction);
  void applyContainers(uint32_t function, const skeleton::Instruction &instruction);
  void applyCalls(uint32_t function, const skeleton::Instruction &instruction);
  bool isCell(uint32_t field) const { return program.fields[field] == "*"; }
  /// The nodes that a place may stand for.
  template <class Visit> void eachPlace(const Set &places, Visit visit);
  /// The parts of the objects made in sight that `objects` may be.
  template <class Visit> void eachPart(const Set &objects, Part part, Visit visit);
  void findKeepers();
  void findHomes();

  const skeleton::Program &program;
  std::vector<Node> firstRegister; ///< by function
  llvm::DenseMap<const skeleton::Instruction *, uint32_t> sites;
  std::vector<uint32_t> classes; ///< by site: what is made; NoClass: no object of a class
  std::map<std::pair<uint32_t, uint32_t>, Node> parts;
  std::vector<Set> holds;                         ///< by node
  std::vector<uint32_t> makers;                   ///< by site: the function
  std::map<uint32_t, std::set<uint32_t>> keepers; ///< by site: fields
  std::map<uint32_t, uint32_t> homes;
  uint32_t firstSite = 0, firstPlace = 0; ///< tokens; before them those of functions
  bool changed = false;
};

} // namespace sluice::checker::analysis
