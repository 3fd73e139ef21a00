// Judges classes as scopes of their own, where not all that is done with them is in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/client/ClassScopes.h"

#include "analysis/slice/Slicer.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// What one class makes and starts, in the functions that may run when it is used.
struct Contents {
  std::vector<InstructionRef> made;
  bool starts = false;
  bool orders = false; ///< has what two clients could take in opposite orders
};

Contents contentsOf(const Program &program, const Interface &interface) {
  Contents contents;
  unsigned locks = 0;
  for (FunctionId f : reachedFrom(program, interface))
    for (BlockId b = 0; b != program.functions[f].blocks.size(); ++b)
      for (uint32_t i = 0; i != program.functions[f].blocks[b].code.size(); ++i) {
        const Instruction &instruction = program.functions[f].blocks[b].code[i];
        contents.starts |= instruction.op == Opcode::Spawn;
        if (instruction.op != Opcode::Make)
          continue;
        contents.made.push_back({f, b, i});
        locks += instruction.primitive == PrimitiveKind::Mutex         ? 1
                 : instruction.primitive == PrimitiveKind::SharedMutex ? 2
                                                                       : 0;
      }
  contents.orders = locks > 1;
  return contents;
}

std::vector<bool> findConstructed(const Program &program) {
  std::vector<bool> constructed(program.classes.size());
  for (const Function &function : program.functions)
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code)
        if (instruction.op == Opcode::New)
          constructed[instruction.callee] = true;
  return constructed;
}

/// A client does not fill containers, or start tasks, beyond what the numbers that the class knows
/// could tell apart.
Limits limitsOf(const Facts &facts, const Client &client) {
  constexpr int32_t exactBeyondConstants = 8;
  Limits limits;
  size_t most = size_t(std::max(3, facts.limit() - exactBeyondConstants + 2));
  limits.client = client;
  limits.elements = std::min(limits.elements, most);
  limits.entries = std::min(limits.entries, most);
  limits.tasks = std::min(limits.tasks, most + 3);
  return limits;
}

class ClassJudge {
public:
  ClassJudge(const Program &program, const Program &sliced, const Options &options, AddJudge add)
      : program(program), sliced(sliced), options(options), add(add) {}
  void judge(ClassId id, const Contents &contents) const;

private:
  std::set<FunctionId> explore(const Program &used, const Client &client, Clients clients) const;
  void moveToClass(Verdict &verdict, const Client &client) const;

  const Program &program;
  const Program &sliced;
  const Options &options; ///< changes, as what is left for the unit does
  AddJudge add;
};

void ClassJudge::judge(ClassId id, const Contents &contents) const {
  Client client;
  std::vector<FunctionId> methods = distinctMethods(sliced, *program.classes[id].interface);
  Program one = withClient(program, id, methods, client);
  std::set<FunctionId> waits = explore(*slice(one).program, client, Clients::One);
  if (contents.orders) {
    Program two = withTwoClients(program, id, methods, client);
    explore(*slice(two).program, client, Clients::Two);
  }
  if (!waits.empty()) {
    std::vector<FunctionId> helped(waits.begin(), waits.end());
    Program both = withHelper(program, id, helped, methods, client);
    explore(*slice(both).program, client, Clients::Helped);
  }
}

/// Gives the methods that wait for the calls of others with a lock in hand.
std::set<FunctionId> ClassJudge::explore(const Program &used, const Client &client,
                                         Clients clients) const {
  Facts facts(used);
  Options mine = options;
  mine.statesPerScope = std::min(options.statesPerScope, options.statesPerClass);
  Judge judge(facts, ClassScope{limitsOf(facts, client), clients});
  judge.explore(mine);
  judge.conclude();
  auto isOfClient = [&](const Verdict &verdict) {
    return verdict.site.function >= program.functions.size();
  };
  std::erase_if(judge.verdicts, isOfClient);
  for (Verdict &verdict : judge.verdicts)
    moveToClass(verdict, client);
  add(facts, judge, program.classes[client.of].interface->destructor);
  return judge.waitsUnderLock();
}

/// A client has no place in the source: what it does stands at the class.
void ClassJudge::moveToClass(Verdict &verdict, const Client &client) const {
  const Interface &interface = *program.classes[client.of].interface;
  verdict.scope = interface.destructor;
  verdict.ofClass = true;
  for (Step &step : verdict.witness)
    if (step.function >= program.functions.size()) {
      step.function = interface.destructor;
      if (!step.at.valid())
        step.at = program.classes[client.of].at;
    }
}

} // namespace

/// What nobody constructs first: others may be part of it.
void judgeClasses(const Program &program, const Program &sliced, const Options &options,
                  llvm::function_ref<bool(const InstructionRef &)> isJudged, AddJudge add) {
  bool complete = llvm::any_of(program.functions, [](const Function &f) { return f.entry; });
  std::vector<bool> constructed = findConstructed(program);
  ClassJudge judge(program, sliced, options, add);
  for (bool second : {false, true})
    for (ClassId id = 0; id != program.classes.size(); ++id) {
      const auto &interface = program.classes[id].interface;
      if (!interface || constructed[id] != second || (second && (complete || !interface->visible)))
        continue;
      Contents contents = contentsOf(program, *interface);
      bool matters = second ? !llvm::all_of(contents.made, isJudged)
                            : contents.starts || !contents.made.empty();
      if (matters)
        judge.judge(id, contents);
    }
}

} // namespace sluice::checker::analysis
