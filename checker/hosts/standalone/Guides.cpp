// Reads SARIF: each thread flow is a lane, the execution order that of the steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Guides.h"

#include "findings/Uri.h"
#include "hosts/standalone/Flags.h"
#include "hosts/standalone/ProgramRun.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <tuple>

namespace sluice::checker::standalone {
namespace {

using llvm::StringRef;
using llvm::json::Object;

struct Region {
  std::string file;
  uint64_t first = 0, last = 0;
};

struct Step {
  int64_t order;
  size_t lane;
  Region region;
};

std::string pathOf(StringRef uri) {
  uri.consume_front("file://");
  return findings::decodePath(uri);
}

/// Of an object that has a physical location; its file is empty if it has none.
Region regionOf(const Object &location) {
  Region result;
  const Object *physical = location.getObject("physicalLocation");
  const Object *artifact = physical ? physical->getObject("artifactLocation") : nullptr;
  const Object *region = physical ? physical->getObject("region") : nullptr;
  if (!artifact || !region)
    return result;
  result.first = static_cast<uint64_t>(region->getInteger("startLine").value_or(0));
  result.last = static_cast<uint64_t>(
      region->getInteger("endLine").value_or(static_cast<int64_t>(result.first)));
  if (result.first != 0 && result.last >= result.first)
    result.file = pathOf(artifact->getString("uri").value_or(""));
  return result;
}

/// Calls `f` with each object of the list under `key`.
template <class F> void forEach(const Object &of, StringRef key, F f) {
  if (const llvm::json::Array *list = of.getArray(key))
    for (const llvm::json::Value &value : *list)
      if (const Object *object = value.getAsObject())
        f(*object);
}

std::vector<Step> stepsOf(const Object &result) {
  std::vector<Step> steps;
  size_t lanes = 0;
  forEach(result, "codeFlows", [&](const Object &flow) {
    if (!steps.empty())
      return; // another way to the same
    forEach(flow, "threadFlows", [&](const Object &thread) {
      ++lanes;
      forEach(thread, "locations", [&](const Object &at) {
        const Object *location = at.getObject("location");
        Region region = location ? regionOf(*location) : Region();
        if (!region.file.empty())
          steps.push_back({at.getInteger("executionOrder").value_or(0), lanes, std::move(region)});
      });
    });
  });
  llvm::sort(steps, [](const Step &a, const Step &b) {
    return std::tie(a.order, a.lane, a.region.first) < std::tie(b.order, b.lane, b.region.first);
  });
  return steps;
}

std::string textOf(const std::vector<Step> &steps) {
  std::string text;
  for (const auto &[order, lane, region] : steps)
    text += std::to_string(lane) + " " + region.file + ":" + std::to_string(region.first) + "-" +
            std::to_string(region.last) + "\n";
  return text;
}

void add(const Object &result, std::vector<Guide> &guides) {
  Guide guide;
  guide.steps = textOf(stepsOf(result));
  if (guide.steps.empty())
    return;
  if (const Object *message = result.getObject("message"))
    guide.message = message->getString("text").value_or("").str();
  forEach(result, "locations", [&](const Object &location) {
    if (guide.file.empty()) {
      Region region = regionOf(location);
      std::tie(guide.file, guide.firstLine, guide.lastLine) =
          std::tuple(std::move(region.file), region.first, region.last);
    }
  });
  guides.push_back(std::move(guide));
}

bool endsWithPath(StringRef whole, StringRef end) {
  return whole.ends_with(end) &&
         (whole.size() == end.size() || whole[whole.size() - end.size() - 1] == '/');
}

} // namespace

bool Guide::isSeenIn(const RunOutcome &outcome) const {
  return llvm::any_of(outcome.blocked, [&](const BlockedPlace &at) {
    return at.line >= firstLine && at.line <= lastLine &&
           (endsWithPath(at.file, file) || endsWithPath(file, at.file));
  });
}

llvm::Expected<std::vector<Guide>> readGuides(StringRef path) {
  auto text = llvm::MemoryBuffer::getFile(path);
  if (!text)
    return mistake("cannot read '" + path + "': " + text.getError().message());
  auto log = llvm::json::parse((*text)->getBuffer());
  if (!log)
    return mistake("'" + path + "' is no JSON: " + llvm::toString(log.takeError()));
  std::vector<Guide> guides;
  if (const Object *whole = log->getAsObject())
    forEach(*whole, "runs", [&](const Object &run) {
      forEach(run, "results", [&](const Object &result) { add(result, guides); });
    });
  if (guides.empty())
    return mistake("'" + path +
                   "' has no finding with a code flow; 'sluice check --format sarif' writes them");
  return guides;
}

} // namespace sluice::checker::standalone
