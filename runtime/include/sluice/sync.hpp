// Every way to synchronise that is not a channel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/condition_variable.hpp>
#include <sluice/mutex.hpp>
#include <sluice/once.hpp>
#include <sluice/semaphore.hpp>
#include <sluice/shared_mutex.hpp>
#include <sluice/wait_group.hpp>

#include <mutex> // the standard's guards, which hold these locks
