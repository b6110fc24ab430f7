// The options of a training program: what they default to, what they refuse, what they make.

#include <CLI/CLI.hpp>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "small_run.hpp"
#include "training_options.hpp"

namespace nt {
namespace {

TrainingOptions parsed(std::vector<const char*> line) {
  line.insert(line.begin(), "program");
  TrainingOptions options;
  CLI::App app;
  add_training_options(app, options);
  app.parse(static_cast<int>(line.size()), line.data());
  return options;
}

TEST_CASE("without options the recipe is the baseline's of AdamW", "[stage_14]") {
  const TrainingOptions options = parsed({});
  CHECK(options == TrainingOptions{});
  CHECK(options.epochs == 2);
  CHECK(options.batch == 16);
  CHECK(options.train == 2000);
  CHECK(options.test == 1000);
  const TrainingPlan plan = training_plan(options);
  CHECK(plan.lr == 1e-3F);
  CHECK(plan.schedule == constant_rate);
  CHECK(plan.clip == 0);
  const TinyVitConfig sizes = model_sizes(options);
  const TinyVitConfig baseline;
  CHECK(sizes.dim == baseline.dim);
  CHECK(sizes.depth == baseline.depth);
  CHECK(sizes.heads == baseline.heads);
  CHECK(sizes.mlp == baseline.mlp);
}

TEST_CASE("every option arrives where it belongs", "[stage_14]") {
  const TrainingOptions options = parsed(
      {"--epochs",     "3",       "--batch", "8",       "--optimizer", "sgd",        "--schedule",
       "cosine",       "--depth", "2",       "--heads", "3",           "--dim",      "12",
       "--train",      "50",      "--test",  "20",      "--save",      "state.json", "--metrics",
       "metrics.jsonl"});
  CHECK(options.batch == 8);
  CHECK(options.train == 50);
  CHECK(options.test == 20);
  CHECK(options.save == "state.json");
  CHECK(options.metrics == "metrics.jsonl");
  const TrainingPlan plan = training_plan(options);
  CHECK(plan.epochs == 3);
  CHECK(plan.lr == 0.1F);  // the default of sgd
  CHECK(plan.schedule == cosine_rate);
  CHECK(plan.clip == 1);
  const TinyVitConfig sizes = model_sizes(options);
  CHECK(sizes.depth == 2);
  CHECK(sizes.heads == 3);
  CHECK(sizes.dim == 12);
  CHECK(sizes.mlp == 24);
  CHECK(training_plan(parsed({"--lr", "0.02"})).lr == 0.02F);
  CHECK(training_plan(parsed({"--lr", "0.02", "--optimizer", "sgd"})).lr == 0.02F);
}

TEST_CASE("options that make no sense are refused while they are read", "[stage_14]") {
  const std::vector<std::vector<const char*>> wrong = {
      {"--epochs", "0"}, {"--epochs", "-1"},      {"--epochs", "x"},
      {"--batch", "0"},  {"--lr", "nan"},         {"--lr", "-1"},
      {"--lr", "fast"},  {"--optimizer", "adam"}, {"--schedule", "step"},
      {"--depth", "0"},  {"--heads", "0"},        {"--dim", "0"},
      {"--train", "0"},  {"--test", "0"},         {"--epochs", "99999999999999999999"}};
  for (const auto& line : wrong) {
    CAPTURE(line[0], line[1]);
    CHECK_THROWS_AS(parsed(line), CLI::ValidationError);
  }
  CHECK_THROWS_WITH(parsed({"--lr", "nan"}), "--lr: expected a number from 0 to 1000, found nan");
  CHECK_THROWS_AS(parsed({"--heads", "3"}), UsageError);
  CHECK_THROWS_WITH(parsed({"--heads", "3"}), "--heads 3 does not divide --dim 64");
  CHECK_THROWS_WITH(parsed({"--save", "/nowhere/x.json"}), "--save: no such folder: /nowhere");
  CHECK_THROWS_WITH(parsed({"--metrics", "/nowhere/x"}), "--metrics: no such folder: /nowhere");
}

TEST_CASE("the sets are the first images, and no more than there are", "[stage_14]") {
  const ImageSets all = read_image_sets("digits");
  const ImageSets some = read_training_sets({.train = 5, .test = 3}, "digits");
  CHECK(some.name == "digits");
  CHECK(some.train.labels == Labels(all.train.labels.begin(), all.train.labels.begin() + 5));
  CHECK(some.test.labels == Labels(all.test.labels.begin(), all.test.labels.begin() + 3));
  CHECK(some.test.shape == Shape{3, 28, 28});
  CHECK_THROWS_WITH(read_training_sets({.train = 100'000}, "digits"),
                    "--train: digits has 2000 images, asked for the first 100000");
  CHECK_THROWS_WITH(read_training_sets({.test = 1001}, "digits"),
                    "--test: digits has 1000 images, asked for the first 1001");
}

TEST_CASE("a seed draws the weights, and after them the order of the images", "[stage_14][14.1]") {
  use(Backend::eigen);
  ImageSet set{{6, 28, 28}, std::vector<std::uint8_t>(6 * 28 * 28), Labels(6)};
  const TrainingOptions options{.batch = 2, .depth = 2, .dim = 8};
  Random random(3);
  const TinyVit model(model_sizes(options), random);
  const Trainer trainer = make_trainer(options, set, 3);
  CHECK(trainer.steps() == 6);
  CHECK(same(weights_of(trainer.model()), weights_of(model)));
  CHECK(trainer.state().place == LoaderPlace{0, 0, random.state()});
  CHECK(trainer.state().optimizer.name == "adamw");
  CHECK_FALSE(same(weights_of(make_trainer(options, set, 4).model()), weights_of(model)));
}

}  // namespace
}  // namespace nt
