#pragma once
// The frame of every program of the course: options, proofs, verdict, exit status. A stage's
// main.cpp defines program(); main() itself is here.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/backend.hpp"
#include "program/proofs.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own name
class App;
}

namespace nt {

/// What every program is told on its command line.
struct Options {
  Backend backend{};      ///< --backend; the default is the first that the program runs on
  std::string data;       ///< --data digits|mnist; empty: MNIST where it is present, else digits
  std::int64_t seed = 1;  ///< --seed: of what the program draws at random
  std::string report;     ///< --report FILE.json: where the proofs go, or empty
};

struct Program {
  std::string name;               ///< "stage 03 storage", as the verdict says it
  std::string summary;            ///< one line for --help
  std::vector<Backend> backends;  ///< those it runs on
  std::function<void(const Options&, Proofs&)> run;
  std::function<void(CLI::App&)> add_options = {};  ///< those of this program alone, or none
};

/// What this program is; defined once in each program.
Program program();

/// Runs it. The exit status: 0 when every proof holds, 1 when one fails or an error stops the
/// program, 2 for a wrong command line, 130 when the user interrupts it.
int run(const Program& program, int argc, const char* const* argv);

/// A path that the command line gives for a file of results, refused now where it would be refused
/// after the work. Throws UsageError
///   `--report: no such folder: /nowhere`
///   `--report: a folder: out`
///   `--report: no permission to write: /usr`
void require_writable(const std::string& option, const std::filesystem::path& path);

/// Throws Interrupted once the user has pressed Ctrl-C. Long computations call it at every step.
void stop_if_interrupted();

}  // namespace nt
