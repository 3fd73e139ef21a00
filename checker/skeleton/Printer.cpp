// Writes a skeleton as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Syntax.h"
#include "skeleton/Text.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>

namespace sluice::checker::skeleton {
namespace {

std::string wordOf(llvm::StringRef name) {
  std::string word;
  for (char c : name)
    word +=
        llvm::isAlnum(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80 ? c : '_';
  return word;
}

/// One name a register: its own where it has one, made distinct by its number where two share it.
std::vector<std::string> registerNames(const Function &function) {
  llvm::StringSet<> taken;
  std::vector<std::string> names;
  for (size_t i = 0; i != function.registers.size(); ++i) {
    std::string name = wordOf(function.registers[i]);
    if (name.empty())
      name = std::to_string(i);
    if (!taken.insert(name).second)
      taken.insert(name += "$" + std::to_string(i));
    names.push_back(std::move(name));
  }
  return names;
}

class Printer {
public:
  Printer(const Program &program, llvm::raw_ostream &out) : program(program), out(out) {}

  void print();
  void enter(const Function &function) { names = registerNames(function); }
  void print(const Instruction &instruction);

private:
  void quote(llvm::StringRef text);
  void span(const Span &at);
  void field(FieldId id) { quote(id < program.fields.size() ? program.fields[id] : "?"); }
  void reg(std::optional<Register> r);
  void operand(const Operand &operand);
  void operands(llvm::ArrayRef<Operand> list);
  void results(llvm::ArrayRef<std::optional<Register>> list);
  void arm(const SelectArm &arm);
  void cases(const Instruction &instruction);
  void part(char letter, const Instruction &instruction, unsigned &nextArg, unsigned &nextTarget);
  void suffix(const Instruction &instruction);
  void print(ClassId id, const Class &klass);
  void print(const Interface &interface);
  void print(FunctionId id, const Function &function);

  const Program &program;
  llvm::raw_ostream &out;
  std::vector<std::string> names;
};

void Printer::quote(llvm::StringRef text) {
  out << '"';
  const size_t plain = std::min(text.find_first_of("\"\\\n\t"), text.size());
  out << text.take_front(plain);
  for (char c : text.drop_front(plain)) {
    if (c == '"' || c == '\\')
      out << '\\';
    if (c == '\n')
      out << "\\n";
    else if (c == '\t')
      out << "\\t";
    else
      out << c;
  }
  out << '"';
}

void Printer::span(const Span &at) {
  if (!at.valid())
    return;
  out << " at " << at.file << ':' << at.line << ':' << at.column;
  if (at.endLine)
    out << '-' << at.endLine << ':' << at.endColumn;
}

void Printer::reg(std::optional<Register> r) {
  if (!r)
    out << '_';
  else if (*r < names.size())
    out << '%' << names[*r];
  else
    out << '%' << *r;
}

void Printer::operand(const Operand &operand) {
  switch (operand.kind) {
  case Operand::Kind::None:
    out << "none";
    return;
  case Operand::Kind::Register:
    return reg(operand.index);
  case Operand::Kind::Integer:
    out << operand.value;
    return;
  case Operand::Kind::Null:
    out << "null";
    return;
  case Operand::Kind::Unit:
    out << "unit";
    return;
  case Operand::Kind::Free:
    out << "free";
    return;
  case Operand::Kind::Opaque:
    out << "opaque";
    return;
  case Operand::Kind::Function:
    out << "f " << operand.index;
    return;
  case Operand::Kind::Global:
    out << "globals";
    return;
  case Operand::Kind::Text:
    out << "text ";
    quote(program.texts[operand.index]);
    return;
  }
}

void Printer::operands(llvm::ArrayRef<Operand> list) {
  llvm::interleave(list, [&](const Operand &each) { operand(each); }, [&] { out << ", "; });
}

void Printer::results(llvm::ArrayRef<std::optional<Register>> list) {
  if (list.empty())
    return;
  llvm::interleave(list, [&](std::optional<Register> each) { reg(each); }, [&] { out << ", "; });
  out << " = ";
}

void Printer::arm(const SelectArm &arm) {
  if (arm.kind == SelectArm::Kind::Timeout) {
    out << "timeout";
  } else if (arm.kind == SelectArm::Kind::Send) {
    if (arm.ok)
      results({arm.ok});
    out << "send ";
    operands({arm.channel, arm.value});
  } else {
    results({arm.result, arm.ok});
    out << "recv ";
    operand(arm.channel);
  }
  span(arm.at);
}

void Printer::cases(const Instruction &instruction) {
  operand(instruction.args[0]);
  out << " {";
  for (const SwitchCase &each : instruction.cases)
    out << ' ' << each.value << ": b" << each.target;
  if (!instruction.targets.empty())
    out << " default: b" << instruction.targets[0];
  out << " }";
}

void Printer::part(char letter, const Instruction &instruction, unsigned &nextArg,
                   unsigned &nextTarget) {
  llvm::ArrayRef<Operand> args = instruction.args;
  switch (letter) {
  case 'a':
    return operand(nextArg < args.size() ? args[nextArg++] : Operand());
  case '?':
    return operands(args);
  case '.':
    if (instruction.op == Opcode::AddressOf && args.size() == 2) {
      out << '[';
      operand(args[nextArg++]);
      out << ']';
      return;
    }
    out << '.';
    return field(instruction.callee);
  case 'C':
    out << "class " << instruction.callee;
    return;
  case 'F':
    out << "f " << instruction.callee;
    return;
  case '(':
    out << '(';
    operands(args.drop_front(nextArg));
    out << ')';
    return;
  case 's':
    out << ' ';
    return quote(instruction.type);
  case 'K':
    out << syntaxOf(instruction.primitive).word << (args.empty() ? "" : " ");
    return operands(args);
  case 'b':
    out << 'b'
        << (nextTarget < instruction.targets.size() ? instruction.targets[nextTarget++] : ~0u);
    return;
  case 'S':
    out << "{ ";
    llvm::interleave(
        instruction.arms, [&](const SelectArm &each) { arm(each); }, [&] { out << "; "; });
    out << (instruction.arms.empty() ? "}" : " }");
    return;
  case 'W':
    return cases(instruction);
  case ',':
    out << ", ";
    return;
  default:
    out << letter;
  }
}

void Printer::suffix(const Instruction &instruction) {
  for (const FlagSyntax &flag : allFlags())
    if (instruction.flags & flag.flag)
      out << ' ' << flag.word;
  if (!instruction.name.empty()) {
    out << " name ";
    quote(instruction.name);
  }
  if (!instruction.type.empty() && instruction.op != Opcode::CallUnknown) {
    out << " type ";
    quote(instruction.type);
  }
  if (instruction.unwind)
    out << " unwind b" << *instruction.unwind;
  span(instruction.at);
}

void Printer::print(const Instruction &instruction) {
  results(instruction.results);
  const OpcodeSyntax &syntax = syntaxOf(instruction.op);
  out << syntax.word;
  bool bare = !*syntax.shape || (*syntax.shape == '?' && instruction.args.empty());
  if (!bare)
    out << ' ';
  unsigned nextArg = 0, nextTarget = 0;
  for (const char *letter = syntax.shape; *letter; ++letter)
    part(*letter, instruction, nextArg, nextTarget);
  suffix(instruction);
}

void Printer::print(const Interface &interface) {
  out << " interface" << (interface.visible ? " visible" : "") << " {";
  for (FunctionId each : interface.constructors)
    out << " constructor " << each;
  for (FunctionId each : interface.methods)
    out << " method " << each;
  out << " destructor " << interface.destructor << " }";
}

void Printer::print(ClassId id, const Class &klass) {
  out << "class " << id << ' ';
  quote(klass.key);
  out << ' ';
  quote(klass.display);
  if (klass.closedWorld)
    out << " closed";
  out << " {";
  for (const auto &[slot, function] : klass.slots) {
    out << ' ';
    field(slot);
    out << " = " << function;
  }
  out << " }";
  if (klass.interface)
    print(*klass.interface);
  for (FunctionId each : klass.methods)
    out << " method " << each;
  span(klass.at);
  out << '\n';
}

void Printer::print(FunctionId id, const Function &function) {
  enter(function);
  out << "func " << id << ' ';
  quote(function.key);
  out << ' ';
  quote(function.display);
  out << (function.internal ? " internal" : "") << (function.entry ? " entry" : "")
      << (function.hidden ? " hidden" : "") << (function.exclusive ? " exclusive" : "")
      << (function.daemon ? " daemon" : "") << " (";
  for (Register r = 0; r != function.parameters; ++r) {
    out << (r ? ", " : "");
    reg(r);
    if (r < function.parameterRoles.size() && !function.parameterRoles[r].empty())
      out << ": " << function.parameterRoles[r];
  }
  out << ')';
  span(function.at);
  if (function.blocks.empty()) {
    out << '\n';
    return;
  }
  out << " {\n";
  for (size_t i = 0; i != function.blocks.size(); ++i) {
    out << 'b' << i << ":\n";
    for (const Instruction &instruction : function.blocks[i].code) {
      out << "  ";
      print(instruction);
      out << '\n';
    }
  }
  out << "}\n";
}

void Printer::print() {
  out << "skeleton 1\n";
  for (size_t i = 0; i != program.files.size(); ++i) {
    out << "file " << i << ' ';
    quote(program.files[i]);
    out << '\n';
  }
  for (size_t i = 0; i != program.classes.size(); ++i)
    print(ClassId(i), program.classes[i]);
  for (size_t i = 0; i != program.functions.size(); ++i)
    print(FunctionId(i), program.functions[i]);
  if (program.globalInit)
    out << "init f " << *program.globalInit << '\n';
}

} // namespace

void printText(const Program &program, llvm::raw_ostream &out) { Printer(program, out).print(); }

void printInstruction(const Program &program, const Function &function,
                      const Instruction &instruction, llvm::raw_ostream &out) {
  Printer printer(program, out);
  printer.enter(function);
  printer.print(instruction);
}

} // namespace sluice::checker::skeleton
