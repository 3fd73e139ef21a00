// Reads the values of options, and words what is wrong with them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/CheckOptions.h"

#include "checks/Catalogue.h"
#include "findings/CheckGlobs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace sluice::checker::checks {

using llvm::Error;
using llvm::StringRef;

const OptionInfo onlyDefinite{"OnlyDefinite", OptionKind::Flag, "false",
                              "leave out what happens only under some schedules or inputs"};
const OptionInfo fixes{"Fixes", OptionKind::Flag, "true", "look for fixes, and offer them"};
const OptionInfo statesPerScope{"StatesPerScope", OptionKind::Number, "20000",
                                "give up an entry that has more states"};
const OptionInfo statesPerClass{"StatesPerClass", OptionKind::Number, "5000",
                                "give up a class that is judged by itself and has more states"};
const OptionInfo stepsPerProbe{"StepsPerProbe", OptionKind::Number, "40000",
                               "try single runs of an entry that is given up for so many steps"};
const OptionInfo stepsPerUnit{"StepsPerUnit", OptionKind::Number, "300000",
                              "give up what is left of a file after so many steps of tasks"};
const OptionInfo throwingCalls{"ThrowingCalls", OptionKind::Names, "",
                               "functions out of sight that may throw"};
const OptionInfo modelFiles{"Models", OptionKind::Names, "",
                            "model files, or directories of them, for libraries of your own"};

llvm::ArrayRef<const OptionInfo *> generalOptions() {
  static const OptionInfo *const options[] = {&fixes,          &modelFiles,     &onlyDefinite,
                                              &statesPerClass, &statesPerScope, &stepsPerProbe,
                                              &stepsPerUnit,   &throwingCalls};
  return options;
}

namespace {

constexpr uint64_t mostStates = 100'000'000;

Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

/// Those that may be set for `check`, or for all checks if it is null.
llvm::ArrayRef<const OptionInfo *> optionsOf(const CheckInfo *check) {
  return check ? check->options : generalOptions();
}

const OptionInfo *nearest(llvm::ArrayRef<const OptionInfo *> options, StringRef name) {
  const OptionInfo *found = nullptr;
  unsigned best = static_cast<unsigned>(name.size()) / 3 + 2;
  for (const OptionInfo *option : options) {
    unsigned distance =
        name.lower().compare(option->name.lower()) == 0 ? 0 : name.edit_distance(option->name);
    if (distance < best) {
      best = distance;
      found = option;
    }
  }
  return found;
}

Error unknownOwner(StringRef key, StringRef owner) {
  const CheckInfo *near = nearestCheck(owner);
  return mistake("'" + key + "': there is no check '" + owner + "'" +
                 (near ? "; did you mean '" + near->id.str() + "'?" : "") +
                 "; 'sluice list-checks' names all");
}

Error unknownName(StringRef key, const CheckInfo *check, StringRef name) {
  llvm::ArrayRef<const OptionInfo *> options = optionsOf(check);
  std::string who = check ? "'" + check->id.str() + "'" : "no check";
  if (options.empty())
    return mistake("'" + key + "': " + who + " has no options");
  const OptionInfo *near = nearest(options, name);
  std::vector<std::string> known;
  for (const OptionInfo *option : options)
    known.push_back("'" + option->name.str() + "'");
  return mistake("'" + key + "': " + (check ? who + " has no option '" : "there is no option '") +
                 name + (check ? "'" : "' of all checks") +
                 (near ? "; did you mean '" + near->name.str() + "'?" : "") + "; known are " +
                 llvm::join(known, ", "));
}

Error wrongValue(StringRef key, const OptionInfo &option, StringRef value) {
  uint64_t number = 0;
  switch (option.kind) {
  case OptionKind::Flag:
    if (value == "true" || value == "false")
      return Error::success();
    return mistake("'" + key + "': '" + value + "' is neither 'true' nor 'false'");
  case OptionKind::Number:
    if (!value.getAsInteger(10, number) && number > 0 && number <= mostStates)
      return Error::success();
    return mistake("'" + key + "': '" + value + "' is not a number from 1 to " +
                   llvm::Twine(mostStates));
  case OptionKind::Names:
    return Error::success();
  }
  return Error::success();
}

} // namespace

Error CheckOptions::set(StringRef key, StringRef value) {
  auto [owner, name] = key.split('.');
  const CheckInfo *check = owner == allChecks ? nullptr : findCheck(owner);
  if (!check && owner != allChecks)
    return unknownOwner(key, owner);
  for (const OptionInfo *option : optionsOf(check)) {
    if (option->name != name)
      continue;
    if (Error error = wrongValue(key, *option, value))
      return error;
    StringRef known = check ? StringRef(check->id) : StringRef(allChecks);
    values[(known + "." + name).str()] = value.str();
    return Error::success();
  }
  return unknownName(key, check, name);
}

std::vector<std::pair<std::string, std::string>> CheckOptions::all() const {
  std::vector<std::pair<std::string, std::string>> set;
  for (const auto &entry : values)
    set.emplace_back(entry.getKey().str(), entry.getValue());
  llvm::sort(set);
  return set;
}

StringRef CheckOptions::text(StringRef owner, const OptionInfo &option) const {
  auto found = values.find((owner + "." + option.name).str());
  return found == values.end() ? StringRef(option.standard) : StringRef(found->second);
}

StringRef CheckOptions::text(const CheckInfo &check, const OptionInfo &option) const {
  bool own = values.count((check.id + "." + option.name).str());
  return text(own ? StringRef(check.id) : StringRef(allChecks), option);
}

bool CheckOptions::isOn(const OptionInfo &option) const {
  return text(allChecks, option) == "true";
}

bool CheckOptions::isOn(const CheckInfo &check, const OptionInfo &option) const {
  return text(check, option) == "true";
}

uint64_t CheckOptions::number(const OptionInfo &option) const {
  uint64_t number = 0;
  text(allChecks, option).getAsInteger(10, number);
  return number;
}

static std::vector<std::string> split(StringRef list) {
  llvm::SmallVector<StringRef, 4> parts;
  list.split(parts, ';', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  std::vector<std::string> names;
  for (StringRef part : parts)
    if (!part.trim().empty())
      names.push_back(part.trim().str());
  return names;
}

std::vector<std::string> CheckOptions::names(const OptionInfo &option) const {
  return split(text(allChecks, option));
}

bool CheckOptions::holds(const CheckInfo &check, const OptionInfo &option, StringRef name) const {
  return fitsOne(split(text(check, option)), name);
}

bool fitsOne(llvm::ArrayRef<std::string> patterns, StringRef name) {
  return llvm::any_of(
      patterns, [&](const std::string &pattern) { return findings::globMatches(pattern, name); });
}

} // namespace sluice::checker::checks
