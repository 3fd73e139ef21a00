// Reads the values of a YAML text, and keeps what is wrong with them, each at its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "models/StepText.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sluice::checker::models {

namespace yaml = llvm::yaml;

/// A key of a mapping: whether it must be there, and what reads its value.
struct Key {
  llvm::StringRef name;
  bool required;
  std::function<void(yaml::Node &)> read;
};

/// A scalar's text and where it starts.
struct Text {
  std::string value;
  llvm::SMLoc start;
};

/// What is wrong, and where.
struct Mistake {
  unsigned line;
  unsigned column;
  std::string message;
};

/// Walks a text's nodes. What does not fit is told and left out.
class YamlReader {
public:
  explicit YamlReader(llvm::MemoryBufferRef text);

protected:
  void readMapping(yaml::Node &node, llvm::StringRef what, llvm::ArrayRef<Key> keys);
  void eachItem(yaml::Node &node, llvm::StringRef what,
                llvm::function_ref<void(yaml::Node &)> read);
  std::optional<Text> scalar(yaml::Node &node, llvm::StringRef what);
  /// One word, or a list of them.
  void texts(yaml::Node &node, llvm::StringRef what, std::vector<Text> &into);
  template <typename Integer> void number(yaml::Node &node, llvm::StringRef what, Integer &into);
  void flag(yaml::Node &node, llvm::StringRef what, bool &into);
  /// The value of a small text, or null after telling what is wrong with it.
  template <typename Value>
  const Value *accept(const std::variant<Value, TextError> &result, const Text &text);

  llvm::Error allMistakes();
  void complain(llvm::SMLoc where, const llvm::Twine &message);
  unsigned lineOf(llvm::SMLoc where) {
    return sources.FindBufferContainingLoc(where) ? sources.getLineAndColumn(where).first : 1;
  }
  /// "file:line:column"
  std::string placeOf(llvm::SMLoc where) const;

  llvm::SourceMgr sources;
  yaml::Stream stream;
  std::string fileName;
  std::vector<Mistake> errors;

private:
  void readKey(yaml::KeyValueNode &pair, llvm::StringRef what, llvm::ArrayRef<Key> keys,
               llvm::StringSet<> &seen);
  static void keepSyntaxError(const llvm::SMDiagnostic &diagnostic, void *reader);

  llvm::SMLoc lastKey; ///< of the key whose value is being read
};

template <typename Integer>
void YamlReader::number(yaml::Node &node, llvm::StringRef what, Integer &into) {
  std::optional<Text> text = scalar(node, what);
  if (text && llvm::StringRef(text->value).getAsInteger(10, into))
    complain(text->start, what + " is '" + text->value + "'; allowed: a number");
}

template <typename Value>
const Value *YamlReader::accept(const std::variant<Value, TextError> &result, const Text &text) {
  if (auto *error = std::get_if<TextError>(&result))
    complain(llvm::SMLoc::getFromPointer(text.start.getPointer() + error->offset), error->message);
  return std::get_if<Value>(&result);
}

} // namespace sluice::checker::models
