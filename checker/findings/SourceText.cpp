// Splits source files into lines.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/SourceText.h"

namespace sluice::checker::findings {
namespace {

std::vector<llvm::StringRef> splitLines(llvm::StringRef text) {
  std::vector<llvm::StringRef> lines;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    lines.push_back(line);
    text = rest;
  }
  return lines;
}

bool continuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

} // namespace

const SourceText::File &SourceText::file(llvm::StringRef path) {
  auto [entry, fresh] = files.try_emplace(path);
  File &file = entry->second;
  if (!fresh)
    return file;
  if (auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false)) {
    file.buffer = std::move(*buffer);
    file.lines = splitLines(file.buffer->getBuffer());
  }
  return file;
}

void SourceText::overlay(llvm::StringRef path, llvm::StringRef text) {
  File &file = files[path];
  file.buffer = llvm::MemoryBuffer::getMemBufferCopy(text, path);
  file.lines = splitLines(file.buffer->getBuffer());
}

llvm::StringRef SourceText::line(llvm::StringRef path, uint32_t number) {
  const File &source = file(path);
  if (number == 0 || number > source.lines.size())
    return {};
  return source.lines[number - 1].rtrim('\r');
}

uint32_t SourceText::lineCount(llvm::StringRef path) {
  return static_cast<uint32_t>(file(path).lines.size());
}

llvm::StringRef SourceText::text(llvm::StringRef path) {
  const File &source = file(path);
  return source.buffer ? source.buffer->getBuffer() : llvm::StringRef();
}

std::optional<size_t> SourceText::offset(llvm::StringRef path, uint32_t line, uint32_t column) {
  const File &source = file(path);
  if (line == 0 || column == 0 || line > source.lines.size())
    return std::nullopt;
  llvm::StringRef text = source.lines[line - 1];
  if (column > text.size() + 1)
    return std::nullopt;
  return static_cast<size_t>(text.data() - source.buffer->getBufferStart()) + column - 1;
}

uint32_t characterColumn(llvm::StringRef line, uint32_t column) {
  uint32_t characters = 1;
  for (char byte : line.take_front(column ? column - 1 : 0))
    characters += !continuesCharacter(byte);
  return characters;
}

} // namespace sluice::checker::findings
