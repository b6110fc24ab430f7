#include "medium_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/paths.hpp"
#include "program/program.hpp"

namespace nt {

TrainingOptions medium_recipe() {
  return {
      .epochs = 5, .batch = 32, .lr = 4e-3F, .schedule = "cosine", .train = 10'000, .test = 2000};
}

std::filesystem::path MediumOptions::file(const std::string& ending) const {
  return (out.empty() ? project_root() / "out" : std::filesystem::path(out)) /
         ("18_report" + ending);
}

void add_medium_options(CLI::App& app, MediumOptions& options) {
  options.training.lr.reset();  // to be told whether it was given
  add_training_options(app, options.training);
  app.get_option("--lr")->description(
      fmt::format("the rate [{} for adamw, 0.1 for sgd]", *medium_recipe().lr));
  app.add_option("--out", options.out, "the folder for the report [out]");
  app.parse_complete_callback([&options] {
    TrainingOptions& training = options.training;
    if (!training.lr && training.optimizer == "adamw") training.lr = medium_recipe().lr;
    if (options.out.empty()) return;
    require_writable("--out", options.file(".md"));
    require_writable("--out", options.file(".html"));
  });
}

}  // namespace nt
