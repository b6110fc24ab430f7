#pragma once
// Many tests in few lines: how many there are of each area, how many fail, how long they take.

#include "test_report.hpp"

namespace nt {

struct Area {
  std::string name;
  int tests = 0;
  int failed = 0;
  double seconds = 0;
};

/// A line for each area, in the order in which their first tests ended. Tests of an area count
/// together, wherever they stand.
std::vector<Area> by_area(const std::vector<TestResult>& tests);

/// The `count` tests that took longest, the longest first; all where there are fewer.
std::vector<TestResult> slowest(std::vector<TestResult> tests, std::size_t count);

}  // namespace nt
