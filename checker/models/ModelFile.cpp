// Reads one model file (YAML) into model records, with every mistake at its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/ModelFile.h"

#include "models/StepText.h"
#include "models/Words.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

#include <functional>
#include <tuple>

namespace sluice::checker::models {
namespace {

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

class FileReader {
public:
  explicit FileReader(llvm::MemoryBufferRef text);

  llvm::Expected<ModelFile> read();

private:
  void readFile(yaml::Node &node);
  void readType(yaml::Node &node);
  void readCall(yaml::Node &node);
  void readSteps(CallModel &call, yaml::Node &node);
  void readParameters(CallModel &call, yaml::Node &node);
  void readReturns(CallModel &call, yaml::Node &node);
  void readStatus(CallModel &call, yaml::Node &node);
  void addType(const TypeModel &type, const Text &name);
  void addCall(const CallModel &call, const Text &name);

  void readMapping(yaml::Node &node, llvm::StringRef what, llvm::ArrayRef<Key> keys);
  void readKey(yaml::KeyValueNode &pair, llvm::StringRef what, llvm::ArrayRef<Key> keys,
               llvm::StringSet<> &seen);
  void eachItem(yaml::Node &node, llvm::StringRef what,
                llvm::function_ref<void(yaml::Node &)> read);
  std::optional<Text> scalar(yaml::Node &node, llvm::StringRef what);
  void texts(yaml::Node &node, llvm::StringRef what, std::vector<Text> &into);
  template <typename Integer> void number(yaml::Node &node, llvm::StringRef what, Integer &into);
  void flag(yaml::Node &node, llvm::StringRef what, bool &into);
  template <typename Value>
  const Value *accept(const std::variant<Value, TextError> &result, const Text &text);

  llvm::Error allMistakes();
  void complain(llvm::SMLoc where, const llvm::Twine &message);
  unsigned lineOf(llvm::SMLoc where) {
    return sources.FindBufferContainingLoc(where) ? sources.getLineAndColumn(where).first : 1;
  }
  static void keepSyntaxError(const llvm::SMDiagnostic &diagnostic, void *reader);

  llvm::SourceMgr sources;
  yaml::Stream stream;
  std::string fileName;
  llvm::SMLoc lastKey; ///< of the key whose value is being read
  ModelFile file;
  llvm::StringSet<> typeNames;
  llvm::StringMap<std::vector<size_t>> callsByName;
  std::vector<Mistake> errors;
};

FileReader::FileReader(llvm::MemoryBufferRef text)
    : stream(text, sources, /*ShowColors=*/false), fileName(text.getBufferIdentifier()) {
  sources.setDiagHandler(keepSyntaxError, this);
}

void FileReader::keepSyntaxError(const llvm::SMDiagnostic &diagnostic, void *reader) {
  static_cast<FileReader *>(reader)->errors.push_back(
      {static_cast<unsigned>(diagnostic.getLineNo()),
       static_cast<unsigned>(diagnostic.getColumnNo()) + 1,
       diagnostic.getMessage().str() + "; allowed: YAML"});
}

void FileReader::complain(llvm::SMLoc where, const llvm::Twine &message) {
  // A value that is missing, or that the YAML reader made up after an error, stands nowhere.
  if (!sources.FindBufferContainingLoc(where))
    where = lastKey;
  auto [line, column] =
      sources.FindBufferContainingLoc(where) ? sources.getLineAndColumn(where) : std::pair(1u, 1u);
  errors.push_back({line, column, message.str()});
}

llvm::Error FileReader::allMistakes() {
  llvm::sort(errors, [](const Mistake &a, const Mistake &b) {
    return std::tie(a.line, a.column, a.message) < std::tie(b.line, b.column, b.message);
  });
  std::string text;
  for (const Mistake &m : errors)
    text += (text.empty() ? "" : "\n") + fileName + ":" + std::to_string(m.line) + ":" +
            std::to_string(m.column) + ": " + m.message;
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

llvm::Expected<ModelFile> FileReader::read() {
  yaml::document_iterator document = stream.begin();
  yaml::Node *root = document == stream.end() ? nullptr : document->getRoot();
  if (root && !llvm::isa<yaml::NullNode>(root))
    readFile(*root);
  else if (errors.empty())
    errors.push_back({1, 1, "an empty model file; allowed: library, namespaces, types, calls"});
  if (!errors.empty())
    return allMistakes();
  return std::move(file);
}

// Keys and values

void FileReader::readMapping(yaml::Node &node, llvm::StringRef what, llvm::ArrayRef<Key> keys) {
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

void FileReader::readKey(yaml::KeyValueNode &pair, llvm::StringRef what, llvm::ArrayRef<Key> keys,
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

void FileReader::eachItem(yaml::Node &node, llvm::StringRef what,
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

std::optional<Text> FileReader::scalar(yaml::Node &node, llvm::StringRef what) {
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

void FileReader::texts(yaml::Node &node, llvm::StringRef what, std::vector<Text> &into) {
  auto one = [&](yaml::Node &item) {
    if (std::optional<Text> text = scalar(item, what))
      into.push_back(*text);
  };
  if (llvm::isa<yaml::SequenceNode>(node))
    eachItem(node, what, one);
  else
    one(node);
}

template <typename Integer>
void FileReader::number(yaml::Node &node, llvm::StringRef what, Integer &into) {
  std::optional<Text> text = scalar(node, what);
  if (text && llvm::StringRef(text->value).getAsInteger(10, into))
    complain(text->start, what + " is '" + text->value + "'; allowed: a number");
}

void FileReader::flag(yaml::Node &node, llvm::StringRef what, bool &into) {
  std::optional<Text> text = scalar(node, what);
  if (text && text->value != "true" && text->value != "false")
    complain(text->start, what + " is '" + text->value + "'; allowed: true, false");
  into = text && text->value == "true";
}

template <typename Value>
const Value *FileReader::accept(const std::variant<Value, TextError> &result, const Text &text) {
  if (auto *error = std::get_if<TextError>(&result))
    complain(llvm::SMLoc::getFromPointer(text.start.getPointer() + error->offset), error->message);
  return std::get_if<Value>(&result);
}

// What a file holds

void FileReader::readFile(yaml::Node &node) {
  auto library = [&](yaml::Node &value) {
    if (std::optional<Text> text = scalar(value, "'library'"))
      file.library = text->value;
  };
  auto namespaces = [&](yaml::Node &value) {
    std::vector<Text> names;
    texts(value, "'namespaces'", names);
    for (const Text &name : names)
      file.namespaces.push_back(name.value);
  };
  auto types = [&](yaml::Node &value) {
    eachItem(value, "'types'", [&](yaml::Node &item) { readType(item); });
  };
  auto calls = [&](yaml::Node &value) {
    eachItem(value, "'calls'", [&](yaml::Node &item) { readCall(item); });
  };
  readMapping(node, "a model file",
              {{"library", true, library},
               {"namespaces", false, namespaces},
               {"types", false, types},
               {"calls", false, calls}});
  for (CallModel &call : file.calls)
    call.library = file.library;
}

void FileReader::readType(yaml::Node &node) {
  TypeModel type;
  std::vector<Text> names;
  auto role = [&](yaml::Node &value) {
    std::optional<Text> text = scalar(value, "'role'");
    std::optional<Role> found = text ? roleOf(text->value) : std::nullopt;
    if (text && !found)
      complain(text->start, "unknown role '" + text->value + "'; allowed: " + allRoles());
    type.role = found.value_or(Role::Opaque);
  };
  auto parameterRole = [&](yaml::Node &value) {
    std::optional<Text> text = scalar(value, "'parameter-role'");
    if (text && text->value != "channel" && text->value != "context" && text->value != "lock")
      complain(text->start,
               "unknown parameter role '" + text->value + "'; allowed: channel, context, lock");
    type.parameterRole = text ? text->value : "";
  };
  auto direction = [&](unsigned index) {
    return [&, index](yaml::Node &value) {
      if (std::optional<Text> text = scalar(value, "a direction"))
        type.directed[index] = text->value;
    };
  };
  readMapping(
      node, "a type",
      {{"name", true, [&](yaml::Node &v) { texts(v, "'name'", names); }},
       {"role", true, role},
       {"element", false, [&](yaml::Node &v) { number(v, "'element'", type.element.emplace()); }},
       {"parameter-role", false, parameterRole},
       {"send-only", false, direction(0)},
       {"receive-only", false, direction(1)},
       {"recursive", false, [&](yaml::Node &v) { flag(v, "'recursive'", type.recursive); }},
       {"must-join", false, [&](yaml::Node &v) { flag(v, "'must-join'", type.mustJoin); }},
       {"joins-at-end", false,
        [&](yaml::Node &v) { flag(v, "'joins-at-end'", type.joinsAtEnd); }}});
  for (const Text &name : names)
    addType(type, name);
}

void FileReader::addType(const TypeModel &type, const Text &text) {
  std::variant<std::vector<std::string>, TextError> expanded = expandName(text.value);
  const auto *names = accept(expanded, text);
  for (const std::string &name : names ? *names : std::vector<std::string>()) {
    if (!typeNames.insert(name).second)
      complain(text.start, "type '" + name + "' is described twice; allowed: once a file");
    file.types.push_back(type);
    file.types.back().name = name;
  }
}

void FileReader::readCall(yaml::Node &node) {
  CallModel call;
  call.line = lineOf(node.getSourceRange().Start);
  std::vector<Text> names;
  readMapping(node, "a call",
              {{"name", true, [&](yaml::Node &v) { texts(v, "'name'", names); }},
               {"parameters", false, [&](yaml::Node &v) { readParameters(call, v); }},
               {"does", true, [&](yaml::Node &v) { readSteps(call, v); }},
               {"returns", false, [&](yaml::Node &v) { readReturns(call, v); }},
               {"status", false, [&](yaml::Node &v) { readStatus(call, v); }},
               {"throws", false, [&](yaml::Node &v) { flag(v, "'throws'", call.throws); }}});
  for (const Text &name : names)
    addCall(call, name);
}

/// Whether every call that fits `later` fits `earlier` as well.
bool shadows(const CallModel &earlier, const CallModel &later) {
  if (!earlier.parameters)
    return true;
  if (!later.parameters || earlier.moreParameters != later.moreParameters)
    return false;
  return std::ranges::equal(*earlier.parameters, *later.parameters, [](auto &a, auto &b) {
    return a.kind == ParameterPattern::Kind::Any || (a.kind == b.kind && a.type == b.type);
  });
}

void FileReader::addCall(const CallModel &call, const Text &text) {
  std::variant<std::vector<std::string>, TextError> expanded = expandName(text.value);
  const auto *names = accept(expanded, text);
  for (const std::string &name : names ? *names : std::vector<std::string>()) {
    for (size_t earlier : callsByName[name])
      if (shadows(file.calls[earlier], call))
        complain(text.start, "call '" + name + "' is never reached: line " +
                                 llvm::Twine(file.calls[earlier].line) +
                                 " fits all of it; allowed: special overloads first, each once");
    callsByName[name].push_back(file.calls.size());
    file.calls.push_back(call);
    file.calls.back().name = name;
  }
}

void FileReader::readSteps(CallModel &call, yaml::Node &node) {
  std::vector<Text> steps;
  texts(node, "a step", steps);
  for (const Text &text : steps) {
    std::variant<Step, TextError> step = readStep(text.value);
    if (const Step *good = accept(step, text))
      call.steps.push_back(*good);
  }
}

void FileReader::readParameters(CallModel &call, yaml::Node &node) {
  call.parameters.emplace();
  eachItem(node, "'parameters'", [&](yaml::Node &item) {
    std::optional<Text> text = scalar(item, "a parameter");
    if (!text)
      return;
    if (call.moreParameters)
      complain(text->start, "a parameter after '...'; allowed: '...' at the end");
    call.moreParameters = text->value == "...";
    if (call.moreParameters)
      return;
    std::variant<ParameterPattern, TextError> pattern = readParameter(text->value);
    if (const ParameterPattern *good = accept(pattern, *text))
      call.parameters->push_back(*good);
  });
}

void FileReader::readReturns(CallModel &call, yaml::Node &node) {
  constexpr std::pair<llvm::StringRef, ResultShape> shapes[] = {
      {"plain", ResultShape::Plain},       {"optional", ResultShape::Optional},
      {"happened", ResultShape::Happened}, {"status", ResultShape::Status},
      {"pair", ResultShape::Pair},         {"this", ResultShape::This},
      {"nothing", ResultShape::None}};
  std::optional<Text> text = scalar(node, "'returns'");
  if (!text)
    return;
  const auto *found = llvm::find_if(shapes, [&](auto &s) { return s.first == text->value; });
  if (found == std::end(shapes))
    complain(text->start, "unknown result '" + text->value +
                              "'; allowed: plain, optional, happened, status, pair, this, nothing");
  else
    call.result = found->second;
}

void FileReader::readStatus(CallModel &call, yaml::Node &node) {
  call.result = ResultShape::Status;
  StatusValues &status = call.status;
  readMapping(
      node, "'status'",
      {{"success", true, [&](yaml::Node &v) { number(v, "'success'", status.success); }},
       {"closed", false, [&](yaml::Node &v) { number(v, "'closed'", status.closed); }},
       {"otherwise", true, [&](yaml::Node &v) { number(v, "'otherwise'", status.otherwise); }}});
}

} // namespace

llvm::Expected<ModelFile> readModelFile(llvm::MemoryBufferRef text) {
  return FileReader(text).read();
}

} // namespace sluice::checker::models
