#include "capstone_options.hpp"

#include <CLI/CLI.hpp>

#include "core/paths.hpp"
#include "program/program.hpp"

namespace nt {

std::filesystem::path out_folder() {
  std::filesystem::path folder = project_root() / "out";
  std::filesystem::create_directories(folder);
  return folder;
}

std::filesystem::path CapstoneOptions::page_path() const {
  return page.empty() ? out_folder() / "20_capstone.html" : std::filesystem::path(page);
}

std::filesystem::path CapstoneOptions::proofs_folder() const {
  return proofs.empty() ? out_folder() / "proofs" : std::filesystem::path(proofs);
}

void add_capstone_options(CLI::App& app, CapstoneOptions& options) {
  CLI::Option* const weights =
      app.add_option("--weights", options.weights, "the model: a .safetensors or .json file");
  app.add_flag("--replay", options.replay, "the model: PyTorch's training, replayed")
      ->excludes(weights);
  app.add_option("--page", options.page, "the file for the page [out/20_capstone.html]");
  app.add_option("--proofs", options.proofs,
                 "the folder of the reports that tick the roadmap [out/proofs]")
      ->check(CLI::ExistingDirectory);
  CLI::Option* const prove_all =
      app.add_flag("--prove-all", options.prove_all, "run every program first, for its report");
  app.add_option("--seconds", options.seconds, "that each of them may take [300]")
      ->check(CLI::Range(1.0, 86400.0))
      ->needs(prove_all);
  app.add_option("--quiz", options.quiz,
                 "so many digits to read against the model [5 in a terminal]")
      ->check(CLI::Range(0, 1000));
  app.parse_complete_callback([&options] {
    if (!options.page.empty()) require_writable("--page", options.page);
  });
}

}  // namespace nt
