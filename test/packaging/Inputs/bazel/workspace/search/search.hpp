#pragma once
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
sluice::chan<int> startSearch();
