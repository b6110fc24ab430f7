#include "weight_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "core/errors.hpp"
#include "program/program.hpp"

namespace nt {
namespace {

/// Nothing where the path ends as a file of weights does, else what is wrong.
std::string ending_problem(const std::string& path) {
  if (path.ends_with(".json") || path.ends_with(".safetensors")) return "";
  return path + " should be called .json or .safetensors";
}

/// All of training but its files: a checkpoint holds what they would.
void add_training(CLI::App& app, TrainingOptions& training, CLI::Option* checkpoint) {
  const std::size_t before = app.get_options().size();
  add_training_options(app, training);
  for (const char* file : {"--save", "--metrics"}) app.remove_option(app.get_option(file));
  const std::vector<CLI::Option*> all = app.get_options();
  for (std::size_t i = before; i < all.size(); ++i) all[i]->needs(checkpoint);
}

/// One of the two is there, and can be written.
void require_use(const WeightOptions& options) {
  if (options.as.empty() && options.logits.empty()) {
    throw UsageError("--weights: what for? --images FILE --logits FILE, or --as FILE");
  }
  if (!options.as.empty()) require_writable("--as", options.as);
  if (!options.logits.empty()) require_writable("--logits", options.logits);
}

}  // namespace

void add_weight_options(CLI::App& app, WeightOptions& options) {
  CLI::Option* weights = app.add_option("--weights", options.weights, "the weights of a model");
  app.add_option("--as", options.as, "write them to this file, .json or .safetensors")
      ->needs(weights)
      ->check(ending_problem, "");
  CLI::Option* images = app.add_option("--images", options.images, "classify these, an IDX file");
  CLI::Option* logits = app.add_option("--logits", options.logits, "the file for the answers");
  images->needs(weights)->needs(logits);
  logits->needs(images);
  app.add_option("--labels", options.labels, "what the images show, an IDX file")->needs(images);

  CLI::Option* checkpoint =
      app.add_option("--checkpoint", options.checkpoint, "train, and keep the state in this file")
          ->check(ending_problem, "")
          ->excludes(weights);
  app.add_option("--every", options.every, "steps from one checkpoint to the next")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000}))
      ->capture_default_str()
      ->needs(checkpoint);
  app.add_flag("--resume", options.resume, "go on from the checkpoint where there is one")
      ->needs(checkpoint);
  add_training(app, options.training, checkpoint);
  app.parse_complete_callback([&options] {
    if (!options.weights.empty()) require_use(options);
    if (!options.checkpoint.empty()) require_writable("--checkpoint", options.checkpoint);
  });
}

}  // namespace nt
