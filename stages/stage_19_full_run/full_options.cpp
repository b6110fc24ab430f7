#include "full_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/paths.hpp"
#include "program/program.hpp"
#include "resumable.hpp"

namespace nt {
namespace {

constexpr std::int64_t kRehearsalTrain = 1000;
constexpr std::int64_t kRehearsalTest = 500;

/// Nothing where the path ends as a checkpoint's does, else what is wrong.
std::string ending_problem(const std::string& path) {
  if (path.ends_with(".safetensors")) return "";
  return path + " should be called .safetensors";
}

/// Nothing where the text is a time to wait, else what is wrong. (CLI::Range would let NaN pass.)
std::string seconds_problem(const std::string& text) {
  double seconds = -1;
  if (CLI::detail::lexical_cast(text, seconds) && seconds >= 0 && seconds <= 1e6) return "";
  return fmt::format("expected seconds from 0 to 1000000, found {}", text);
}

/// Those of training, as far as they are this program's too.
void add_recipe(CLI::App& app, TrainingOptions& training) {
  add_training_options(app, training);
  for (const char* other : {"--save", "--metrics", "--train", "--test"}) {
    app.remove_option(app.get_option(other));
  }
  app.get_option("--lr")->description(
      fmt::format("the rate [{} for adamw, 0.1 for sgd]", *full_recipe().lr));
}

}  // namespace

TrainingOptions full_recipe() {
  return {.epochs = 5, .batch = 64, .lr = 1e-2F, .schedule = "linear"};
}

void add_full_options(CLI::App& app, FullOptions& options) {
  options.training.lr.reset();
  app.add_flag("--full", options.full, "all images, not the first ones for a rehearsal");
  app.add_option("--checkpoint", options.checkpoint, "the file that the run is kept in")
      ->check(ending_problem, "");
  app.add_option("--every", options.every, "seconds from one save to the next")
      ->check(seconds_problem, "")
      ->capture_default_str();
  app.add_flag("--resume", options.resume, "go on from the checkpoint where there is one");
  add_recipe(app, options.training);
  app.parse_complete_callback([&options] {
    TrainingOptions& training = options.training;
    if (!training.lr && training.optimizer == "adamw") training.lr = full_recipe().lr;
    if (!options.checkpoint.empty()) require_writable("--checkpoint", options.checkpoint);
  });
}

ImageSets read_sets(FullOptions& options, const std::string& data) {
  options.training.train = kRehearsalTrain;
  options.training.test = kRehearsalTest;
  if (!options.full) return read_training_sets(options.training, data);
  ImageSets sets = read_image_sets(data);
  options.training.train = sets.train.count();
  options.training.test = sets.test.count();
  return sets;
}

Keeping keeping_of(const FullOptions& options, const std::string& data, std::int64_t seed) {
  Keeping keeping{options.checkpoint, recipe_of(options.training, data, seed), options.every};
  keeping.recipe["test"] = std::to_string(options.training.test);
  if (!options.checkpoint.empty()) return keeping;
  const std::filesystem::path folder = project_root() / "out";
  std::filesystem::create_directories(folder);
  keeping.path =
      folder / (options.full ? "19_checkpoint.safetensors"
                             : fmt::format("19_rehearsal_{}.safetensors", name(current_backend())));
  return keeping;
}

}  // namespace nt
