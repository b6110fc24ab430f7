#pragma once
// Runs the programs of the course, one after the other, and keeps what they prove. Each is a
// process of its own: one that crashes, or does not end, takes nobody with it.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nt {

/// Runs a program to its end and returns its exit status, 128 + the signal that killed it, or
/// nothing where it took longer than `seconds`: then it is killed, with all that it has started.
/// What it prints goes to the file `log`; its input is empty. Ctrl-C kills it too and throws
/// Interrupted. Throws Error
///   `cannot run /nowhere/x: No such file or directory`
std::optional<int> run_within(const std::vector<std::string>& command,
                              const std::filesystem::path& log, double seconds);

/// How a program ended, in words: `proved`, `a proof fails`, `took longer than 300 s`, `not built`.
struct ProgramRun {
  std::string program;
  std::string outcome;
};

/// Where the programs are, where their reports go, and what they are told.
struct ProvingPlan {
  std::filesystem::path programs;  ///< a folder, such as build/default/bin
  std::filesystem::path reports;   ///< a folder, which is created; NAME.json and NAME.log each
  std::string data;                ///< "digits" or "mnist"
  double seconds = 300;            ///< that each may take
};

/// Runs `program` with --report. An older report of it is removed first, so that none is left for
/// one that does not end well.
ProgramRun prove_program(const std::string& program, const ProvingPlan& plan);

/// The folder of the program that is running.
std::filesystem::path own_folder();

}  // namespace nt
