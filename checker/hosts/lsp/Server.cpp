// Takes messages apart and answers them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/lsp/Server.h"

#include "hosts/standalone/Flags.h"

#include "llvm/Support/raw_ostream.h"

#include <csignal>

namespace sluice::checker::lsp {
namespace {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

// JSON-RPC's codes, and the protocol's.
constexpr int parseError = -32700, invalidRequest = -32600, methodNotFound = -32601,
              notInitialized = -32002;
constexpr int warningMessage = 2; // MessageType

constexpr llvm::StringLiteral settingNames =
    "'compilationDatabase', 'checks', 'checkOptions', 'models', 'fixes' and 'onlyDefinite'";

Object capabilities() {
  return Object{
      {"positionEncoding", "utf-16"},
      {"textDocumentSync",
       Object{{"openClose", true}, {"change", 2}, {"save", Object{{"includeText", false}}}}},
      {"codeActionProvider", Object{{"codeActionKinds", Array{"quickfix"}}}},
      {"hoverProvider", true},
      {"codeLensProvider", Object{{"resolveProvider", false}}}};
}

bool flagAt(const Object &object, llvm::ArrayRef<llvm::StringRef> path) {
  const Object *at = &object;
  for (llvm::StringRef name : path.drop_back())
    if (!(at = at->getObject(name)))
      return false;
  return at->getBoolean(path.back()).value_or(false);
}

std::string textOf(const Value &value) {
  if (auto text = value.getAsString())
    return text->str();
  if (auto flag = value.getAsBoolean())
    return *flag ? "true" : "false";
  return llvm::formatv("{0}", value).str();
}

/// One setting of the editor's; false if there is none of that name, or its value is of another
/// kind.
bool apply(llvm::StringRef name, const Value &value, standalone::CheckArguments &arguments) {
  auto text = value.getAsString();
  auto flag = value.getAsBoolean();
  if (name == "compilationDatabase" && text)
    arguments.buildPath = text->str();
  else if (name == "checks" && text)
    arguments.checks = text->str();
  else if (name == "fixes" && flag)
    arguments.noFixes = !*flag;
  else if (name == "onlyDefinite" && flag)
    arguments.onlyDefinite = *flag;
  else if (name == "checkOptions" && value.getAsObject())
    for (const auto &[key, each] : *value.getAsObject())
      arguments.checkOptions.emplace_back(key.str(), textOf(each));
  else if (name == "models" && value.getAsArray())
    for (const Value &each : *value.getAsArray())
      arguments.modelPaths.push_back(textOf(each));
  else
    return false;
  return true;
}

} // namespace

Server::Server(Transport transport, std::unique_ptr<Analyst> made)
    : transport(std::move(transport)), analyst(std::move(made)), given(analyst->configuration()) {}

/// What is asked to end ends in order, so that its folder goes too.
void Server::heedSignals() {
  ::signal(SIGPIPE, SIG_IGN);
  struct sigaction ending = {};
  ending.sa_handler = [](int) { isAskedToEnd = 1; };
  for (int each : {SIGTERM, SIGINT, SIGHUP})
    ::sigaction(each, &ending, nullptr);
}

volatile std::sig_atomic_t Server::isAskedToEnd = 0;

int Server::run() {
  heedSignals();
  while (!hasEnded && !hasLostEditor && !isAskedToEnd) {
    wait();
    while (std::optional<std::string> content = hasEnded ? std::nullopt : transport.next())
      handle(*content);
    drainJobs();
    startDue();
  }
  for (auto &[uri, document] : documents)
    stop(document);
  return isShutDown ? 0 : 1;
}

void Server::handle(llvm::StringRef content) {
  llvm::Expected<Value> message = llvm::json::parse(content);
  if (!message)
    return fail(nullptr, parseError, "no JSON: " + llvm::toString(message.takeError()));
  const Object *object = message->getAsObject();
  if (!object)
    return fail(nullptr, invalidRequest, "a message is an object");
  const Value *id = object->get("id");
  auto method = object->getString("method");
  if (!method) {
    auto answered = id && id->getAsInteger() ? asked.find(*id->getAsInteger()) : asked.end();
    if (answered == asked.end())
      return;
    std::function<void()> then = std::move(answered->second);
    asked.erase(answered);
    if (then && object->get("result"))
      then();
    return;
  }
  const Object none, *parameters = object->getObject("params");
  if (id)
    request(*method, parameters ? *parameters : none, *id);
  else
    notification(*method, parameters ? *parameters : none);
}

void Server::request(llvm::StringRef method, const Object &parameters, Value id) {
  if (method == "initialize")
    return initialize(parameters, std::move(id));
  if (!isInitialized)
    return fail(std::move(id), notInitialized, "'initialize' comes first");
  if (isShutDown)
    return fail(std::move(id), invalidRequest, "after 'shutdown' only 'exit' may come");
  Document *document = documentOf(parameters);
  bool isFresh = document && !document->due && !document->judging;
  if (method == "shutdown") {
    isShutDown = true;
    reply(std::move(id), nullptr);
  } else if (method == "textDocument/codeAction") {
    codeAction(parameters, std::move(id));
  } else if (method == "textDocument/hover") {
    auto at = positionFrom(parameters.get("position"));
    reply(std::move(id), at && isFresh ? hoverAt(document->judged, document->path, *at) : nullptr);
  } else if (method == "textDocument/codeLens") {
    reply(std::move(id), document ? lensesIn(document->judged, document->path) : Value(Array()));
  } else if (method == "sluice/witnesses") {
    witnesses(parameters, std::move(id));
  } else {
    fail(std::move(id), methodNotFound, ("'" + method + "' is not served").str());
  }
}

void Server::notification(llvm::StringRef method, const Object &parameters) {
  if (method == "exit")
    hasEnded = true;
  else if (!isInitialized || isShutDown)
    return;
  else if (method == "textDocument/didOpen")
    open(parameters);
  else if (method == "textDocument/didChange")
    change(parameters);
  else if (method == "textDocument/didSave")
    save(parameters);
  else if (method == "textDocument/didClose")
    close(parameters);
  else if (method == "workspace/didChangeWatchedFiles")
    touchAll();
  else if (method == "workspace/didChangeConfiguration")
    if (const Object *settings = parameters.getObject("settings"))
      configure(settings->get("sluice"));
}

void Server::initialize(const Object &parameters, Value id) {
  if (isInitialized)
    return fail(std::move(id), invalidRequest, "'initialize' comes once");
  isInitialized = true;
  editor = parameters.getInteger("processId").value_or(0);
  if (const Object *client = parameters.getObject("capabilities")) {
    showsProgress = flagAt(*client, {"window", "workDoneProgress"});
    refreshesLenses = flagAt(*client, {"workspace", "codeLens", "refreshSupport"});
  }
  reply(std::move(id),
        Object{{"capabilities", capabilities()},
               {"serverInfo", Object{{"name", "sluice"}, {"version", SLUICE_VERSION}}}});
  configure(parameters.get("initializationOptions"));
}

/// What is not set is as the command line has it.
void Server::configure(const Value *settings) {
  const Object *object = settings ? settings->getAsObject() : nullptr;
  if (!object)
    return;
  standalone::CheckArguments changed = given;
  for (const auto &[name, value] : *object)
    if (!apply(name, value, changed))
      say(warningMessage, "sluice: the setting '" + name.str() + "' with the value " +
                              llvm::formatv("{0}", value).str() + " is not understood; there are " +
                              settingNames.str());
  analyst->configure(std::move(changed));
  touchAll();
}

void Server::reply(Value id, Value result) {
  Object message{{"jsonrpc", "2.0"}, {"id", std::move(id)}, {"result", std::move(result)}};
  hasLostEditor |= !transport.send(std::move(message));
}

void Server::fail(Value id, int code, llvm::StringRef text) {
  Object message{{"jsonrpc", "2.0"},
                 {"id", std::move(id)},
                 {"error", Object{{"code", code}, {"message", llvm::json::fixUTF8(text)}}}};
  hasLostEditor |= !transport.send(std::move(message));
}

void Server::notify(llvm::StringRef method, Value parameters) {
  Object message{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(parameters)}};
  hasLostEditor |= !transport.send(std::move(message));
}

/// `answered` is called when the answer is no error.
void Server::ask(llvm::StringRef method, Value parameters, std::function<void()> answered) {
  asked[++lastId] = std::move(answered);
  Object message{
      {"jsonrpc", "2.0"}, {"id", lastId}, {"method", method}, {"params", std::move(parameters)}};
  hasLostEditor |= !transport.send(std::move(message));
}

/// Each message once.
void Server::say(int type, const std::string &message) {
  if (said.insert(message).second)
    notify("window/showMessage", Object{{"type", type}, {"message", llvm::json::fixUTF8(message)}});
}

} // namespace sluice::checker::lsp
