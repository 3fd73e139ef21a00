// Reads a skeleton from its text form: words, functions and classes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Reader.h"

#include "skeleton/Text.h"

namespace sluice::checker::skeleton {

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
  std::string text = token.string.str();
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

uint32_t Reader::text() {
  std::string text = string();
  auto [entry, isNew] = textIds.try_emplace(text, uint32_t(program.texts.size()));
  if (isNew)
    program.texts.push_back(text);
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

void Reader::blocks(Function &function) {
  while (!failed() && !accept('}')) {
    size_t label = 0;
    const bool isLabel = token.kind == Token::Kind::Word && token.text.starts_with("b") &&
                         !token.text.drop_front().getAsInteger(10, label) &&
                         label == function.blocks.size();
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
  for (bool more = true; more;) {
    more = false;
    for (auto [word, flag] : {std::pair("internal", &function.internal),
                              {"entry", &function.entry},
                              {"hidden", &function.hidden},
                              {"exclusive", &function.exclusive},
                              {"daemon", &function.daemon}})
      if (accept(word))
        *flag = more = true;
  }
  parameters(function);
  function.at = span();
  if (accept('{')) {
    if (wanted && !wanted->count(FunctionId(program.functions.size()))) {
      lexer.skipToLine('}');
      advance();
    }
    endLine();
    blocks(function);
  }
  endLine();
  program.functions.push_back(std::move(function));
}

Interface Reader::interface() {
  Interface interface;
  interface.visible = accept("visible");
  expect('{');
  while (accept("constructor"))
    interface.constructors.push_back(number());
  while (accept("method"))
    interface.methods.push_back(number());
  expect("destructor");
  interface.destructor = number();
  expect('}');
  return interface;
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
  if (accept("interface"))
    klass.interface = interface();
  while (accept("method"))
    klass.methods.push_back(number());
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

llvm::Expected<Program> readText(llvm::StringRef text, llvm::StringRef name,
                                 const std::set<FunctionId> *wanted) {
  return Reader(text, name, wanted).read();
}

} // namespace sluice::checker::skeleton
