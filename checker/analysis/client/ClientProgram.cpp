// Writes the code of a client: what anybody may do with a class whose own code is all in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/client/ClientProgram.h"

#include "analysis/client/CodeKey.h"

namespace sluice::checker::analysis {
using namespace skeleton;

std::set<FunctionId> reachedFrom(const Program &program, const Interface &interface) {
  std::vector<FunctionId> work = interface.constructors;
  work.insert(work.end(), interface.methods.begin(), interface.methods.end());
  work.push_back(interface.destructor);
  std::set<FunctionId> reached(work.begin(), work.end());
  auto reach = [&](FunctionId f) {
    if (reached.insert(f).second)
      work.push_back(f);
  };
  while (!work.empty()) {
    const Function &function = program.functions[work.back()];
    work.pop_back();
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code) {
        if (instruction.op == Opcode::Call)
          reach(instruction.callee);
        if (instruction.op == Opcode::New)
          for (const auto &[slot, target] : program.classes[instruction.callee].slots)
            reach(target);
        for (const Operand &operand : instruction.args)
          if (operand.kind == Operand::Kind::Function)
            reach(operand.index);
      }
  }
  return reached;
}

namespace {

Program onlyReached(const Program &program, ClassId of) {
  std::set<FunctionId> reached = reachedFrom(program, *program.classes[of].interface);
  for (const auto &[slot, target] : program.classes[of].slots)
    for (FunctionId each : reachedFrom(program, {false, {}, {target}, target}))
      reached.insert(each);
  Program small;
  small.files = program.files;
  small.fields = program.fields;
  small.texts = program.texts;
  small.classes = program.classes;
  small.functions.resize(program.functions.size());
  for (FunctionId f = 0; f != program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    Function &copy = small.functions[f];
    if (reached.count(f)) {
      copy = function;
      copy.entry = false;
      continue;
    }
    copy.key = function.key;
    copy.display = function.display;
    copy.parameters = function.parameters;
    copy.registers.assign(function.registers.begin(),
                          function.registers.begin() + ptrdiff_t(function.parameters));
    copy.at = function.at;
  }
  return small;
}

/// Writes functions block by block.
class ClientWriter {
public:
  ClientWriter(Program &program, ClassId of, llvm::ArrayRef<FunctionId> methods)
      : program(program), of(program.classes[of]), number(of),
        interface(*program.classes[of].interface), methods(methods) {}

  Client writeClient();
  Client writeTwo();
  Client writeHelped(llvm::ArrayRef<FunctionId> helping);

private:
  FunctionId begin(const std::string &display, unsigned parameters);
  void finish(FunctionId id) { program.functions[id] = std::move(out); }
  Register newRegister() {
    out.registers.emplace_back();
    return Register(out.registers.size() - 1);
  }
  BlockId newBlock() {
    out.blocks.emplace_back();
    return BlockId(out.blocks.size() - 1);
  }
  Instruction &add(BlockId block, Opcode op, llvm::ArrayRef<Operand> args = {});
  void jump(BlockId from, BlockId to) { add(from, Opcode::Jump).targets = {to}; }
  void callOn(BlockId block, Register object, FunctionId callee, std::optional<BlockId> unwind);
  void chooseOf(BlockId from, llvm::ArrayRef<BlockId> targets);
  Register makeObject();
  void callAny(BlockId from, BlockId to, Register object, std::vector<BlockId> others);
  void destroy(BlockId block, Register object);
  Register startOther(Client &client);
  FunctionId writeOther();
  FunctionId writeHelper();

  Program &program;
  const Class &of;
  const ClassId number;
  const Interface &interface;
  llvm::ArrayRef<FunctionId> methods;
  Function out;
};

FunctionId ClientWriter::begin(const std::string &display, unsigned parameters) {
  out = Function();
  out.key = "client " + of.key + std::to_string(program.functions.size());
  out.display = display;
  out.internal = true;
  out.parameters = parameters;
  out.registers.resize(parameters);
  program.functions.emplace_back();
  return FunctionId(program.functions.size() - 1);
}

Instruction &ClientWriter::add(BlockId block, Opcode op, llvm::ArrayRef<Operand> args) {
  Instruction &made = out.blocks[block].code.emplace_back();
  made.op = op;
  made.args.append(args.begin(), args.end());
  return made;
}

/// What a method gives back is in the client's hands from then on.
void ClientWriter::callOn(BlockId block, Register object, FunctionId callee,
                          std::optional<BlockId> unwind) {
  Register result = newRegister();
  Instruction &call = add(block, Opcode::Call, {Operand::reg(object)});
  call.args.append(program.functions[callee].parameters - 1, Operand::free());
  call.callee = callee;
  call.results = {result};
  call.unwind = unwind;
  call.at = program.functions[callee].at;
  add(block, Opcode::Escape, {Operand::reg(result)});
}

/// By branches, since the numbers of a switch would count as numbers that the class knows.
void ClientWriter::chooseOf(BlockId from, llvm::ArrayRef<BlockId> targets) {
  for (size_t i = 0; i + 1 < targets.size(); ++i) {
    BlockId next = newBlock();
    add(from, Opcode::Branch, {Operand::free()}).targets = {targets[i], next};
    from = next;
  }
  jump(from, targets.back());
}

/// Block 0 and those up to the block that it leaves open, the last.
Register ClientWriter::makeObject() {
  BlockId first = newBlock();
  Register object = newRegister();
  Instruction &made = add(first, Opcode::New);
  made.callee = number;
  made.results = {object};
  made.at = of.at;
  BlockId failed = newBlock();
  std::vector<BlockId> ways;
  for (FunctionId constructor : interface.constructors) {
    ways.push_back(newBlock());
    callOn(ways.back(), object, constructor, failed);
  }
  chooseOf(first, ways);
  add(failed, Opcode::Return);
  BlockId next = newBlock();
  for (BlockId way : ways)
    jump(way, next);
  return object;
}

/// A call that throws is over as well.
void ClientWriter::callAny(BlockId from, BlockId to, Register object, std::vector<BlockId> others) {
  std::vector<BlockId> ways;
  for (FunctionId method : methods) {
    ways.push_back(newBlock());
    callOn(ways.back(), object, method, to);
    jump(ways.back(), to);
  }
  ways.insert(ways.end(), others.begin(), others.end());
  chooseOf(from, ways);
}

void ClientWriter::destroy(BlockId block, Register object) {
  callOn(block, object, interface.destructor, std::nullopt);
  add(block, Opcode::Return);
}

Client ClientWriter::writeClient() {
  Client client;
  client.of = number;
  client.function = begin("the client", 0);
  Register object = client.object = makeObject();
  client.rests = newBlock();
  jump(client.rests - 1, client.rests);
  add(client.rests, Opcode::Yield).flags = Idle;
  BlockId leaves = newBlock();
  callAny(client.rests, client.rests, object, {leaves});
  client.destroys = newBlock();
  jump(leaves, client.destroys);
  destroy(client.destroys, object);
  finish(client.function);
  return client;
}

FunctionId ClientWriter::writeOther() {
  FunctionId id = begin("another client", 1);
  BlockId first = newBlock(), last = newBlock();
  callAny(first, last, 0, {});
  add(last, Opcode::Return);
  finish(id);
  return id;
}

FunctionId ClientWriter::writeHelper() {
  FunctionId id = begin("another client", 1);
  BlockId rests = newBlock(), leaves = newBlock();
  add(rests, Opcode::Yield).flags = Idle;
  callAny(rests, rests, 0, {leaves});
  add(leaves, Opcode::Return);
  finish(id);
  return id;
}

/// Makes the object, starts the other client, and rests.
Register ClientWriter::startOther(Client &client) {
  client.of = number;
  client.function = begin("the client", 0);
  client.object = makeObject();
  Register task = newRegister();
  client.rests = newBlock();
  jump(client.rests - 1, client.rests);
  Instruction &start = add(client.rests, Opcode::Spawn,
                           {Operand::function(*client.other), Operand::reg(client.object)});
  start.results = {task};
  start.at = of.at;
  add(client.rests, Opcode::Yield).flags = Idle;
  return task;
}

Client ClientWriter::writeTwo() {
  Client client;
  client.other = writeOther();
  Register task = startOther(client);
  BlockId joins = newBlock();
  callAny(client.rests, joins, client.object, {});
  add(joins, Opcode::Join, {Operand::reg(task)});
  client.destroys = newBlock();
  jump(joins, client.destroys);
  destroy(client.destroys, client.object);
  finish(client.function);
  return client;
}

Client ClientWriter::writeHelped(llvm::ArrayRef<FunctionId> helping) {
  Client client;
  llvm::ArrayRef<FunctionId> helped = std::exchange(methods, helping);
  client.other = writeHelper();
  methods = helped;
  startOther(client);
  BlockId over = newBlock();
  callAny(client.rests, over, client.object, {});
  client.destroys = newBlock();
  jump(over, client.destroys);
  add(client.destroys, Opcode::Return);
  finish(client.function);
  return client;
}

} // namespace

std::vector<FunctionId> distinctMethods(const Program &sliced, const Interface &interface) {
  std::set<std::string> seen;
  std::vector<FunctionId> distinct;
  for (FunctionId method : interface.methods)
    if (seen.insert(codeKey(sliced.functions[method])).second)
      distinct.push_back(method);
  return distinct;
}

Program withClient(const Program &program, ClassId of, llvm::ArrayRef<FunctionId> methods,
                   Client &client) {
  Program small = onlyReached(program, of);
  client = ClientWriter(small, of, methods).writeClient();
  return small;
}

Program withTwoClients(const Program &program, ClassId of, llvm::ArrayRef<FunctionId> methods,
                       Client &client) {
  Program small = onlyReached(program, of);
  client = ClientWriter(small, of, methods).writeTwo();
  return small;
}

Program withHelper(const Program &program, ClassId of, llvm::ArrayRef<FunctionId> methods,
                   llvm::ArrayRef<FunctionId> helping, Client &client) {
  Program small = onlyReached(program, of);
  client = ClientWriter(small, of, methods).writeHelped(helping);
  return small;
}

} // namespace sluice::checker::analysis
