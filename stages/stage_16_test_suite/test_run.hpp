#pragma once
// Runs a program of Catch2 tests and reads what it says while it runs.

#include <filesystem>

#include "test_report.hpp"

namespace nt {

/// Starts the program with these arguments, and those that make Catch2 write XML with durations,
/// and tells on_test of every test when it ends. A program that is ended by a signal, or stops
/// before its report is whole, fails in the test that was running. Where on_test throws, the
/// program is ended and waited for. Throws
///   FileError  `build/default/bin/suite: cannot be run: No such file or directory`
void run_tests(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               const OnTest& on_test);

}  // namespace nt
