// Gathers model files and answers questions about library types and calls.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "models/Models.h"

#include "models/BuiltinModels.h"
#include "models/ModelFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace sluice::checker::models {
namespace {

bool fits(const ParameterPattern &pattern, const Parameter &parameter) {
  switch (pattern.kind) {
  case ParameterPattern::Kind::Any:
    return true;
  case ParameterPattern::Kind::Type:
    return parameter.type == pattern.type && !parameter.pointer;
  case ParameterPattern::Kind::Integral:
    return parameter.integral;
  case ParameterPattern::Kind::Callable:
    return parameter.callable;
  case ParameterPattern::Kind::Pointer:
    return parameter.pointer;
  case ParameterPattern::Kind::Constant:
    return parameter.constant == pattern.value;
  case ParameterPattern::Kind::Default:
    return parameter.isDefault;
  }
  return false;
}

bool fits(const CallModel &call, llvm::ArrayRef<Parameter> parameters) {
  if (!call.parameters)
    return true;
  size_t described = call.parameters->size();
  if (parameters.size() < described || (parameters.size() > described && !call.moreParameters))
    return false;
  return llvm::all_of(llvm::zip_first(*call.parameters, parameters),
                      [](const auto &pair) { return fits(std::get<0>(pair), std::get<1>(pair)); });
}

llvm::Error cannotRead(llvm::StringRef path, std::error_code reason) {
  return llvm::createStringError(reason, path + ": cannot read models: " + reason.message());
}

llvm::Error addFile(Models &models, llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return cannotRead(path, buffer.getError());
  return models.add(**buffer);
}

/// The *.yaml files of a directory, by name, so that the order is the same everywhere.
llvm::Expected<std::vector<std::string>> modelFilesIn(llvm::StringRef directory) {
  std::vector<std::string> paths;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(directory, error), end; entry != end && !error;
       entry.increment(error))
    if (llvm::sys::path::extension(entry->path()) == ".yaml")
      paths.push_back(entry->path());
  if (error)
    return cannotRead(directory, error);
  if (paths.empty())
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   directory + ": no models: the directory holds no *.yaml file");
  llvm::sort(paths);
  return paths;
}

} // namespace

llvm::Expected<Models> Models::builtin(Language language) {
  Models models;
  for (const BuiltinModelFile &file : builtinModelFiles())
    if (language == Language::Cxx || file.name.starts_with("c-"))
      if (llvm::Error error = models.add(llvm::MemoryBufferRef(file.text, file.name)))
        return error;
  return models;
}

llvm::Error Models::add(llvm::MemoryBufferRef text) {
  llvm::Expected<ModelFile> file = readModelFile(text);
  if (!file)
    return file.takeError();
  for (TypeModel &type : file->types)
    types[type.name] = std::move(type);
  for (CallModel &call : llvm::reverse(file->calls))
    calls[call.name].push_front(std::move(call));
  for (QueueDeclaration &queue : file->queues) {
    std::string name = queue.name;
    queues[name] = std::make_shared<const QueueDeclaration>(std::move(queue));
  }
  llvm::append_range(namespaces, file->namespaces);
  llvm::append_range(followed, file->follows);
  return llvm::Error::success();
}

llvm::Error Models::addPath(llvm::StringRef path) {
  if (!llvm::sys::fs::is_directory(path))
    return addFile(*this, path);
  llvm::Expected<std::vector<std::string>> files = modelFilesIn(path);
  if (!files)
    return files.takeError();
  for (const std::string &file : *files)
    if (llvm::Error error = addFile(*this, file))
      return error;
  return llvm::Error::success();
}

const TypeModel *Models::findType(llvm::StringRef name) const {
  auto found = types.find(name);
  return found == types.end() ? nullptr : &found->second;
}

const CallModel *Models::findOverload(llvm::StringRef name,
                                      llvm::ArrayRef<Parameter> parameters) const {
  auto found = calls.find(name);
  if (found == calls.end())
    return nullptr;
  for (const CallModel &call : found->second)
    if (fits(call, parameters))
      return &call;
  return nullptr;
}

namespace {

/// The target of a conversion may be any type: those are asked for once more by this name.
std::string asConversion(llvm::StringRef name) {
  size_t conversion = name.rfind("::operator ");
  return conversion == llvm::StringRef::npos ? std::string()
                                             : (name.take_front(conversion) + "::conversion").str();
}

} // namespace

const CallModel *Models::findCall(llvm::ArrayRef<std::string> names,
                                  llvm::ArrayRef<Parameter> parameters) const {
  for (llvm::StringRef name : names) {
    if (const CallModel *call = findOverload(name, parameters))
      return call;
    if (const CallModel *call = findOverload(asConversion(name), parameters))
      return call;
  }
  return nullptr;
}

bool Models::hasCall(llvm::ArrayRef<std::string> names) const {
  return llvm::any_of(names, [&](llvm::StringRef name) {
    return calls.count(name) || calls.count(asConversion(name));
  });
}

std::vector<const CallModel *> Models::callsWith(Effect effect) const {
  std::vector<llvm::StringRef> ordered(calls.keys().begin(), calls.keys().end());
  llvm::sort(ordered);
  std::vector<const CallModel *> found;
  for (llvm::StringRef name : ordered)
    for (const CallModel &call : calls.find(name)->second)
      if (llvm::any_of(call.steps, [&](const Step &step) { return step.effect == effect; }))
        found.push_back(&call);
  return found;
}

std::vector<const TypeModel *> Models::typesWith(Role role) const {
  std::vector<const TypeModel *> found;
  for (const auto &entry : types)
    if (entry.second.role == role)
      found.push_back(&entry.second);
  llvm::sort(found, [](auto *a, auto *b) { return a->name < b->name; });
  return found;
}

const QueueDeclaration *Models::findQueue(llvm::StringRef name) const {
  auto found = queues.find(name.str());
  return found == queues.end() ? nullptr : found->second.get();
}

std::vector<const QueueDeclaration *> Models::declaredQueues() const {
  std::vector<const QueueDeclaration *> found;
  for (auto &[name, queue] : queues)
    found.push_back(queue.get());
  return found;
}

bool Models::isModelled(llvm::StringRef qualifiedName) const {
  if (types.count(qualifiedName) || calls.count(qualifiedName))
    return true;
  auto isIn = [&](llvm::StringRef space) {
    llvm::StringRef rest = qualifiedName;
    return rest.consume_front(space) && rest.starts_with("::");
  };
  bool follows = llvm::any_of(
      followed, [&](llvm::StringRef name) { return name == qualifiedName || isIn(name); });
  return !follows && llvm::any_of(namespaces, isIn);
}

} // namespace sluice::checker::models
