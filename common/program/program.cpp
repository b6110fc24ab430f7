#include "program/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/files.hpp"

namespace nt {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int /*signal*/) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);  // a second Ctrl-C ends the program at once
}

/// The command line as Options; throws CLI::ParseError.
Options parse(CLI::App& app, const Program& program, int argc, const char* const* argv) {
  Options options;
  std::string backend;
  std::vector<std::string> backends;
  for (const Backend known : program.backends) backends.emplace_back(name(known));
  app.add_option("--backend", backend, "who computes")
      ->check(CLI::IsMember(backends))
      ->default_val(backends.front());
  app.add_option("--data", options.data, "the digits: MNIST where it is present unless named")
      ->check(CLI::IsMember({"digits", "mnist"}));
  app.add_option("--seed", options.seed, "of what the program draws at random")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()))
      ->capture_default_str();
  app.add_option("--report", options.report, "write the proofs to this file, as JSON");
  if (program.add_options) program.add_options(app);
  app.parse(argc, argv);
  options.backend = parse_backend("--backend", backend);
  if (!options.report.empty()) require_writable("--report", options.report);
  return options;
}

void write_report(const Program& program, const Options& options, const Proofs& proofs) {
  nlohmann::ordered_json report{{"program", program.name},
                                {"backend", name(options.backend)},
                                {"seed", options.seed},
                                {"pass", proofs.hold()},
                                {"proofs", nlohmann::json::array()}};
  for (const Proof& proof : proofs.all()) {
    report["proofs"].push_back({{"name", proof.name},
                                {"measure", proof.measure},
                                {"value", proof.value},
                                {"limit", proof.limit},
                                {"pass", proof.holds()}});
  }
  write_file(options.report, report.dump(2) + "\n");
}

}  // namespace

int run(const Program& program, int argc, const char* const* argv) try {
  std::signal(SIGINT, on_interrupt);
  CLI::App app{program.summary};
  try {
    const Options options = parse(app, program, argc, argv);
    Proofs proofs(program.name);
    program.run(options, proofs);
    if (!options.report.empty()) write_report(program, options, proofs);
    fmt::print("{}\n", proofs.verdict());
    return proofs.hold() ? 0 : 1;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  }
} catch (const CLI::ParseError& error) {
  fmt::print(stderr, "{}: {}; --help lists the options\n", program.name, error.what());
  return 2;
} catch (const UsageError& error) {
  fmt::print(stderr, "{}: {}\n", program.name, error.what());
  return 2;
} catch (const Interrupted&) {
  fmt::print(stderr, "\n{}: interrupted\n", program.name);
  return 130;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", program.name, error.what());
  return 1;
}

void require_writable(const std::string& option, const std::filesystem::path& path) {
  const auto refuse = [&](const char* reason, const std::filesystem::path& what) {
    throw UsageError(fmt::format("{}: {}: {}", option, reason, what.string()));
  };
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!std::filesystem::is_directory(folder)) refuse("no such folder", folder);
  if (std::filesystem::is_directory(path)) refuse("a folder", path);
  const bool device = std::filesystem::exists(path) && !std::filesystem::is_regular_file(path);
  const std::filesystem::path& changed = device ? path : folder;  // files get a new neighbour
  if (::access(changed.c_str(), W_OK) != 0) refuse("no permission to write", changed);
}

void stop_if_interrupted() {
  if (interrupted != 0) throw Interrupted();
}

}  // namespace nt
