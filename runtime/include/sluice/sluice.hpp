// Everything.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/async.hpp>
#include <sluice/blocking.hpp>
#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/defer.hpp>
#include <sluice/external_holder.hpp>
#include <sluice/leak.hpp>
#include <sluice/select.hpp>
#include <sluice/sync.hpp>
#include <sluice/task.hpp>
#include <sluice/task_group.hpp>
#include <sluice/task_local.hpp>
#include <sluice/time.hpp>
