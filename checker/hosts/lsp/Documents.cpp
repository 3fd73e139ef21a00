// The server's part that keeps documents and says what is known of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Server.h"

#include "findings/ReportPage.h"
#include "findings/WitnessPicture.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>
#include <utility>

namespace sluice::checker::lsp {
namespace {

using findings::Finding;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

constexpr auto quiet = std::chrono::milliseconds(50); // how long an editor is left to type on

/// Emacs says "c++" where others say "cpp".
bool isJudged(llvm::StringRef language) {
  return language == "c" || language == "cpp" || language == "c++";
}

/// Each finding once, though several documents may have it.
template <class F> void forEachFinding(std::map<std::string, Document> &documents, F f) {
  std::set<std::tuple<std::string, findings::Place, std::string>> seen;
  for (auto &[uri, document] : documents)
    for (const Finding &finding : document.judged.findings)
      if (seen.emplace(finding.check, finding.at, finding.message).second)
        f(finding, document.judged);
}

bool leadsThrough(const Finding &finding, llvm::StringRef path) {
  auto isThere = [&](const findings::Row &row) { return row.step->at.path == path; };
  return finding.at.path == path || llvm::any_of(findings::rowsOf(finding), isThere);
}

} // namespace

Document *Server::documentOf(const Object &parameters) {
  const Object *named = parameters.getObject("textDocument");
  auto found = named ? documents.find(named->getString("uri").value_or("").str()) : documents.end();
  return found == documents.end() ? nullptr : &found->second;
}

void Server::open(const Object &parameters) {
  const Object *item = parameters.getObject("textDocument");
  auto uri = item ? item->getString("uri") : std::nullopt;
  auto text = item ? item->getString("text") : std::nullopt;
  auto path = uri ? pathOf(*uri) : std::nullopt;
  llvm::StringRef language = item ? item->getString("languageId").value_or("") : "";
  if (!path || !text || !isJudged(language))
    return;
  Document &document = documents[uri->str()];
  stop(document);
  document.uri = uri->str();
  document.path = *path;
  document.version = item->getInteger("version").value_or(0);
  document.due = Clock::now();
  texts[*path] = text->str();
}

void Server::change(const Object &parameters) {
  Document *document = documentOf(parameters);
  const Array *changes = parameters.getArray("contentChanges");
  if (!document || !changes)
    return;
  std::string &text = texts[document->path];
  for (const Value &each : *changes)
    applyChange(text, each);
  document->version =
      parameters.getObject("textDocument")->getInteger("version").value_or(document->version + 1);
  document->judging.reset();
  document->repairing.reset();
  answerWaiting(*document);
  document->due = Clock::now() + quiet;
}

/// Others may include it, or a header that another program wrote meanwhile.
void Server::save(const Object &) { touchAll(); }

void Server::touchAll() {
  analyst->forget();
  for (auto &[uri, document] : documents) {
    document.setting.reset();
    document.hasNoPreamble = false;
    document.judgedVersion.reset();
    document.judging.reset();
    document.repairing.reset();
    answerWaiting(document);
    document.due = Clock::now();
  }
}

void Server::close(const Object &parameters) {
  Document *document = documentOf(parameters);
  if (!document)
    return;
  stop(*document);
  dropPreamble(*document);
  document->judged.findings.clear();
  publish(*document);
  texts.erase(document->path);
  documents.erase(document->uri);
}

/// While repairs are looked for, the answer waits for them. Editors that ask at the cursor name the
/// diagnostics of its line.
void Server::codeAction(const Object &parameters, Value id) {
  Document *document = documentOf(parameters);
  std::optional<Range> range = rangeFrom(parameters.get("range"));
  if (!document || !range || document->due || document->judging)
    return reply(std::move(id), Array());
  std::vector<Range> ranges = {*range};
  const Object *context = parameters.getObject("context");
  if (const Array *named = context ? context->getArray("diagnostics") : nullptr)
    for (const Value &each : *named)
      if (const Object *diagnostic = each.getAsObject())
        if (std::optional<Range> its = rangeFrom(diagnostic->get("range")))
          ranges.push_back(*its);
  document->waiting.push_back({std::move(id), std::move(ranges)});
  if (!document->repairing)
    answerWaiting(*document);
}

void Server::answerWaiting(Document &document) {
  for (Waiting &each : std::exchange(document.waiting, {}))
    reply(std::move(each.id), actionsFor(document.judged, document.path, each.ranges));
}

/// The findings whose paths lead through a file, wherever they end.
void Server::witnesses(const Object &parameters, Value id) {
  const Object *named = parameters.getObject("textDocument");
  auto path = pathOf(named ? named->getString("uri").value_or("") : "");
  Array found;
  forEachFinding(documents, [&](const Finding &finding, Judged &judged) {
    if (!finding.flows.empty() && path && leadsThrough(finding, *path))
      found.push_back(witnessOf(finding, judged));
  });
  reply(std::move(id),
        Object{{"style", findings::reportPage().style}, {"witnesses", std::move(found)}});
}

std::string Server::uriOfFile(const std::string &path) const {
  for (const auto &[uri, document] : documents)
    if (document.path == path)
      return uri;
  return uriOf(path);
}

/// What all documents have to say of one file.
void Server::publishAt(const std::string &path, const Document *versionOf) {
  Array diagnostics;
  forEachFinding(documents, [&](const Finding &finding, Judged &judged) {
    if (finding.at.path == path)
      diagnostics.push_back(diagnosticOf(finding, judged));
  });
  Object message{{"uri", uriOfFile(path)}, {"diagnostics", std::move(diagnostics)}};
  if (versionOf && versionOf->path == path)
    message["version"] = versionOf->version;
  notify("textDocument/publishDiagnostics", std::move(message));
}

void Server::publish(Document &document) {
  std::set<std::string> files{document.path};
  for (const Finding &finding : document.judged.findings)
    files.insert(finding.at.path);
  std::set<std::string> stale = std::exchange(document.published, files);
  files.insert(stale.begin(), stale.end());
  for (const std::string &file : files)
    publishAt(file, &document);
  if (refreshesLenses)
    ask("workspace/codeLens/refresh", nullptr);
}

} // namespace sluice::checker::lsp
