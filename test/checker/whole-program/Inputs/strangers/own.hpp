#pragma once
#include <mutex>
static std::mutex left, right;
inline std::mutex upper, lower;
