// What a library's types and calls mean to a skeleton, asked by canonical name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names are canonical and qualified, without template arguments and without inline namespaces
// ("std::basic_string", never "std::__cxx11::basic_string"). docs/guides/models.md describes the
// YAML that is read into these values.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::models {

/// How a skeleton holds a value of a modelled type.
enum class Representation : uint8_t {
  Handle,    ///< a reference or null in a register; copies name the same object; moving nulls it
  Owned,     ///< a reference or null in a register; only moved, which leaves null behind
  Nullable,  ///< the wrapped value or null; a copy copies the wrapped value; moving keeps it
  Primitive, ///< the reference to a primitive made in place; neither copied nor moved
  Object,    ///< an object with fields; copying is code
  Cell,      ///< an object of class `cell`, field `*`
  Sequence,  ///< a sequence; a copy copies its elements
  Map,       ///< a map; a copy copies its elements
  Place,     ///< a place, as a pointer is
  Opaque,    ///< nothing is tracked
};

/// What a library type is for.
enum class Role : uint8_t {
#define ROLE(Name, Word, Representation) Name,
#include "models/Roles.def"
};

/// The word for a role in model files ("send-handle").
llvm::StringRef word(Role role);
/// The role of a word, if it is one.
std::optional<Role> roleOf(llvm::StringRef word);
/// How values of types of this role are held.
Representation representationOf(Role role);

/// One modelled class or class template.
struct TypeModel {
  std::string name; ///< "sluice::chan"
  Role role = Role::Opaque;
  std::optional<unsigned> element; ///< the template argument that is the element, value or pointee
  std::string parameterRole; ///< "channel", "context", "lock" or empty: Function::parameterRoles
  std::string directed[2];   ///< a channel's send-only and receive-only handle types, if any
  bool recursive = false;  ///< a lock that its owner may take again, or might: its kind is no type
  bool mustJoin = false;   ///< a task handle that must be joined or detached
  bool joinsAtEnd = false; ///< its destructor waits for the task

  Representation representation() const { return representationOf(role); }
};

/// What one step of a modelled call does.
enum class Effect : uint8_t {
#define EFFECT(Name, Word, Fewest, Most) Name,
#include "models/Effects.def"
};

/// The word for an effect in model files ("make-channel").
llvm::StringRef word(Effect effect);
/// The effect of a word, if it is one.
std::optional<Effect> effectOf(llvm::StringRef word);

/// What a step works on, relative to the call.
struct ModelOperand {
  enum class Kind : uint8_t {
    This,             ///< the object a method is called on; a constructor's result
    Argument,         ///< `$n`, or `$n-k` with `value` = -k added to it
    Rest,             ///< `$n..`: argument n and all after it
    TemplateArgument, ///< `T<n>`: a template argument of the callee (its value, if it has one)
    Integer,          ///< a constant
    Null,             ///< `null`
    Unbounded,        ///< a capacity that is never full
    Free,             ///< an outside input
    Result,           ///< `result`: what the step before gave
  };
  Kind kind = Kind::This;
  unsigned index = 0; ///< Argument, Rest, TemplateArgument
  int64_t value = 0;  ///< Integer; what is added to an Argument
  bool operator==(const ModelOperand &) const = default;
};

/// Words that refine a step.
enum StepFlag : uint32_t {
  TryStep = 1 << 0,          ///< "try": never waits
  TimedStep = 1 << 1,        ///< "timed": may give up
  SharedStep = 1 << 2,       ///< "shared": the shared mode of a lock
  AllStep = 1 << 3,          ///< "all": every waiter
  RecursiveStep = 1 << 4,    ///< "recursive": a lock its owner may take again
  PeriodicStep = 1 << 5,     ///< "periodic": a ticker
  ThreadStep = 1 << 6,       ///< "thread": must be joined or detached
  DaemonStep = 1 << 7,       ///< "daemon": meant to run for ever
  DeferredStep = 1 << 8,     ///< "deferred": a guard that does not lock yet
  AdoptedStep = 1 << 9,      ///< "adopted": a guard for a lock held already
  LazyStep = 1 << 10,        ///< "lazy": the work runs only when its result is asked for
  UntilStep = 1 << 11,       ///< "until": the last operand is a context that ends the wait
  NewStep = 1 << 12,         ///< "new": an atomic's result is the new value, not the old one
  MinusStep = 1 << 13,       ///< "minus": the last operand is subtracted
  JoinableStep = 1 << 15,    ///< "joinable": leaks unless joined or detached
  ZeroedStep = 1 << 14,      ///< "zeroed": what is allocated is filled with zeros
  QuietStep = 1 << 16,       ///< "quiet": on a closed channel nothing happens, and it says so
  AnywayStep = 1 << 17,      ///< "anyway": a closed channel takes what is sent
  ThrowsStep = 1 << 18,      ///< "throws": to receive from a closed and drained channel throws
  AutoStep = 1 << 19,        ///< "auto": an event that the one who waited for it clears
  AwaitedStep = 1 << 20,     ///< "awaited": it happens when what the call gives is awaited
  CancellableStep = 1 << 21, ///< "cancellable": gives up once the task has been cancelled
  DeadlineStep = 1 << 22,    ///< "deadline": the last operand is a time limit; negative: none
  PointedStep = 1 << 23,     ///< "pointed": the value is what the operand points to
  FiberStep = 1 << 24,       ///< "fiber": takes turns with the other tasks of its starter's thread
  AtOnceStep = 1 << 25,      ///< "at-once": has its turn before its starter goes on
};

/// One thing a modelled call does, as `effect operand... flag...`.
struct Step {
  Effect effect = Effect::Nothing;
  uint32_t flags = 0;
  llvm::SmallVector<ModelOperand, 3> operands;
};

/// How the outcome of the last step reaches the caller.
enum class ResultShape : uint8_t {
  Plain,    ///< the step's value as it is
  Optional, ///< the value, or null when it did not happen or the channel is closed and drained
  Happened, ///< a bool: whether it happened
  Status,   ///< an enumerator or int: `success`, `closed` or `otherwise`
  Given,    ///< the value; what it is when there is none to give is not known
  Pair,     ///< an object with the fields of a pair: the value, and whether it happened
  This,     ///< the object itself (`return *this`)
  None,     ///< nothing that is tracked
};

/// Numbers of a status result.
struct StatusValues {
  int64_t success = 0;           ///< it happened
  std::optional<int64_t> closed; ///< the channel was closed
  int64_t otherwise = 1;         ///< it gave up
};

/// What the parameter of an overload must look like.
struct ParameterPattern {
  enum class Kind : uint8_t {
    Any,
    Type,
    Integral,
    Callable,
    Pointer,
    Constant, ///< the argument is this number
    Default,  ///< the call leaves it to the default argument
  } kind = Kind::Any;
  std::string type;  ///< Type: the canonical name without reference, const, template arguments
  int64_t value = 0; ///< Constant
  bool operator==(const ParameterPattern &) const = default;
};

/// A call's parameter, as the frontend describes it.
struct Parameter {
  std::string type; ///< canonical class or enum name without reference, const, template arguments;
                    ///< else the builtin's name ("int", "bool"); "std::nullptr_t"
  bool integral = false;  ///< an integer, bool or unscoped enumeration
  bool callable = false;  ///< a closure, function, function pointer, or a class with operator()
  bool pointer = false;   ///< a raw pointer (or array) to an object
  bool isDefault = false; ///< the call does not write the argument
  std::optional<int64_t> constant; ///< the argument, if it is a number known here
};

/// One overload, or all overloads, of a modelled function.
struct CallModel {
  std::string name; ///< qualified: "sluice::chan::send"; "X::constructor", "X::destructor";
                    ///< "X::operator="; conversions: "X::operator bool", "X::operator Y" with
                    ///< Y's name, "X::conversion" for all others
  std::optional<std::vector<ParameterPattern>> parameters; ///< none: any
  bool moreParameters = false;                             ///< the pattern ended in "..."
  std::vector<Step> steps;                                 ///< in order; the last gives the result
  ResultShape result = ResultShape::Plain;
  StatusValues status;
  bool throws = false; ///< may throw besides what the steps throw
  std::string library; ///< the model file's `library`
  unsigned line = 0;   ///< its line in the model file
};

struct QueueDeclaration;

/// What a unit is written in.
enum class Language : uint8_t { C, Cxx };

/// All models in force. Built once, then only read.
class Models {
public:
  /// The models that come with the checker; those for C alone are quicker to read.
  static llvm::Expected<Models> builtin(Language language = Language::Cxx);

  /// Reads one more model file; its entries come before all read so far. Errors name
  /// "file:line:column: what is wrong; allowed: ...".
  llvm::Error add(llvm::MemoryBufferRef text);

  /// Reads a file, or all *.yaml files of a directory in the order of their names.
  llvm::Error addPath(llvm::StringRef path);

  /// The model of a class by its canonical name; null if there is none.
  const TypeModel *findType(llvm::StringRef name) const;

  /// The first fitting overload of a function. `names` are tried in order: for a method, the
  /// qualified name in the class of the object expression, then in each base up to the class that
  /// declares it. A trailing `std::source_location` parameter is left out of `parameters`.
  const CallModel *findCall(llvm::ArrayRef<std::string> names,
                            llvm::ArrayRef<Parameter> parameters) const;

  /// Whether `findCall` may find one of these names.
  bool hasCall(llvm::ArrayRef<std::string> names) const;

  /// The calls that have a step with `effect`, ordered by name.
  std::vector<const CallModel *> callsWith(Effect effect) const;

  /// The types with `role`, ordered by name.
  std::vector<const TypeModel *> typesWith(Role role) const;

  /// What is declared of a queue class by its canonical name; null if nothing is.
  const QueueDeclaration *findQueue(llvm::StringRef name) const;

  /// All declared queue classes, ordered by name.
  std::vector<const QueueDeclaration *> declaredQueues() const;

  /// Whether a qualified name lies in a library that models cut off: declared as `namespaces` or
  /// modelled itself, and not among what `follows` names. Bodies of such functions are never
  /// entered.
  bool isModelled(llvm::StringRef qualifiedName) const;

private:
  const CallModel *findOverload(llvm::StringRef name, llvm::ArrayRef<Parameter> parameters) const;

  llvm::StringMap<TypeModel> types;
  llvm::StringMap<std::deque<CallModel>> calls;
  std::map<std::string, std::shared_ptr<const QueueDeclaration>, std::less<>> queues;
  std::vector<std::string> namespaces; ///< "sluice", "std"
  std::vector<std::string> followed;   ///< in them: "photon::Timer"
};

} // namespace sluice::checker::models
