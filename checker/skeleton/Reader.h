// The reader of a skeleton's text form, by recursive descent.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Lexer.h"
#include "skeleton/Syntax.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <set>

namespace sluice::checker::skeleton {

/// Reads one program. After the first error every step does nothing and the error stands.
class Reader {
public:
  /// `wanted`: null if the code of all functions is.
  Reader(llvm::StringRef text, llvm::StringRef name, const std::set<FunctionId> *wanted)
      : lexer(text), name(name), wanted(wanted) {
    advance();
  }
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
  uint32_t text();
  BlockId block();
  Span span();

  Register registerNamed(llvm::StringRef word);
  std::optional<Register> result();
  Operand operand();
  void operands(llvm::SmallVectorImpl<Operand> &list, char end);
  bool startsOperand() const;

  void topLevel();
  void file();
  Interface interface();
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
  const std::set<FunctionId> *wanted;
  std::string error;
  Program program;
  llvm::StringMap<FieldId> fieldIds;
  llvm::StringMap<uint32_t> textIds;
  llvm::StringMap<Register> registerIds;
  Function *current = nullptr;
};

} // namespace sluice::checker::skeleton
