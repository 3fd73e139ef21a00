// Reads one model file (YAML) into model records, with every mistake at its place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/ModelFile.h"

#include "models/Words.h"
#include "models/YamlReader.h"

#include "llvm/ADT/StringExtras.h"

namespace sluice::checker::models {
namespace {

/// Reads what a model file says.
class FileReader : YamlReader {
public:
  using YamlReader::YamlReader;

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
  void readQueue(yaml::Node &node);
  void readMethods(QueueDeclaration &queue, QueueWork work, yaml::Node &node);
  void readBound(QueueDeclaration &queue, yaml::Node &node);
  void addQueue(const QueueDeclaration &queue, const Text &name);
  void addCall(const CallModel &call, const Text &name);

  ModelFile file;
  llvm::StringSet<> typeNames;
  llvm::StringMap<std::vector<size_t>> callsByName;
};

llvm::Expected<ModelFile> FileReader::read() {
  yaml::document_iterator document = stream.begin();
  yaml::Node *root = document == stream.end() ? nullptr : document->getRoot();
  if (root && !llvm::isa<yaml::NullNode>(root))
    readFile(*root);
  else if (errors.empty())
    errors.push_back(
        {1, 1, "an empty model file; allowed: library, namespaces, follows, types, calls, queues"});
  if (!errors.empty())
    return allMistakes();
  return std::move(file);
}

// What a file holds

void FileReader::readFile(yaml::Node &node) {
  auto library = [&](yaml::Node &value) {
    if (std::optional<Text> text = scalar(value, "'library'"))
      file.library = text->value;
  };
  auto listed = [&](const char *key, std::vector<std::string> &into) {
    return [this, key, &into](yaml::Node &value) {
      std::vector<Text> names;
      texts(value, key, names);
      for (const Text &name : names)
        into.push_back(name.value);
    };
  };
  auto types = [&](yaml::Node &value) {
    eachItem(value, "'types'", [&](yaml::Node &item) { readType(item); });
  };
  auto calls = [&](yaml::Node &value) {
    eachItem(value, "'calls'", [&](yaml::Node &item) { readCall(item); });
  };
  auto queues = [&](yaml::Node &value) {
    eachItem(value, "'queues'", [&](yaml::Node &item) { readQueue(item); });
  };
  readMapping(node, "a model file",
              {{"library", true, library},
               {"namespaces", false, listed("'namespaces'", file.namespaces)},
               {"follows", false, listed("'follows'", file.follows)},
               {"types", false, types},
               {"calls", false, calls},
               {"queues", false, queues}});
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
    return a.kind == ParameterPattern::Kind::Any || a == b;
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
      {"plain", ResultShape::Plain},   {"optional", ResultShape::Optional},
      {"given", ResultShape::Given},   {"happened", ResultShape::Happened},
      {"status", ResultShape::Status}, {"pair", ResultShape::Pair},
      {"this", ResultShape::This},     {"nothing", ResultShape::None}};
  std::optional<Text> text = scalar(node, "'returns'");
  if (!text)
    return;
  const auto *found = llvm::find_if(shapes, [&](auto &s) { return s.first == text->value; });
  if (found == std::end(shapes))
    complain(text->start, "unknown result '" + text->value +
                              "'; allowed: plain, optional, given, happened, status, pair, this, "
                              "nothing");
  else
    call.result = found->second;
}

void FileReader::readStatus(CallModel &call, yaml::Node &node) {
  call.result = ResultShape::Status;
  StatusValues &status = call.status;
  readMapping(
      node, "'status'",
      {{"success", true, [&](yaml::Node &v) { number(v, "'success'", status.success); }},
       {"closed", false, [&](yaml::Node &v) { number(v, "'closed'", status.closed.emplace()); }},
       {"otherwise", true, [&](yaml::Node &v) { number(v, "'otherwise'", status.otherwise); }}});
}

// Declared queues

void FileReader::readQueue(yaml::Node &node) {
  QueueDeclaration queue;
  std::vector<Text> names;
  llvm::SMLoc start = node.getSourceRange().Start;
  std::vector<Key> keys{{"class", true, [&](yaml::Node &v) { texts(v, "'class'", names); }}};
  for (auto [word, work] : queueWords())
    keys.push_back({word, false, [&, work = work](yaml::Node &v) { readMethods(queue, work, v); }});
  keys.push_back({"bound", false, [&](yaml::Node &v) { readBound(queue, v); }});
  size_t before = errors.size();
  readMapping(node, "a queue", keys);
  auto none = [&](bool (*is)(QueueWork)) {
    return llvm::none_of(queue.methods, [&](auto &m) { return is(m.second); });
  };
  if (errors.size() == before && none(sends))
    complain(start, "a queue that nothing sends to; allowed: with 'send', 'try-send' or "
                    "'timed-send'");
  if (errors.size() == before && none(receives))
    complain(start, "a queue that nothing receives from; allowed: with 'receive', 'try-receive' "
                    "or 'timed-receive'");
  for (const Text &name : names) {
    queue.place = placeOf(name.start);
    addQueue(queue, name);
  }
}

/// Whether a word can name a method: an identifier, which "destructor" is too, or an operator.
bool namesMethod(llvm::StringRef word) {
  bool isWord = llvm::all_of(word, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  return (isWord && !word.empty() && !llvm::isDigit(word.front())) || word.starts_with("operator");
}

void FileReader::readMethods(QueueDeclaration &queue, QueueWork work, yaml::Node &node) {
  std::string key = "'" + word(work).str() + "'";
  std::vector<Text> methods;
  texts(node, key, methods);
  for (const Text &method : methods) {
    auto known =
        llvm::find_if(queue.methods, [&](auto &other) { return other.first == method.value; });
    if (!namesMethod(method.value))
      complain(method.start, key + " is '" + method.value +
                                 "'; allowed: the name of a method without its class, or "
                                 "'destructor'");
    else if (known != queue.methods.end())
      complain(method.start, "method '" + method.value + "' twice in a queue, as '" +
                                 word(known->second) +
                                 "' before; allowed: once. Overloads that "
                                 "do different things are annotated in the source");
    else
      queue.methods.push_back({method.value, work});
  }
}

void FileReader::readBound(QueueDeclaration &queue, yaml::Node &node) {
  using Kind = ModelOperand::Kind;
  std::optional<Text> text = scalar(node, "'bound'");
  if (!text)
    return;
  std::optional<ModelOperand> bound = readOperand(text->value);
  bool fits = bound && (bound->kind == Kind::Argument || bound->kind == Kind::TemplateArgument ||
                        bound->kind == Kind::Unbounded ||
                        (bound->kind == Kind::Integer && bound->value >= 0));
  if (!fits)
    complain(text->start, "'bound' is '" + text->value +
                              "'; allowed: unbounded, a number, $N or $N-K for an argument of the "
                              "constructor, T<N> for a template argument of the class");
  queue.bound = fits ? *bound : queue.bound;
}

void FileReader::addQueue(const QueueDeclaration &queue, const Text &text) {
  std::variant<std::vector<std::string>, TextError> expanded = expandName(text.value);
  const auto *names = accept(expanded, text);
  for (const std::string &name : names ? *names : std::vector<std::string>()) {
    auto inName = [](char c) { return llvm::isAlnum(c) || llvm::StringRef("_:()").contains(c); };
    if (name.empty() || name.front() == ':' || !llvm::all_of(name, inName))
      complain(text.start, "'class' is '" + name +
                               "'; allowed: a qualified name such as 'shop::queue', without "
                               "template arguments");
    else if (!typeNames.insert(name).second)
      complain(text.start, "type '" + name + "' is described twice; allowed: once a file");
    file.queues.push_back(queue);
    file.queues.back().name = name;
  }
}

} // namespace

llvm::Expected<ModelFile> readModelFile(llvm::MemoryBufferRef text) {
  return FileReader(text).read();
}

} // namespace sluice::checker::models
