// Reads the small texts inside model files: steps, parameter patterns, names with alternatives.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/StepText.h"

#include "models/Words.h"

#include "llvm/ADT/StringExtras.h"

namespace sluice::checker::models {
namespace {

struct FlagWord {
  llvm::StringRef word;
  StepFlag flag;
};

constexpr size_t mostNames = 256; ///< one text stands for: braces multiply

constexpr FlagWord flagWords[] = {
    {"try", TryStep},
    {"timed", TimedStep},
    {"shared", SharedStep},
    {"all", AllStep},
    {"recursive", RecursiveStep},
    {"periodic", PeriodicStep},
    {"thread", ThreadStep},
    {"daemon", DaemonStep},
    {"deferred", DeferredStep},
    {"adopted", AdoptedStep},
    {"lazy", LazyStep},
    {"until", UntilStep},
    {"new", NewStep},
    {"minus", MinusStep},
    {"zeroed", ZeroedStep},
    {"joinable", JoinableStep},
    {"quiet", QuietStep},
    {"anyway", AnywayStep},
    {"throws", ThrowsStep},
    {"auto", AutoStep},
    {"awaited", AwaitedStep},
    {"cancellable", CancellableStep},
    {"deadline", DeadlineStep},
    {"pointed", PointedStep},
    {"fiber", FiberStep},
    {"at-once", AtOnceStep},
};

constexpr const char *operandsAllowed =
    "allowed: this, $N, $N-K, $N.., T<N>, an integer, null, unbounded, free, result";

std::string allFlags() {
  std::string text;
  for (const FlagWord &entry : flagWords)
    text += (text.empty() ? "" : ", ") + entry.word.str();
  return text;
}

std::optional<StepFlag> flagOf(llvm::StringRef word) {
  for (const FlagWord &entry : flagWords)
    if (entry.word == word)
      return entry.flag;
  return std::nullopt;
}

/// Reads what follows the `$` of an argument.
std::optional<ModelOperand> readArgument(llvm::StringRef text) {
  ModelOperand operand{ModelOperand::Kind::Argument, 0, 0};
  if (text.consumeInteger(10, operand.index))
    return std::nullopt;
  if (text == "..") {
    operand.kind = ModelOperand::Kind::Rest;
    return operand;
  }
  if (text.empty())
    return operand;
  if ((text[0] != '-' && text[0] != '+') || text.getAsInteger(10, operand.value))
    return std::nullopt;
  return operand;
}

} // namespace

std::optional<ModelOperand> readOperand(llvm::StringRef text) {
  using Kind = ModelOperand::Kind;
  if (text == "this")
    return ModelOperand{Kind::This, 0, 0};
  if (text == "null")
    return ModelOperand{Kind::Null, 0, 0};
  if (text == "unbounded")
    return ModelOperand{Kind::Unbounded, 0, 0};
  if (text == "free")
    return ModelOperand{Kind::Free, 0, 0};
  if (text == "result")
    return ModelOperand{Kind::Result, 0, 0};
  if (text.consume_front("$"))
    return readArgument(text);
  ModelOperand operand{Kind::Integer, 0, 0};
  if (text.consume_front("T<")) {
    operand.kind = Kind::TemplateArgument;
    return text.consume_back(">") && !text.getAsInteger(10, operand.index) ? std::optional(operand)
                                                                           : std::nullopt;
  }
  return text.getAsInteger(10, operand.value) ? std::nullopt : std::optional(operand);
}

namespace {

std::optional<TextError> addWord(Step &step, llvm::StringRef word, size_t offset) {
  if (std::optional<StepFlag> flag = flagOf(word)) {
    step.flags |= *flag;
    return std::nullopt;
  }
  std::optional<ModelOperand> operand = readOperand(word);
  if (!operand)
    return TextError{offset, "unknown operand or flag '" + word.str() + "'; " + operandsAllowed +
                                 "; or a flag: " + allFlags()};
  if (step.flags)
    return TextError{offset, "operand '" + word.str() + "' after a flag; operands come first"};
  step.operands.push_back(*operand);
  return std::nullopt;
}

std::optional<TextError> checkCount(const Step &step) {
  const EffectWord &effect = describe(step.effect);
  size_t count = step.operands.size();
  if (count >= effect.fewest && count <= effect.most)
    return std::nullopt;
  std::string allowed = effect.fewest == effect.most
                            ? std::to_string(effect.most)
                            : std::to_string(effect.fewest) + " to " + std::to_string(effect.most);
  return TextError{0, "'" + effect.word.str() + "' with " + std::to_string(count) +
                          " operands; allowed: " + allowed};
}

} // namespace

std::variant<Step, TextError> readStep(llvm::StringRef text) {
  auto [name, rest] = text.split(' ');
  std::optional<Effect> effect = effectOf(name);
  if (!effect)
    return TextError{0, "unknown effect '" + name.str() + "'; allowed: " + allEffects()};
  Step step;
  step.effect = *effect;
  while (!(rest = rest.ltrim()).empty()) {
    llvm::StringRef word = rest.take_until([](char c) { return c == ' '; });
    size_t offset = word.data() - text.data();
    if (std::optional<TextError> error = addWord(step, word, offset))
      return *error;
    rest = rest.drop_front(word.size());
  }
  if (std::optional<TextError> error = checkCount(step))
    return *error;
  return step;
}

std::variant<ParameterPattern, TextError> readParameter(llvm::StringRef text) {
  using Kind = ParameterPattern::Kind;
  if (text == "any")
    return ParameterPattern{Kind::Any, "", 0};
  if (text == "integral")
    return ParameterPattern{Kind::Integral, "", 0};
  if (text == "callable")
    return ParameterPattern{Kind::Callable, "", 0};
  if (text == "pointer")
    return ParameterPattern{Kind::Pointer, "", 0};
  if (text == "default")
    return ParameterPattern{Kind::Default, "", 0};
  if (int64_t value = 0; !text.getAsInteger(10, value))
    return ParameterPattern{Kind::Constant, "", value};
  auto inName = [](char c) { return llvm::isAlnum(c) || c == '_' || c == ':'; };
  if (text.empty() || !llvm::all_of(text, inName))
    return TextError{0, "'" + text.str() + "' describes no parameter; allowed: any, integral, " +
                            "callable, pointer, default, a number, a qualified type name, and "
                            "'...' at the end"};
  return ParameterPattern{Kind::Type, text.str(), 0};
}

std::variant<std::vector<std::string>, TextError> expandName(llvm::StringRef text) {
  size_t open = text.find('{');
  if (open == llvm::StringRef::npos)
    return std::vector<std::string>{text.str()};
  size_t close = text.find('}', open);
  if (close == llvm::StringRef::npos)
    return TextError{open, "'{' without '}'"};
  std::variant<std::vector<std::string>, TextError> tails = expandName(text.substr(close + 1));
  if (auto *error = std::get_if<TextError>(&tails))
    return TextError{error->offset + close + 1, error->message};
  llvm::SmallVector<llvm::StringRef> choices;
  text.slice(open + 1, close).split(choices, ',');
  if (choices.size() * std::get<0>(tails).size() > mostNames)
    return TextError{open, "a name with more than " + std::to_string(mostNames) +
                               " alternatives; write several"};
  std::vector<std::string> names;
  for (llvm::StringRef choice : choices)
    for (const std::string &tail : std::get<0>(tails))
      names.push_back((text.take_front(open) + choice.trim() + tail).str());
  return names;
}

} // namespace sluice::checker::models
