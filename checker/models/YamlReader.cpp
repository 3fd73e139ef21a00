// Reads the values of a YAML text, and keeps what is wrong with them, each at its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/YamlReader.h"

#include "llvm/ADT/StringExtras.h"

#include <tuple>

namespace sluice::checker::models {

YamlReader::YamlReader(llvm::MemoryBufferRef text)
    : stream(text, sources, /*ShowColors=*/false), fileName(text.getBufferIdentifier()) {
  sources.setDiagHandler(keepSyntaxError, this);
}

void YamlReader::keepSyntaxError(const llvm::SMDiagnostic &diagnostic, void *reader) {
  static_cast<YamlReader *>(reader)->errors.push_back(
      {static_cast<unsigned>(diagnostic.getLineNo()),
       static_cast<unsigned>(diagnostic.getColumnNo()) + 1,
       diagnostic.getMessage().str() + "; allowed: YAML"});
}

std::string YamlReader::placeOf(llvm::SMLoc where) const {
  auto [line, column] = sources.getLineAndColumn(where);
  return fileName + ":" + std::to_string(line) + ":" + std::to_string(column);
}

void YamlReader::complain(llvm::SMLoc where, const llvm::Twine &message) {
  // A value that is missing, or that the YAML reader made up after an error, stands nowhere.
  if (!sources.FindBufferContainingLoc(where))
    where = lastKey;
  auto [line, column] =
      sources.FindBufferContainingLoc(where) ? sources.getLineAndColumn(where) : std::pair(1u, 1u);
  errors.push_back({line, column, message.str()});
}

llvm::Error YamlReader::allMistakes() {
  llvm::sort(errors, [](const Mistake &a, const Mistake &b) {
    return std::tie(a.line, a.column, a.message) < std::tie(b.line, b.column, b.message);
  });
  std::string text;
  for (const Mistake &m : errors)
    text += (text.empty() ? "" : "\n") + fileName + ":" + std::to_string(m.line) + ":" +
            std::to_string(m.column) + ": " + m.message;
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

// Keys and values

void YamlReader::readMapping(yaml::Node &node, llvm::StringRef what, llvm::ArrayRef<Key> keys) {
  llvm::SMLoc start = node.getSourceRange().Start;
  auto *mapping = llvm::dyn_cast<yaml::MappingNode>(&node);
  if (!mapping) {
    complain(start, what + " is not a mapping; allowed: 'key: value' pairs");
    node.skip();
    return;
  }
  llvm::StringSet<> seen;
  for (yaml::KeyValueNode &pair : *mapping)
    readKey(pair, what, keys, seen);
  for (const Key &key : keys)
    if (key.required && !seen.contains(key.name))
      complain(start, what + " without '" + key.name + "', which it must have");
}

void YamlReader::readKey(yaml::KeyValueNode &pair, llvm::StringRef what, llvm::ArrayRef<Key> keys,
                         llvm::StringSet<> &seen) {
  yaml::Node *keyNode = pair.getKey();
  std::optional<Text> name = keyNode ? scalar(*keyNode, "a key") : std::nullopt;
  yaml::Node *value = pair.getValue();
  if (!name || !value)
    return;
  const Key *key = llvm::find_if(keys, [&](const Key &k) { return k.name == name->value; });
  if (key == keys.end()) {
    std::vector<std::string> allowed;
    for (const Key &k : keys)
      allowed.push_back(k.name.str());
    complain(name->start, "unknown key '" + llvm::Twine(name->value) + "' in " + what +
                              "; allowed: " + llvm::join(allowed, ", "));
    value->skip();
  } else if (!seen.insert(key->name).second) {
    complain(name->start,
             "key '" + llvm::Twine(name->value) + "' twice in " + what + "; allowed: once");
    value->skip();
  } else {
    lastKey = name->start;
    key->read(*value);
  }
}

void YamlReader::eachItem(yaml::Node &node, llvm::StringRef what,
                          llvm::function_ref<void(yaml::Node &)> read) {
  auto *sequence = llvm::dyn_cast<yaml::SequenceNode>(&node);
  if (!sequence) {
    complain(node.getSourceRange().Start, what + " is not a list; allowed: a list");
    node.skip();
    return;
  }
  for (yaml::Node &item : *sequence)
    read(item);
}

std::optional<Text> YamlReader::scalar(yaml::Node &node, llvm::StringRef what) {
  auto *leaf = llvm::dyn_cast<yaml::ScalarNode>(&node);
  llvm::SMLoc start = node.getSourceRange().Start;
  if (!leaf) {
    complain(start, what + " is not a word; allowed: a word");
    node.skip();
    return std::nullopt;
  }
  llvm::SmallString<64> storage;
  std::string value = leaf->getValue(storage).trim().str();
  bool quoted = leaf->getRawValue().starts_with("\"") || leaf->getRawValue().starts_with("'");
  return Text{value, llvm::SMLoc::getFromPointer(start.getPointer() + quoted)};
}

void YamlReader::texts(yaml::Node &node, llvm::StringRef what, std::vector<Text> &into) {
  auto one = [&](yaml::Node &item) {
    if (std::optional<Text> text = scalar(item, what))
      into.push_back(*text);
  };
  if (llvm::isa<yaml::SequenceNode>(node))
    eachItem(node, what, one);
  else
    one(node);
}

void YamlReader::flag(yaml::Node &node, llvm::StringRef what, bool &into) {
  std::optional<Text> text = scalar(node, what);
  if (text && text->value != "true" && text->value != "false")
    complain(text->start, what + " is '" + text->value + "'; allowed: true, false");
  into = text && text->value == "true";
}

} // namespace sluice::checker::models
