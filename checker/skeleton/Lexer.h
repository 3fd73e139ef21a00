// Cuts the text form of a skeleton into tokens.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace sluice::checker::skeleton {

struct Token {
  enum class Kind : uint8_t { End, Newline, Word, Integer, String, Register, Punctuation, Error };
  Kind kind = Kind::End;
  llvm::StringRef text;   ///< a register without its `%`
  llvm::StringRef string; ///< String: with its escapes resolved; until the next token is asked for
  int64_t value = 0;      ///< Integer
  unsigned line = 1;
  unsigned column = 1;

  bool is(char c) const { return kind == Kind::Punctuation && text[0] == c; }
  bool is(llvm::StringRef word) const { return kind == Kind::Word && text == word; }
};

/// Gives one token after the other. Several line ends, blank lines and comments are one Newline.
class Lexer {
public:
  explicit Lexer(llvm::StringRef text) : rest(text) {}
  Token next();
  /// Passes over the lines up to one that begins with `c`.
  void skipToLine(char c);

private:
  void skipBlanks();
  Token lexNewline(Token token);
  Token lexString(Token token);
  Token lexNumber(Token token);
  llvm::StringRef resolve(llvm::StringRef text);
  llvm::StringRef take(size_t length);

  llvm::StringRef rest;
  std::string resolved; ///< the last string that has escapes
  unsigned line = 1;
  unsigned column = 1;
};

} // namespace sluice::checker::skeleton
