// Makes headers of one version and a library of another a link error.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::core {

/// The version is part of the name; the library defines only its own.
extern const char abi_version_1;

[[gnu::used]] inline const char *const linked_abi_version = &abi_version_1;

} // namespace sluice::core
