// Cuts the text form of a skeleton into tokens.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Lexer.h"

#include "llvm/ADT/StringExtras.h"

namespace sluice::checker::skeleton {
namespace {

bool isWordByte(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

llvm::StringRef Lexer::take(size_t length) {
  llvm::StringRef taken = rest.take_front(length);
  rest = rest.drop_front(length);
  column += unsigned(length);
  return taken;
}

void Lexer::skipBlanks() {
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r'))
    take(1);
  if (rest.starts_with("#"))
    take(std::min(rest.find('\n'), rest.size()));
}

Token Lexer::lexNewline(Token token) {
  token.kind = Token::Kind::Newline;
  while (rest.starts_with("\n")) {
    take(1);
    ++line;
    column = 1;
    skipBlanks();
  }
  return token;
}

Token Lexer::lexString(Token token) {
  token.kind = Token::Kind::Error;
  bool escapes = false;
  size_t length = 1;
  for (; length < rest.size() && rest[length] != '"' && rest[length] != '\n'; ++length)
    if (rest[length] == '\\' && length + 1 < rest.size()) {
      escapes = true;
      ++length;
    }
  token.string = rest.slice(1, length);
  if (length < rest.size() && rest[length] == '"') {
    token.kind = Token::Kind::String;
    ++length;
  }
  token.text = take(length);
  if (escapes)
    token.string = resolve(token.string);
  return token;
}

llvm::StringRef Lexer::resolve(llvm::StringRef text) {
  resolved.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      c = text[++i];
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
    resolved += c;
  }
  return resolved;
}

Token Lexer::lexNumber(Token token) {
  size_t length = rest[0] == '-' ? 1 : 0;
  while (length < rest.size() && llvm::isDigit(rest[length]))
    ++length;
  token.text = take(length);
  token.kind = token.text.getAsInteger(10, token.value) ? Token::Kind::Error : Token::Kind::Integer;
  return token;
}

void Lexer::skipToLine(char c) {
  if (rest.starts_with(llvm::StringRef(&c, 1)))
    return;
  const char begin[] = {'\n', c};
  llvm::StringRef passed = rest.take_front(rest.find(llvm::StringRef(begin, 2)));
  line += unsigned(passed.count('\n'));
  rest = rest.drop_front(passed.size());
}

Token Lexer::next() {
  skipBlanks();
  Token token;
  token.line = line;
  token.column = column;
  if (rest.empty())
    return token;
  char c = rest[0];
  if (c == '\n')
    return lexNewline(token);
  if (c == '"')
    return lexString(token);
  bool negative = c == '-' && rest.size() > 1 && llvm::isDigit(rest[1]);
  if (llvm::isDigit(c) || negative)
    return lexNumber(token);
  bool isRegister = c == '%';
  size_t length = isRegister ? 1 : 0;
  while (length < rest.size() && isWordByte(rest[length]))
    ++length;
  if (length > (isRegister ? 1u : 0u)) {
    token.kind = isRegister ? Token::Kind::Register : Token::Kind::Word;
    token.text = take(length).drop_front(isRegister ? 1 : 0);
    return token;
  }
  token.kind = Token::Kind::Punctuation;
  token.text = take(1);
  return token;
}

} // namespace sluice::checker::skeleton
