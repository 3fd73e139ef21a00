#pragma once
#include <sluice/sluice.hpp>
sluice::chan<int> startSearch();
