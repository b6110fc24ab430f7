#include "summary.hpp"

#include <algorithm>

namespace nt {

std::vector<Area> by_area(const std::vector<TestResult>& tests) {
  std::vector<Area> areas;
  // exercise 16.6: find the area of each test, or begin it, and count the test in
  for (const TestResult& test : tests) {
    auto area = std::find_if(areas.begin(), areas.end(),
                             [&](const Area& known) { return known.name == test.area; });
    if (area == areas.end()) area = areas.insert(areas.end(), {.name = test.area});
    ++area->tests;
    if (!test.passed()) ++area->failed;
    area->seconds += test.seconds;
  }
  // end exercise
  return areas;
}

std::vector<TestResult> slowest(std::vector<TestResult> tests, std::size_t count) {
  std::stable_sort(tests.begin(), tests.end(),
                   [](const TestResult& a, const TestResult& b) { return a.seconds > b.seconds; });
  tests.resize(std::min(tests.size(), count));
  return tests;
}

}  // namespace nt
