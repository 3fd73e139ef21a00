// Digests files, with and without their comments.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/SourceDigest.h"

#include "clang/Basic/LangOptions.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

namespace sluice::checker::standalone {

using llvm::StringRef;

std::string digestOf(StringRef text) {
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  std::string digest;
  llvm::raw_string_ostream(digest)
      << llvm::format_hex_no_prefix(hash.high64, 16) << llvm::format_hex_no_prefix(hash.low64, 16);
  return digest;
}

/// A comment with code after it on its line is kept: it says in which column that code stands.
std::string digestWithoutComments(StringRef source) {
  clang::LangOptions language;
  language.LineComment = language.CPlusPlus = language.CPlusPlus11 = language.CPlusPlus14 = true;
  language.RawStringLiterals = true;
  std::string text = source.str();
  clang::Lexer lexer(clang::SourceLocation(), language, text.data(), text.data(),
                     text.data() + text.size());
  lexer.SetCommentRetentionState(true);
  std::string left;
  size_t copied = 0;
  clang::Token token;
  for (bool last = false; !last;) {
    last = lexer.LexFromRawLexer(token);
    if (!token.is(clang::tok::comment))
      continue;
    size_t end = size_t(lexer.getBufferLocation() - text.data());
    size_t begin = end - token.getLength();
    StringRef after = StringRef(text).drop_front(end).take_until([](char c) { return c == '\n'; });
    if (!after.trim().empty())
      continue;
    left += StringRef(text).slice(copied, begin).rtrim(" \t");
    left.append(StringRef(text).slice(begin, end).count('\n'), '\n');
    copied = end;
  }
  left += StringRef(text).drop_front(copied);
  return digestOf(left);
}

namespace {

template <typename Digest>
const std::string &once(std::optional<std::string> &known, StringRef path, Digest digest) {
  if (!known) {
    auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
    known = buffer ? digest((*buffer)->getBuffer()) : std::string();
  }
  return *known;
}

} // namespace

const std::string &FileDigests::bytes(StringRef path) {
  return once(known[path].bytes, path, digestOf);
}

const std::string &FileDigests::code(StringRef path) {
  return once(known[path].code, path, digestWithoutComments);
}

} // namespace sluice::checker::standalone
