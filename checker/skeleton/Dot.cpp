// Draws a skeleton as a graph for Graphviz: one box a function, one node a block.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Text.h"

namespace sluice::checker::skeleton {
namespace {

class Drawer {
public:
  Drawer(const Program &program, llvm::raw_ostream &out) : program(program), out(out) {}
  void draw();

private:
  void quote(llvm::StringRef text);
  void node(FunctionId function, BlockId block) { out << 'f' << function << 'b' << block; }
  void edge(FunctionId function, BlockId from, BlockId to, llvm::StringRef attributes);
  void draw(FunctionId id);
  void label(FunctionId id, BlockId block);
  void ways(FunctionId id, BlockId block);
  void end(FunctionId id, BlockId block, const Instruction &last);
  void callees(FunctionId id, BlockId block, const Instruction &instruction);

  const Program &program;
  llvm::raw_ostream &out;
};

void Drawer::quote(llvm::StringRef text) {
  for (char c : text) {
    if (c == '"' || c == '\\')
      out << '\\';
    out << (c == '\n' ? ' ' : c);
  }
}

void Drawer::edge(FunctionId function, BlockId from, BlockId to, llvm::StringRef attributes) {
  out << "    ";
  node(function, from);
  out << " -> ";
  node(function, to);
  if (!attributes.empty())
    out << " [" << attributes << ']';
  out << '\n';
}

void Drawer::label(FunctionId id, BlockId block) {
  out << "    ";
  node(id, block);
  out << " [label=\"b" << block << ":\\l";
  const Function &function = program.functions[id];
  for (const Instruction &instruction : function.blocks[block].code) {
    std::string line;
    llvm::raw_string_ostream text(line);
    printInstruction(program, function, instruction, text);
    quote(line);
    out << "\\l";
  }
  out << "\"]\n";
}

void Drawer::end(FunctionId id, BlockId block, const Instruction &last) {
  if (last.op == Opcode::Branch) {
    edge(id, block, last.targets[0], "label=\"yes\"");
    edge(id, block, last.targets[1], "label=\"no\"");
    return;
  }
  for (const SwitchCase &each : last.cases)
    edge(id, block, each.target, "label=\"" + std::to_string(each.value) + "\"");
  for (BlockId target : last.targets)
    edge(id, block, target, last.op == Opcode::Switch ? "label=\"default\"" : "");
}

void Drawer::callees(FunctionId id, BlockId block, const Instruction &instruction) {
  auto leadsTo = [&](FunctionId callee, llvm::StringRef style) {
    if (program.functions[callee].blocks.empty())
      return;
    out << "    ";
    node(id, block);
    out << " -> ";
    node(callee, 0);
    out << " [style=" << style << "]\n";
  };
  if (instruction.op == Opcode::Call)
    leadsTo(instruction.callee, "dotted");
  // Who may call or start a closure is known only when it is explored; who makes it is known.
  if (instruction.op == Opcode::New)
    for (const auto &[slot, target] : program.classes[instruction.callee].slots)
      leadsTo(target, "dotted");
  for (const Operand &operand : instruction.args)
    if (operand.kind == Operand::Kind::Function)
      leadsTo(operand.index, "dotted");
}

void Drawer::ways(FunctionId id, BlockId block) {
  const std::vector<Instruction> &code = program.functions[id].blocks[block].code;
  for (const Instruction &instruction : code) {
    if (instruction.unwind)
      edge(id, block, *instruction.unwind, "style=dashed, label=\"throws\"");
    callees(id, block, instruction);
  }
  end(id, block, code.back());
}

void Drawer::draw(FunctionId id) {
  const Function &function = program.functions[id];
  if (function.blocks.empty())
    return;
  out << "  subgraph cluster_" << id << " {\n    label=\"";
  quote(function.display);
  out << "\"\n";
  for (BlockId block = 0; block != function.blocks.size(); ++block)
    label(id, block);
  out << "  }\n";
}

void Drawer::draw() {
  out << "digraph \"";
  quote(program.files.empty() ? "skeleton" : program.files.front());
  out << "\" {\n  node [shape=box, fontname=monospace]\n";
  for (FunctionId id = 0; id != program.functions.size(); ++id)
    draw(id);
  for (FunctionId id = 0; id != program.functions.size(); ++id)
    for (BlockId block = 0; block != program.functions[id].blocks.size(); ++block)
      ways(id, block);
  out << "}\n";
}

} // namespace

void printDot(const Program &program, llvm::raw_ostream &out) { Drawer(program, out).draw(); }

} // namespace sluice::checker::skeleton
