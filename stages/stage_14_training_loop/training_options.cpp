#include "training_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>

#include "core/errors.hpp"
#include "program/program.hpp"

namespace nt {
namespace {

/// A whole number from 1 to `most`.
auto up_to(std::int64_t most) { return CLI::Range(std::int64_t{1}, most); }

/// Nothing where the text is a rate, otherwise what is wrong. (CLI::Range would let NaN pass.)
std::string rate_problem(const std::string& text) {
  float rate = std::numeric_limits<float>::quiet_NaN();
  if (CLI::detail::lexical_cast(text, rate) && rate >= 0 && rate <= 1000) return "";
  return fmt::format("expected a number from 0 to 1000, found {}", text);
}

void require_sense(const TrainingOptions& options) {
  if (options.dim % options.heads != 0) {
    throw UsageError(
        fmt::format("--heads {} does not divide --dim {}", options.heads, options.dim));
  }
  if (!options.save.empty()) require_writable("--save", options.save);
  if (!options.metrics.empty()) require_writable("--metrics", options.metrics);
}

/// The first images of a set.
ImageSet part(const char* option, const std::string& name, const ImageSet& set,
              std::int64_t count) {
  if (count <= set.count()) return first(set, count);
  throw Error(fmt::format("{}: {} has {} images, asked for the first {}", option, name, set.count(),
                          count));
}

}  // namespace

float TrainingOptions::rate() const { return lr.value_or(optimizer == "sgd" ? 0.1F : 1e-3F); }

void add_training_options(CLI::App& app, TrainingOptions& options) {
  const auto add = [&](const char* name, auto& value, const char* says) {
    return app.add_option(name, value, says)->capture_default_str();
  };
  add("--epochs", options.epochs, "how often every image is seen")->check(up_to(100'000));
  add("--batch", options.batch, "images a step")->check(up_to(100'000));
  add("--optimizer", options.optimizer, "who takes the steps")
      ->check(CLI::IsMember({"adamw", "sgd"}));
  app.add_option("--lr", options.lr, "the rate [0.001 for adamw, 0.1 for sgd]")
      ->check(rate_problem, "");
  add("--schedule", options.schedule, "how the rate changes")
      ->check(CLI::IsMember({"constant", "linear", "cosine"}));
  add("--depth", options.depth, "encoder blocks")->check(up_to(100));
  add("--heads", options.heads, "of attention, in each block")->check(up_to(1000));
  add("--dim", options.dim, "the numbers of a token")->check(up_to(10'000));
  add("--train", options.train, "training images, the first ones")->check(up_to(1'000'000'000));
  add("--test", options.test, "test images, the first ones")->check(up_to(1'000'000'000));
  add("--save", options.save, "the file for the trained state, JSON");
  add("--metrics", options.metrics, "the file for the metrics, a line of JSON a step and an epoch");
  app.final_callback([&options] { require_sense(options); });
}

TinyVitConfig model_sizes(const TrainingOptions& options) {
  return {
      .dim = options.dim, .depth = options.depth, .heads = options.heads, .mlp = 2 * options.dim};
}

TrainingPlan training_plan(const TrainingOptions& options) {
  return {.epochs = options.epochs,
          .lr = options.rate(),
          .schedule = find_schedule(options.schedule),
          .clip = options.optimizer == "sgd" ? 1.0F : 0.0F};
}

ImageSets read_training_sets(const TrainingOptions& options, const std::string& data) {
  const ImageSets sets = read_image_sets(data);
  return {sets.name, part("--train", sets.name, sets.train, options.train),
          part("--test", sets.name, sets.test, options.test)};
}

Trainer make_trainer(const TrainingOptions& options, const ImageSet& train, std::int64_t seed) {
  Random random(static_cast<std::uint64_t>(seed));
  const TinyVit model(model_sizes(options), random);
  return {model, make_optimizer(options.optimizer, model.parameters()),
          DataLoader(train, options.batch, random), training_plan(options)};
}

}  // namespace nt
