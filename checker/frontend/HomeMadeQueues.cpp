// Finds the user's own queue classes (lock, condition, container) that behave as channels do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/HomeMadeQueues.h"

#include "frontend/QueueModels.h"
#include "frontend/UnitBuilder.h"
#include "models/QueueDeclaration.h"

#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using namespace clang;
using models::Effect;
using models::ModelOperand;
using models::Role;
using ValueKind = QueueValue::Kind;
using Use = QueueFields::Use;

namespace {

/// One class that has what a queue needs.
class Candidate {
public:
  Candidate(UnitBuilder &unit, const CXXRecordDecl *record) : unit(unit), record(record) {}

  /// Whether the class is a queue; its models are then in `out`.
  bool recognise(OwnModels &out);

private:
  bool readFields();
  bool readField(const FieldDecl *f);
  bool readMembers();
  bool readMethod(const CXXMethodDecl *m);
  bool isStored(FieldId field) const;
  bool readStarts(QueueMachine &machine);
  bool findShape(QueueMachine &machine);
  std::optional<QueueShape> shapeFor(QueueMachine &machine, std::optional<int64_t> capacity);
  std::vector<QueueState> statesFor(std::optional<int64_t> capacity) const;
  std::optional<ModelOperand> capacityOf(const QueueStart &start) const;

  UnitBuilder &unit;
  const CXXRecordDecl *record;
  const FieldDecl *lock = nullptr, *items = nullptr, *flag = nullptr;
  llvm::SmallVector<const FieldDecl *, 2> conditions;
  llvm::SmallVector<const FieldDecl *, 4> numbers;
  QualType element;
  QueueFields fields;
  std::vector<std::pair<const CXXMethodDecl *, FunctionId>> methods;
  std::vector<std::pair<const CXXConstructorDecl *, FunctionId>> constructors;
  std::vector<QueueStart> starts;
  std::optional<FieldId> boundField; ///< the number that says how many elements fit
  int64_t openFlag = 0;
  QueueShape shape;
  int64_t beyond = 0; ///< how many more elements fit than `boundField` says
};

FieldId idOf(UnitBuilder &unit, const FieldDecl *f) { return unit.field(unit.fieldName(f)); }

bool Candidate::readField(const FieldDecl *f) {
  QualType type = f->getType();
  const models::TypeModel *model = type->isReferenceType() ? nullptr : unit.types.model(type);
  Holding holding = unit.types.holding(type);
  if (model && model->role == Role::Mutex)
    return !std::exchange(lock, f);
  if (model && model->role == Role::Condition) {
    conditions.push_back(f);
    return conditions.size() <= 2;
  }
  if (model && model->role == Role::Sequence && !unit.types.fixedSize(type)) {
    element = unit.types.element(type);
    return !element.isNull() && !std::exchange(items, f);
  }
  bool atomicFlag = holding == Holding::Cell && !unit.types.element(type).isNull() &&
                    unit.types.element(type)->isBooleanType();
  if (atomicFlag || (type->isBooleanType() && !type.isConstQualified()))
    return !std::exchange(flag, f);
  if (!type->isReferenceType() && type->isIntegralOrEnumerationType())
    numbers.push_back(f);
  return holding == Holding::Opaque || holding == Holding::Cell ||
         (!type->isReferenceType() && type->isIntegralOrEnumerationType());
}

bool Candidate::readFields() {
  for (const FieldDecl *f : record->fields())
    if (!readField(f))
      return false;
  if (!lock || !items || conditions.empty())
    return false;
  llvm::SmallVector<const FieldDecl *, 6> own{lock, items};
  own.append(conditions.begin(), conditions.end());
  if (flag)
    own.push_back(flag);
  return llvm::all_of(own, [](const FieldDecl *f) { return f->getAccess() == AS_private; });
}

bool Candidate::readMethod(const CXXMethodDecl *m) {
  if (m->isImplicit() || m->isDeleted() || m->isDefaulted())
    return true;
  if (m->isStatic() || m->isVirtual())
    return false;
  const FunctionDecl *definition = nullptr;
  if (!m->isDefined(definition)) {
    const FunctionDecl *pattern = m->getTemplateInstantiationPattern();
    return pattern && pattern->isDefined(); // not used here
  }
  if (m->getAccess() == AS_private && !llvm::isa<CXXConstructorDecl, CXXDestructorDecl>(m))
    return true; // seen through those that call it
  if (const auto *k = llvm::dyn_cast<CXXConstructorDecl>(m))
    constructors.push_back({k, unit.function(m)});
  else
    methods.push_back({m, unit.function(m)});
  return true;
}

bool Candidate::readMembers() {
  for (const Decl *d : record->decls()) {
    if (llvm::isa<FriendDecl>(d))
      return false;
    if (const auto *nested = llvm::dyn_cast<CXXRecordDecl>(d);
        nested && !nested->isImplicit() && !nested->isLambda() && nested->hasDefinition() &&
        llvm::any_of(nested->methods(), [](auto *m) { return m->isUserProvided(); }))
      return false;
    if (const auto *t = llvm::dyn_cast<FunctionTemplateDecl>(d)) {
      for (const FunctionDecl *f : t->specializations())
        if (!readMethod(llvm::cast<CXXMethodDecl>(f)))
          return false;
    } else if (const auto *m = llvm::dyn_cast<CXXMethodDecl>(d); m && !readMethod(m)) {
      return false;
    }
  }
  // Where none is written the implicit one makes the members.
  bool written = !constructors.empty();
  for (const CXXConstructorDecl *k : record->ctors())
    if (!written && k->isDefaultConstructor() && !k->isDeleted())
      constructors.push_back({k, unit.function(k)});
  unit.lowerPending();
  return !constructors.empty() && !methods.empty();
}

/// Whether a field is written anywhere but in constructors.
bool Candidate::isStored(FieldId field) const {
  for (FunctionId f = 0; f != unit.program.functions.size(); ++f) {
    if (llvm::any_of(constructors, [&](auto &k) { return k.second == f; }))
      continue;
    for (const skeleton::Block &b : unit.program.functions[f].blocks)
      for (const Instruction &i : b.code)
        if ((i.op == Opcode::Store || i.op == Opcode::AddressOf) && i.callee == field)
          return true;
  }
  return false;
}

bool Candidate::readStarts(QueueMachine &machine) {
  for (auto &[k, id] : constructors) {
    std::optional<QueueStart> start = machine.construct(id);
    if (!start)
      return false;
    starts.push_back(std::move(*start));
  }
  std::optional<QueueValue> open;
  for (QueueStart &start : starts) {
    if (flag) {
      QueueValue v = start[idOf(unit, flag)];
      if (v.kind != ValueKind::Integer || (open && *open != v))
        return false;
      open = v;
      openFlag = v.number;
    }
    for (auto entry = start.begin(); entry != start.end();) {
      auto known = fields.known.find(entry->first);
      bool number = known != fields.known.end() && known->second.use == Use::Number;
      bool differs = number && entry->second != starts.front()[entry->first];
      if (number && (differs || entry->second.kind == ValueKind::Parameter)) {
        if (boundField && *boundField != entry->first)
          return false;
        boundField = entry->first;
      }
      entry = number ? std::next(entry) : start.erase(entry);
    }
  }
  return true;
}

std::vector<QueueState> Candidate::statesFor(std::optional<int64_t> capacity) const {
  std::set<int64_t> sizes{0, 1, 2, 3};
  auto around = [&](int64_t n) {
    for (int64_t k = n - 1; k <= n + 1; ++k)
      if (k > 0 && k < INT32_MAX)
        sizes.insert(k);
  };
  if (capacity)
    around(*capacity);
  for (const skeleton::Function &f : unit.program.functions)
    for (const skeleton::Block &b : f.blocks)
      for (const Instruction &i : b.code)
        if (i.op >= Opcode::Equal && i.op <= Opcode::LessEqual)
          for (const Operand &o : i.args)
            if (o.kind == Operand::Kind::Integer)
              around(o.value);
  for (const QueueStart &start : starts)
    for (auto &[field, v] : start)
      if (v.kind == ValueKind::Integer)
        around(v.number);
  std::vector<QueueState> states;
  for (int64_t size : sizes)
    for (bool closed : {false, true})
      if (!closed || flag)
        states.push_back({size, closed});
  return states;
}

std::optional<QueueShape> Candidate::shapeFor(QueueMachine &machine,
                                              std::optional<int64_t> capacity) {
  std::vector<QueueState> states = statesFor(capacity);
  QueueStart numbersNow = starts.front();
  if (boundField)
    numbersNow[*boundField] = {ValueKind::Integer, 0, *capacity};
  std::vector<QueueBehaviour> behaviours;
  for (auto &[m, id] : methods) {
    std::optional<QueueBehaviour> b = machine.run(id, numbersNow, states, openFlag);
    if (!b)
      return std::nullopt;
    behaviours.push_back(std::move(*b));
  }
  return shapeOf(behaviours, states);
}

bool Candidate::findShape(QueueMachine &machine) {
  if (!boundField) {
    std::optional<QueueShape> only = shapeFor(machine, std::nullopt);
    if (only)
      shape = *only;
    return only.has_value();
  }
  std::set<int64_t> capacities{1, 2, 5};
  for (const QueueStart &start : starts)
    if (auto v = start.find(*boundField);
        v != start.end() && v->second.kind == ValueKind::Integer && v->second.number > 0)
      capacities.insert(v->second.number);
  bool first = true;
  for (int64_t capacity : capacities) {
    std::optional<QueueShape> here = shapeFor(machine, capacity);
    if (!here || !here->bound)
      return false;
    int64_t more = *here->bound - capacity;
    if (!first && (more != beyond || here->methods != shape.methods))
      return false;
    first = false;
    beyond = more;
    shape = *here;
  }
  return true;
}

std::optional<ModelOperand> Candidate::capacityOf(const QueueStart &start) const {
  using Kind = ModelOperand::Kind;
  if (!boundField)
    return shape.bound ? ModelOperand{Kind::Integer, 0, *shape.bound}
                       : ModelOperand{Kind::Unbounded, 0, 0};
  auto found = start.find(*boundField);
  if (found == start.end())
    return std::nullopt;
  const QueueValue &v = found->second;
  if (v.kind == ValueKind::Integer && v.number > 0)
    return ModelOperand{Kind::Integer, 0, v.number + beyond};
  if (v.kind == ValueKind::Parameter)
    return ModelOperand{Kind::Argument, v.index - 1, v.number + beyond};
  return std::nullopt;
}

bool Candidate::recognise(OwnModels &out) {
  if (!readFields() || !readMembers())
    return false;
  fields.known[idOf(unit, lock)] = {Use::Lock, 0};
  fields.known[idOf(unit, items)] = {Use::Items, 0};
  for (unsigned i = 0; i != conditions.size(); ++i)
    fields.known[idOf(unit, conditions[i])] = {Use::Condition, i};
  if (flag)
    fields.known[idOf(unit, flag)] = {flag->getType()->isBooleanType() ? Use::Flag : Use::FlagCell,
                                      0};
  for (const FieldDecl *f : numbers)
    if (!isStored(idOf(unit, f)))
      fields.known[idOf(unit, f)] = {Use::Number, 0};
  QueueMachine machine(unit.program, fields, unit.field("*"), unit.field("()"));
  if (!readStarts(machine) || !findShape(machine))
    return false;
  OwnModels found;
  for (size_t i = 0; i != methods.size(); ++i)
    if (!modelMethod(unit.types, element, shape.bound.has_value(), methods[i].first,
                     shape.methods[i], found))
      return false;
  std::vector<models::CallModel> made;
  for (const QueueStart &start : starts) {
    std::optional<ModelOperand> capacity = capacityOf(start);
    if (!capacity)
      return false;
    models::CallModel &call = made.emplace_back();
    call.name = unit.types.canonicalName(record) + "::constructor";
    call.steps.emplace_back().effect = Effect::MakeChannel;
    call.steps.back().operands = {*capacity};
  }
  models::TypeModel type;
  type.name = unit.types.canonicalName(record);
  type.role = Role::Queue;
  type.parameterRole = "channel";
  out.add(record, std::move(type));
  for (size_t i = 0; i != made.size(); ++i)
    out.add(constructors[i].first, std::move(made[i]));
  for (auto &[m, id] : methods)
    if (const models::CallModel *call = found.call(m))
      out.add(m, *call);
  return true;
}

} // namespace

bool modelHomeMadeQueue(UnitBuilder &unit, const CXXRecordDecl *record, OwnModels &out) {
  bool plain = !record->isUnion() && record->getNumBases() == 0 && !record->isPolymorphic();
  auto holds = [&](Role role) {
    return llvm::any_of(record->fields(), [&](const FieldDecl *f) {
      const models::TypeModel *m = unit.types.model(f->getType());
      return m && m->role == role;
    });
  };
  if (!plain || !holds(Role::Mutex) || !holds(Role::Condition) || !holds(Role::Sequence))
    return false;
  UnitBuilder trial(unit.context, unit.models, unit.options);
  return Candidate(trial, record).recognise(out);
}

} // namespace sluice::checker::frontend
