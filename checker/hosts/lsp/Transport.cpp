// Frames and unframes messages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Transport.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"

#include <cerrno>
#include <unistd.h>

namespace sluice::checker::lsp {
namespace {

constexpr size_t mostHeader = 64 * 1024;
constexpr uint64_t mostContent = uint64_t(1) << 30;

/// The length that a header tells; nothing if it tells none that can be.
std::optional<uint64_t> lengthIn(llvm::StringRef header) {
  while (!header.empty()) {
    auto [line, rest] = header.split('\n');
    auto [name, value] = line.split(':');
    uint64_t length = 0;
    if (name.trim().equals_insensitive("Content-Length") &&
        !value.trim().getAsInteger(10, length) && length <= mostContent)
      return length;
    header = rest;
  }
  return std::nullopt;
}

} // namespace

bool Transport::read() {
  char buffer[1 << 16];
  ssize_t count = 0;
  while ((count = ::read(in, buffer, sizeof(buffer))) < 0 && errno == EINTR) {
  }
  if (count <= 0)
    return false;
  arrived.append(buffer, static_cast<size_t>(count));
  return true;
}

std::optional<std::string> Transport::next() {
  for (;;) {
    size_t end = arrived.find("\r\n\r\n");
    if (end == std::string::npos) {
      if (arrived.size() > mostHeader)
        arrived.clear();
      return std::nullopt;
    }
    std::optional<uint64_t> length = lengthIn(llvm::StringRef(arrived).take_front(end));
    size_t begin = end + 4;
    if (!length) {
      arrived.erase(0, begin);
      continue;
    }
    if (arrived.size() - begin < *length)
      return std::nullopt;
    std::string content = arrived.substr(begin, *length);
    arrived.erase(0, begin + *length);
    return content;
  }
}

bool Transport::send(const llvm::json::Value &message) {
  std::string content = llvm::formatv("{0}", message).str();
  std::string text = llvm::formatv("Content-Length: {0}\r\n\r\n{1}", content.size(), content);
  for (size_t written = 0; written < text.size();) {
    ssize_t count = ::write(out, text.data() + written, text.size() - written);
    if (count < 0 && errno != EINTR)
      return false;
    written += count > 0 ? static_cast<size_t>(count) : 0;
  }
  return true;
}

} // namespace sluice::checker::lsp
