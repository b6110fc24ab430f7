#pragma once
// What a Catch2 program says of its tests, read from its XML report while it runs. A report that
// breaks off tells what came until then, and which test was running.

#include <functional>
#include <string>
#include <vector>

#include "tags.hpp"

namespace nt {

struct TestResult {
  std::string name;
  std::string area;  ///< the first of its Catch2 tags: "ops" of [ops][slow]
  double seconds = 0;
  /// What failed, each with its place: `op_tests.cpp:12: complaints.empty(): { "add of ..." }`;
  /// none where the test passed.
  std::vector<std::string> failures;

  bool passed() const { return failures.empty(); }
};

/// Told of every test when it ends.
using OnTest = std::function<void(const TestResult&)>;

class ReportReader {
 public:
  explicit ReportReader(OnTest on_test) : on_test_(std::move(on_test)) {}

  /// Takes in what the program has written.
  void feed(std::string_view bytes);

  /// The program has ended, `how` says in which way: the test that was running fails with it, or,
  /// where none was and the report is not whole, a test of that name: `the program`.
  void end(const std::string& how);

 private:
  void take(const Tag& tag);
  void take_failure(const Tag& tag);
  void report();

  OnTest on_test_;
  TagReader tags_;
  TestResult test_;
  bool running_ = false;
  bool whole_ = false;
  std::string place_;     // of the assertion that is being told of: "op_tests.cpp:12"
  std::string original_;  // how it stands in the source
  bool holds_ = true;     // whether it holds
};

}  // namespace nt
