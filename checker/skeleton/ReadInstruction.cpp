// Reads one instruction of a skeleton's text form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Reader.h"

namespace sluice::checker::skeleton {

bool Reader::startsOperand() const {
  if (token.kind == Token::Kind::Register || token.kind == Token::Kind::Integer)
    return true;
  for (const char *word : {"null", "unit", "free", "opaque", "globals", "f", "text"})
    if (token.is(word))
      return true;
  return false;
}

Operand Reader::operand() {
  if (token.kind == Token::Kind::Register) {
    Register r = registerNamed(token.text);
    advance();
    return Operand::reg(r);
  }
  if (token.kind == Token::Kind::Integer) {
    int64_t value = token.value;
    advance();
    return Operand::integer(value);
  }
  if (accept("null"))
    return Operand::null();
  if (accept("unit"))
    return Operand::unit();
  if (accept("free"))
    return Operand::free();
  if (accept("opaque"))
    return Operand::opaque();
  if (accept("globals"))
    return Operand::globals();
  if (accept("f"))
    return Operand::function(number());
  if (accept("text"))
    return Operand::text(text());
  fail("an operand");
  return Operand::null();
}

void Reader::operands(llvm::SmallVectorImpl<Operand> &list, char end) {
  if (accept(end))
    return;
  do
    list.push_back(operand());
  while (accept(','));
  expect(end);
}

const OpcodeSyntax *Reader::opcode() {
  const OpcodeSyntax *syntax = token.kind == Token::Kind::Word ? findOpcode(token.text) : nullptr;
  if (!syntax) {
    fail("an instruction");
    return nullptr;
  }
  advance();
  if (token.is('*') && syntax->op == Opcode::Load)
    return &syntaxOf(Opcode::LoadPlace);
  if (token.is('*') && syntax->op == Opcode::Store)
    return &syntaxOf(Opcode::StorePlace);
  return syntax;
}

void Reader::primitive(Instruction &instruction) {
  for (const PrimitiveSyntax &syntax : allPrimitives())
    if (accept(syntax.word)) {
      instruction.primitive = syntax.kind;
      while (instruction.args.size() < syntax.most && startsOperand())
        instruction.args.push_back(operand());
      if (instruction.args.size() < syntax.fewest)
        fail("an operand");
      return;
    }
  fail("a primitive");
}

SelectArm Reader::arm() {
  SelectArm arm;
  if (accept("timeout")) {
    arm.kind = SelectArm::Kind::Timeout;
  } else {
    std::vector<std::optional<Register>> results;
    if (!token.is("recv") && !token.is("send")) {
      do
        results.push_back(result());
      while (accept(',') && results.size() < 2);
      expect('=');
    }
    results.resize(2);
    if (accept("send")) {
      arm.kind = SelectArm::Kind::Send;
      arm.ok = results[0];
      arm.channel = operand();
      expect(',');
      arm.value = operand();
    } else {
      expect("recv");
      arm.result = results[0];
      arm.ok = results[1];
      arm.channel = operand();
    }
  }
  arm.at = span();
  return arm;
}

void Reader::arms(Instruction &instruction) {
  expect('{');
  if (accept('}'))
    return;
  do
    instruction.arms.push_back(arm());
  while (accept(';'));
  expect('}');
}

void Reader::cases(Instruction &instruction) {
  instruction.args.push_back(operand());
  expect('{');
  while (token.kind == Token::Kind::Integer && !failed()) {
    SwitchCase each{token.value, 0};
    advance();
    expect(':');
    each.target = block();
    instruction.cases.push_back(each);
  }
  if (accept("default")) {
    expect(':');
    instruction.targets.push_back(block());
  }
  expect('}');
}

void Reader::part(char letter, Instruction &instruction) {
  switch (letter) {
  case 'a':
    instruction.args.push_back(operand());
    return;
  case '?':
    if (startsOperand())
      instruction.args.push_back(operand());
    return;
  case '.':
    if (instruction.op == Opcode::AddressOf && accept('[')) {
      instruction.args.push_back(operand());
      return expect(']');
    }
    expect('.');
    instruction.callee = field();
    return;
  case 'C':
    expect("class");
    instruction.callee = number();
    return;
  case 'F':
    expect("f");
    instruction.callee = number();
    return;
  case '(':
    expect('(');
    return operands(instruction.args, ')');
  case 's':
    instruction.type = string();
    return;
  case 'K':
    return primitive(instruction);
  case 'b':
    instruction.targets.push_back(block());
    return;
  case 'S':
    return arms(instruction);
  case 'W':
    return cases(instruction);
  default:
    return expect(letter);
  }
}

bool Reader::flag(Instruction &instruction) {
  for (const FlagSyntax &syntax : allFlags())
    if (accept(syntax.word)) {
      instruction.flags |= syntax.flag;
      return true;
    }
  return false;
}

void Reader::suffix(Instruction &instruction) {
  while (!failed() && token.kind == Token::Kind::Word) {
    if (token.is("at"))
      instruction.at = span();
    else if (accept("name"))
      instruction.name = string();
    else if (accept("type"))
      instruction.type = string();
    else if (accept("unwind"))
      instruction.unwind = block();
    else if (!flag(instruction))
      return;
  }
}

Instruction Reader::instruction() {
  Instruction instruction{};
  if (token.kind == Token::Kind::Register || token.is("_")) {
    do
      instruction.results.push_back(result());
    while (accept(','));
    expect('=');
  }
  if (const OpcodeSyntax *syntax = opcode()) {
    instruction.op = syntax->op;
    for (const char *letter = syntax->shape; *letter && !failed(); ++letter)
      part(*letter, instruction);
    suffix(instruction);
  }
  endLine();
  return instruction;
}

} // namespace sluice::checker::skeleton
