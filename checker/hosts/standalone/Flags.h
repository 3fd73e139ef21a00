// Tables of flags: each carries its help and its effect on some arguments.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sluice::checker::standalone {

template <class Arguments> struct Flag {
  llvm::StringRef name;
  /// What the help calls its value; empty: it takes none; "[=X]": it may follow.
  llvm::StringRef value;
  llvm::StringRef help; ///< of one or more lines
  llvm::Error (*apply)(Arguments &arguments, llvm::StringRef value);
};

inline llvm::Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

/// "; did you mean 'NEAREST'?" for a mistyped word; empty if no candidate is near.
std::string suggestion(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> candidates);

/// A flag and the value that is written in the same argument, if any.
struct WrittenFlag {
  llvm::StringRef name;
  std::optional<llvm::StringRef> value;
};

/// `--name=value`; `-jVALUE` for flags of one letter.
WrittenFlag takeApart(llvm::StringRef argument);

template <auto Member, class Arguments> llvm::Error setFlag(Arguments &arguments, llvm::StringRef) {
  arguments.*Member = true;
  return llvm::Error::success();
}

template <auto Member, class Arguments>
llvm::Error setText(Arguments &arguments, llvm::StringRef value) {
  if (value.empty()) // a variable of a script that is not set
    return mistake("the value is empty");
  arguments.*Member = value.str();
  return llvm::Error::success();
}

template <auto Member, uint64_t Low, uint64_t High, class Arguments>
llvm::Error setNumber(Arguments &arguments, llvm::StringRef value) {
  uint64_t number = 0;
  if (value.getAsInteger(10, number) || number < Low || number > High)
    return mistake(llvm::formatv("'{0}' is not a number from {1} to {2}", value, Low, High).str());
  arguments.*Member = static_cast<std::decay_t<decltype(arguments.*Member)>>(number);
  return llvm::Error::success();
}

/// Applies the flag at the front of `rest` and takes it away. `command` is what the user has typed
/// before the flags. Errors name the flag.
template <class Arguments>
llvm::Error readFlag(llvm::ArrayRef<Flag<Arguments>> flags, llvm::StringRef command,
                     Arguments &arguments, llvm::ArrayRef<llvm::StringRef> &rest) {
  WrittenFlag written = takeApart(rest.front());
  rest = rest.drop_front();
  const auto *flag = llvm::find_if(flags, [&](const Flag<Arguments> &f) {
    return f.name == (written.name == "-h" ? "--help" : written.name);
  });
  if (flag == flags.end()) {
    std::vector<llvm::StringRef> names;
    for (const Flag<Arguments> &f : flags)
      names.push_back(f.name);
    return mistake("unknown flag '" + written.name + "'" + suggestion(written.name, names) + "; '" +
                   command + " --help' lists all");
  }
  if (flag->value.empty() && written.value)
    return mistake(written.name + " takes no value");
  // One that may follow stands in the same argument: a word of its own would be a file.
  if (flag->value.empty() || flag->value.starts_with("["))
    written.value = written.value.value_or("");
  if (!written.value) {
    if (rest.empty())
      return mistake(written.name + " needs a value: " + written.name + " " + flag->value);
    written.value = rest.front();
    rest = rest.drop_front();
  }
  if (llvm::Error wrong = flag->apply(arguments, *written.value))
    return mistake(written.name + ": " + llvm::toString(std::move(wrong)));
  return llvm::Error::success();
}

template <class Arguments>
void printFlags(llvm::raw_ostream &out, llvm::ArrayRef<Flag<Arguments>> flags) {
  for (const Flag<Arguments> &flag : flags) {
    const bool joined = flag.value.empty() || flag.value.starts_with("[");
    std::string left = (flag.name + (joined ? "" : " ") + flag.value).str();
    for (auto [line, more] = flag.help.split('\n'); !line.empty();
         std::tie(line, more) = more.split('\n')) {
      out << llvm::formatv("  {0,-22} {1}\n", left, line);
      left.clear();
    }
  }
}

} // namespace sluice::checker::standalone
