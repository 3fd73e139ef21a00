// Reads a skeleton from its text form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Lexer.h"
#include "skeleton/Syntax.h"
#include "skeleton/Text.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"

namespace sluice::checker::skeleton {
namespace {

/// Reads by recursive descent. After the first error every step does nothing and the error stands.
class Reader {
public:
  Reader(llvm::StringRef text, llvm::StringRef name) : lexer(text), name(name) { advance(); }
  llvm::Expected<Program> read();

private:
  void advance() { token = lexer.next(); }
  bool failed() const { return !error.empty(); }
  void fail(const llvm::Twine &expected);
  bool accept(char c);
  bool accept(llvm::StringRef word);
  void expect(char c);
  void expect(llvm::StringRef word);
  void endLine();
  uint32_t number();
  std::string string();
  FieldId field();
  BlockId block();
  Span span();

  Register registerNamed(llvm::StringRef word);
  std::optional<Register> result();
  Operand operand();
  void operands(llvm::SmallVectorImpl<Operand> &list, char end);
  bool startsOperand() const;

  void topLevel();
  void file();
  void klass();
  void function();
  void parameters(Function &function);
  void blocks(Function &function);
  Instruction instruction();
  const OpcodeSyntax *opcode();
  void part(char letter, Instruction &instruction);
  void primitive(Instruction &instruction);
  void arms(Instruction &instruction);
  SelectArm arm();
  void cases(Instruction &instruction);
  void suffix(Instruction &instruction);
  bool flag(Instruction &instruction);

  Lexer lexer;
  Token token;
  std::string name;
  std::string error;
  Program program;
  llvm::StringMap<FieldId> fieldIds;
  llvm::StringMap<Register> registerIds;
  Function *current = nullptr;
};

void Reader::fail(const llvm::Twine &expected) {
  if (failed())
    return;
  std::string found = token.kind == Token::Kind::End       ? "the end"
                      : token.kind == Token::Kind::Newline ? "the end of the line"
                                                           : "'" + token.text.str() + "'";
  error = (llvm::Twine(name) + ":" + llvm::Twine(token.line) + ":" + llvm::Twine(token.column) +
           ": expected " + expected + ", found " + found)
              .str();
}

bool Reader::accept(char c) {
  if (failed() || !token.is(c))
    return false;
  advance();
  return true;
}

bool Reader::accept(llvm::StringRef word) {
  if (failed() || !token.is(word))
    return false;
  advance();
  return true;
}

void Reader::expect(char c) {
  if (!accept(c))
    fail("'" + llvm::Twine(c) + "'");
}

void Reader::expect(llvm::StringRef word) {
  if (!accept(word))
    fail("'" + word + "'");
}

void Reader::endLine() {
  if (token.kind == Token::Kind::Newline)
    advance();
  else if (token.kind != Token::Kind::End)
    fail("the end of the line");
}

uint32_t Reader::number() {
  if (token.kind != Token::Kind::Integer || token.value < 0 || token.value > UINT32_MAX) {
    fail("a number");
    return 0;
  }
  uint32_t value = uint32_t(token.value);
  advance();
  return value;
}

std::string Reader::string() {
  if (token.kind != Token::Kind::String) {
    fail("a string");
    return {};
  }
  std::string text = token.string;
  advance();
  return text;
}

FieldId Reader::field() {
  std::string text = string();
  auto [entry, isNew] = fieldIds.try_emplace(text, FieldId(program.fields.size()));
  if (isNew)
    program.fields.push_back(text);
  return entry->second;
}

BlockId Reader::block() {
  BlockId id = 0;
  if (token.kind != Token::Kind::Word || !token.text.starts_with("b") ||
      token.text.drop_front().getAsInteger(10, id)) {
    fail("a block");
    return 0;
  }
  advance();
  return id;
}

/// `at file:line:column[-line:column]`; the minus and the line after it are one integer token.
Span Reader::span() {
  Span at;
  if (!accept("at"))
    return at;
  at.file = number();
  expect(':');
  at.line = number();
  expect(':');
  at.column = number();
  if (token.kind == Token::Kind::Integer && token.value < 0) {
    at.endLine = uint32_t(-token.value);
    advance();
    expect(':');
    at.endColumn = number();
  }
  return at;
}

Register Reader::registerNamed(llvm::StringRef word) {
  auto [entry, isNew] = registerIds.try_emplace(word, Register(current->registers.size()));
  if (isNew)
    current->registers.push_back(word == std::to_string(entry->second) ? "" : word.str());
  return entry->second;
}

std::optional<Register> Reader::result() {
  if (accept("_"))
    return std::nullopt;
  if (token.kind != Token::Kind::Register) {
    fail("a register or '_'");
    return std::nullopt;
  }
  Register r = registerNamed(token.text);
  advance();
  return r;
}

bool Reader::startsOperand() const {
  if (token.kind == Token::Kind::Register || token.kind == Token::Kind::Integer)
    return true;
  for (const char *word : {"null", "unit", "free", "opaque", "globals", "f"})
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
  for (const OpcodeSyntax &syntax : allOpcodes())
    if (token.is(syntax.word)) {
      advance();
      bool place = token.is('*') && (syntax.op == Opcode::Load || syntax.op == Opcode::Store);
      if (!place)
        return &syntax;
      return &syntaxOf(syntax.op == Opcode::Load ? Opcode::LoadPlace : Opcode::StorePlace);
    }
  fail("an instruction");
  return nullptr;
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
  } else if (accept("send")) {
    arm.kind = SelectArm::Kind::Send;
    arm.channel = operand();
    expect(',');
    arm.value = operand();
  } else {
    if (!token.is("recv")) {
      arm.result = result();
      if (accept(','))
        arm.ok = result();
      expect('=');
    }
    expect("recv");
    arm.channel = operand();
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
  while (!failed()) {
    if (flag(instruction))
      continue;
    if (accept("name"))
      instruction.name = string();
    else if (accept("type"))
      instruction.type = string();
    else if (accept("unwind"))
      instruction.unwind = block();
    else if (token.is("at"))
      instruction.at = span();
    else
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

void Reader::blocks(Function &function) {
  while (!failed() && !accept('}')) {
    bool isLabel = token.kind == Token::Kind::Word &&
                   token.text == "b" + std::to_string(function.blocks.size());
    if (isLabel) {
      advance();
      expect(':');
      function.blocks.emplace_back();
      if (token.kind == Token::Kind::Newline)
        advance();
    } else if (function.blocks.empty()) {
      fail("'b0:'");
    } else {
      function.blocks.back().code.push_back(instruction());
    }
  }
}

void Reader::parameters(Function &function) {
  expect('(');
  if (accept(')'))
    return;
  do {
    if (!result())
      fail("a parameter's register");
    std::string role;
    if (accept(':')) {
      role = token.text.str();
      advance();
    }
    function.parameterRoles.push_back(role);
    ++function.parameters;
  } while (accept(','));
  expect(')');
}

void Reader::function() {
  if (number() != program.functions.size())
    fail("function number " + llvm::Twine(program.functions.size()));
  Function function;
  current = &function;
  registerIds.clear();
  function.key = string();
  function.display = string();
  while (token.is("internal") || token.is("entry")) {
    (token.is("internal") ? function.internal : function.entry) = true;
    advance();
  }
  parameters(function);
  function.at = span();
  if (accept('{')) {
    endLine();
    blocks(function);
  }
  endLine();
  program.functions.push_back(std::move(function));
}

void Reader::klass() {
  if (number() != program.classes.size())
    fail("class number " + llvm::Twine(program.classes.size()));
  Class klass;
  klass.key = string();
  klass.display = string();
  klass.closedWorld = accept("closed");
  expect('{');
  while (token.kind == Token::Kind::String) {
    FieldId slot = field();
    expect('=');
    klass.slots[slot] = number();
  }
  expect('}');
  klass.at = span();
  endLine();
  program.classes.push_back(std::move(klass));
}

void Reader::file() {
  if (number() != program.files.size())
    fail("file number " + llvm::Twine(program.files.size()));
  program.files.push_back(string());
  endLine();
}

void Reader::topLevel() {
  if (accept("file"))
    return file();
  if (accept("class"))
    return klass();
  if (accept("func"))
    return function();
  if (accept("init")) {
    expect("f");
    program.globalInit = number();
    return endLine();
  }
  fail("'file', 'class', 'func' or 'init'");
}

llvm::Expected<Program> Reader::read() {
  if (token.kind == Token::Kind::Newline)
    advance();
  expect("skeleton");
  if (number() != 1)
    fail("version 1");
  endLine();
  while (!failed() && token.kind != Token::Kind::End)
    topLevel();
  if (failed())
    return llvm::createStringError(llvm::inconvertibleErrorCode(), error);
  return std::move(program);
}

} // namespace

llvm::Expected<Program> readText(llvm::StringRef text, llvm::StringRef name) {
  return Reader(text, name).read();
}

} // namespace sluice::checker::skeleton
