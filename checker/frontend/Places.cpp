// Turns Clang's source locations into the spans that users see.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Places.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

Places::Places(ASTContext &context, const FrontendOptions &options) : context(context) {
  directory = options.workingDirectory;
  if (directory.empty()) {
    auto cwd = context.getSourceManager()
                   .getFileManager()
                   .getVirtualFileSystem()
                   .getCurrentWorkingDirectory();
    directory = cwd ? *cwd : "";
  }
}

std::string Places::nameOf(FileID id) const {
  auto entry = context.getSourceManager().getFileEntryRefForID(id);
  llvm::SmallString<128> name(entry ? entry->getName() : "<input>");
  if (entry)
    context.getSourceManager().getFileManager().makeAbsolutePath(name);
  llvm::sys::path::remove_dots(name, /*remove_dot_dot=*/true);
  llvm::StringRef text = name;
  if (!directory.empty() && text.starts_with(directory)) {
    llvm::StringRef rest = text.drop_front(directory.size());
    if (rest.starts_with("/"))
      return rest.ltrim('/').str();
  }
  return text.str();
}

uint32_t Places::fileOf(FileID id) {
  auto [entry, isNew] = known.try_emplace(id, 0);
  if (!isNew)
    return entry->second;
  std::string name = nameOf(id);
  auto [number, isNewName] = byName.try_emplace(name, names.size());
  if (isNewName)
    names.push_back(name);
  return entry->second = number->second;
}

skeleton::Span Places::span(SourceRange range) {
  const SourceManager &sm = context.getSourceManager();
  if (range.isInvalid())
    return {};
  SourceLocation begin = sm.getFileLoc(range.getBegin());
  SourceLocation last = sm.getFileLoc(range.getEnd());
  if (sm.isInSystemHeader(begin))
    return {};
  auto [file, offset] = sm.getDecomposedLoc(begin);
  auto [endFile, endOffset] = sm.getDecomposedLoc(last);
  if (file != endFile || endOffset < offset)
    last = begin;
  last = last.getLocWithOffset(Lexer::MeasureTokenLength(last, sm, context.getLangOpts()));
  skeleton::Span s;
  s.file = fileOf(file);
  s.line = sm.getLineNumber(file, offset);
  s.column = sm.getColumnNumber(file, offset);
  endOffset = sm.getFileOffset(last);
  s.endLine = sm.getLineNumber(file, endOffset);
  s.endColumn = sm.getColumnNumber(file, endOffset);
  return s;
}
