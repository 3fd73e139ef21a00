// Writes outlines, and reads them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Outline.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/xxhash.h"

namespace sluice::checker::skeleton {

Digest digestOf(llvm::StringRef text) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  return {hash.high64, hash.low64};
}

std::string hexOf(const Digest &digest) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format_hex_no_prefix(digest.first, 16)
                                 << llvm::format_hex_no_prefix(digest.second, 16);
  return text;
}

namespace {

bool readDigest(llvm::StringRef word, Digest &digest) {
  return word.size() == 32 && !word.take_front(16).getAsInteger(16, digest.first) &&
         !word.drop_front(16).getAsInteger(16, digest.second);
}

/// The marks of a function, each one letter.
void printMarks(const Outline::Function &function, llvm::raw_ostream &out) {
  out << (function.shared ? 's' : '-') << (function.entry ? 'e' : '-')
      << (function.communicates ? 'c' : '-') << (function.locks ? 'l' : '-');
}

bool readMarks(llvm::StringRef word, Outline::Function &function) {
  if (word.size() != 4)
    return false;
  function.shared = word[0] == 's';
  function.entry = word[1] == 'e';
  function.communicates = word[2] == 'c';
  function.locks = word[3] == 'l';
  return true;
}

/// "12", or "12!" if something is handed to it.
bool readUse(llvm::StringRef word, Outline::Use &use) {
  use.handed = word.consume_back("!");
  return !word.getAsInteger(10, use.function);
}

/// "@" and a digest: a global. Else a use.
bool readReference(llvm::StringRef word, Outline::Function &function) {
  if (word.consume_front("@"))
    return readDigest(word, function.globals.emplace_back());
  return readUse(word, function.uses.emplace_back());
}

bool readFunction(llvm::StringRef line, Outline::Function &function) {
  auto next = [&] {
    auto [word, rest] = line.split(' ');
    line = rest;
    return word;
  };
  if (!readMarks(next(), function) || !readDigest(next(), function.key) ||
      !readDigest(next(), function.code))
    return false;
  while (!line.empty())
    if (!readReference(next(), function))
      return false;
  return true;
}

bool readHome(llvm::StringRef line, Homes &homes) {
  auto [name, place] = line.split(' ');
  Digest digest;
  return readDigest(name, digest) && readDigest(place, homes[digest]);
}

bool isWhole(const Outline &outline) {
  auto there = [&](FunctionId f) { return f < outline.functions.size(); };
  for (const Outline::Function &function : outline.functions)
    for (const Outline::Use &use : function.uses)
      if (!there(use.function))
        return false;
  return !outline.init || there(*outline.init);
}

} // namespace

void printOutline(const Outline &outline, llvm::raw_ostream &out) {
  if (outline.init)
    out << "init " << *outline.init << '\n';
  for (const auto &[name, place] : outline.homes)
    out << "home " << hexOf(name) << ' ' << hexOf(place) << '\n';
  for (const Outline::Function &function : outline.functions) {
    printMarks(function, out);
    out << ' ' << hexOf(function.key) << ' ' << hexOf(function.code);
    for (const Outline::Use &use : function.uses)
      out << ' ' << use.function << (use.handed ? "!" : "");
    for (const Digest &global : function.globals)
      out << " @" << hexOf(global);
    out << '\n';
  }
  out << '\n';
}

llvm::Expected<Outline> readOutline(llvm::StringRef &text) {
  Outline outline;
  for (unsigned number = 1;; ++number) {
    auto [line, rest] = text.split('\n');
    bool ended = text.empty();
    text = rest;
    if (!ended && line.empty() && isWhole(outline))
      return outline;
    bool understood = !ended && !line.empty();
    if (FunctionId init = 0; line.consume_front("init ")) {
      understood = !line.getAsInteger(10, init);
      outline.init = init;
    } else if (line.consume_front("home ")) {
      understood = readHome(line, outline.homes);
    } else if (understood) {
      understood = readFunction(line, outline.functions.emplace_back());
    }
    if (!understood)
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "line " + llvm::Twine(number) +
                                         " of the outline cannot be read");
  }
}

} // namespace sluice::checker::skeleton
