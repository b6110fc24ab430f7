// Checkpoints: everything that the next step depends on is in the file, and a run that goes on from
// one takes the steps that it would have taken.

#include <algorithm>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "core/files.hpp"
#include "core/scratch_folder.hpp"
#include "model_file.hpp"
#include "resumable.hpp"
#include "safetensors.hpp"
#include "state_file.hpp"
#include "training_run.hpp"

namespace nt {
namespace {

/// Twelve images of noise, the same each time.
ImageSet noise() {
  Random random(3);
  ImageSet set{{12, 28, 28}, {}, {}};
  for (std::int64_t i = 0; i < set.shape.count(); ++i) {
    set.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
  }
  for (int i = 0; i < 12; ++i) set.labels.push_back(i % 10);
  return set;
}

/// Three steps an epoch, the last of two images.
TrainingOptions options_for(const std::string& optimizer) {
  TrainingOptions options;
  options.optimizer = optimizer;
  options.epochs = 3;
  options.batch = 5;
  options.dim = 8;
  options.heads = 2;
  options.schedule = "cosine";
  return options;
}

std::string bytes_of(const Trainer& trainer) {
  return encode_safetensors(checkpoint_of(trainer.state(), {}));
}

void check_same(const TrainingState& a, const TrainingState& b) {
  CHECK(sizes_metadata(a.sizes) == sizes_metadata(b.sizes));
  CHECK(differing(a.weights, b.weights) == 0);
  CHECK(a.optimizer.name == b.optimizer.name);
  CHECK(differing(a.optimizer.buffers, b.optimizer.buffers) == 0);
  auto steps = a.optimizer.steps;
  auto expected = b.optimizer.steps;
  std::sort(steps.begin(), steps.end());
  std::sort(expected.begin(), expected.end());
  CHECK(steps == expected);
  CHECK(a.place == b.place);
  CHECK(a.step == b.step);
  CHECK(a.epoch_loss == b.epoch_loss);
  CHECK(a.images == b.images);
}

TEST_CASE("a state comes back from its file, every part of it", "[stage_15][15.6]") {
  use(Backend::naive);
  const ImageSet set = noise();
  for (const char* optimizer : {"adamw", "sgd"}) {
    Trainer trainer = make_trainer(options_for(optimizer), set, 1);
    for (int step = 0; step <= 4; ++step) {  // step 0: no buffers yet; 3: an epoch's end
      CAPTURE(optimizer, step);
      const TrainingState state = trainer.state();
      const WeightFile file = decode_safetensors("x", encode_safetensors(checkpoint_of(state, {})));
      check_same(state_of("x", file), state);
      trainer.step();
    }
  }
}

TEST_CASE("a place far on and a generator of 64 bits come back", "[stage_15][15.6]") {
  use(Backend::naive);
  const ImageSet set = noise();
  TrainingState state = make_trainer(options_for("sgd"), set, 1).state();
  state.place = {1'000'000'000'000, 3, 0xfedcba9876543210U};
  state.step = 3'000'000'000'003;
  state.epoch_loss = 1.0 / 3;
  state.images = 12;
  check_same(state_of("x", checkpoint_of(state, {})), state);
}

TEST_CASE("a checkpoint's names say which array is a weight and which a buffer",
          "[stage_15][15.6]") {
  use(Backend::naive);
  const ImageSet set = noise();
  Trainer trainer = make_trainer(options_for("adamw"), set, 1);
  trainer.step();
  const WeightFile file = checkpoint_of(trainer.state(), {{"lr", "0.001"}});
  const auto has = [&](const char* name) {
    return std::any_of(file.arrays.begin(), file.arrays.end(),
                       [&](const auto& array) { return array.first == name; });
  };
  CHECK(has("classifier.bias"));
  CHECK(has("optimizer.classifier.bias.m"));
  CHECK(has("optimizer.classifier.bias.v"));
  CHECK(file.metadata.at("step") == "1");
  CHECK(file.metadata.at("steps.classifier.bias") == "1");
  CHECK(file.metadata.at("recipe.lr") == "0.001");
  CHECK(differing(weights_of(model_of("x", file)), weights_of(trainer.model())) == 0);
}

TEST_CASE("a run goes on from any of its steps to the same end", "[stage_15][15.6]") {
  on_both([] {
    const ScratchFolder folder;
    const ImageSet set = noise();
    for (const char* optimizer : {"adamw", "sgd"}) {
      const TrainingOptions options = options_for(optimizer);
      const Checkpoints checkpoints{folder.path() / "x.safetensors", 1, {}};
      Trainer whole = make_trainer(options, set, 1);
      while (!whole.finished()) whole.step();
      for (int stop = 0; stop <= 9; stop += 3) {
        CAPTURE(optimizer, stop);
        Trainer first = make_trainer(options, set, 1);
        for (int step = 0; step < stop; ++step) first.step();
        save(first, checkpoints);
        Trainer second = make_trainer(options, set, 2);  // other weights, which are replaced
        resume(second, checkpoints);
        while (!second.finished()) second.step();
        CHECK(bytes_of(second) == bytes_of(whole));
      }
    }
  });
}

TEST_CASE("what stage 14 saves is a checkpoint, and a run goes on from it", "[stage_15][15.6]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const ImageSet set = noise();
  for (const char* optimizer : {"adamw", "sgd"}) {
    CAPTURE(optimizer);
    const TrainingOptions options = options_for(optimizer);
    Trainer whole = make_trainer(options, set, 1);
    for (int step = 0; step < 4; ++step) whole.step();
    const Checkpoints checkpoints{folder.path() / "x.json", 1, {{"lr", "0.001"}}};
    write_state(checkpoints.path, whole.state());
    check_same(state_of("x", read_weights(checkpoints.path)), whole.state());
    Trainer second = make_trainer(options, set, 2);
    resume(second, checkpoints);
    while (!whole.finished()) whole.step();
    while (!second.finished()) second.step();
    CHECK(bytes_of(second) == bytes_of(whole));
    save(second, checkpoints);
    CHECK(read_file(checkpoints.path) == state_json(whole.state()));
  }
}

TEST_CASE("a run saves every so many steps and at the end", "[stage_15][15.6]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const ImageSet set = noise();
  const Checkpoints checkpoints{folder.path() / "x.safetensors", 4, {{"lr", "0.001"}}};
  Trainer trainer = make_trainer(options_for("adamw"), set, 1);
  std::vector<std::int64_t> saved;  // the step that the file holds before each one saves
  const auto save_now = save_in_time(trainer, checkpoints);
  const auto on_step = [&](const StepResult& result) {
    const bool there = std::filesystem::exists(checkpoints.path);
    saved.push_back(there ? state_of("x", read_weights(checkpoints.path)).step : 0);
    save_now(result);
  };
  train(trainer, set, {on_step, {}});
  CHECK(saved == std::vector<std::int64_t>{0, 0, 0, 0, 4, 4, 4, 4, 8});
  CHECK(state_of("x", read_weights(checkpoints.path)).step == 9);
}

TEST_CASE("a run is not resumed with another recipe", "[stage_15][15.6]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const ImageSet set = noise();
  TrainingOptions options = options_for("adamw");
  const Checkpoints checkpoints{folder.path() / "x.safetensors", 1, recipe_of(options, "noise", 1)};
  Trainer trainer = make_trainer(options, set, 1);
  save(trainer, checkpoints);
  const std::string before = bytes_of(trainer);
  const std::string path = checkpoints.path.string();
  options.lr = 0.01F;
  CHECK_THROWS_WITH(resume(trainer, {checkpoints.path, 1, recipe_of(options, "noise", 1)}),
                    path + ": was made with lr 0.001, and now it is 0.01");
  CHECK_THROWS_WITH(resume(trainer, {checkpoints.path, 1, {{"dropout", "0.1"}}}),
                    path + ": was made without dropout, and now it is 0.1");
  options = options_for("sgd");
  Trainer other = make_trainer(options, set, 1);
  CHECK_THROWS_WITH(resume(other, {checkpoints.path, 1, {}}),
                    path + ": optimizer: the state is of 'adamw', not of 'sgd'");
  CHECK(bytes_of(trainer) == before);
}

TEST_CASE("the epochs belong to the recipe where the rate depends on them", "[stage_15]") {
  use(Backend::naive);
  TrainingOptions options = options_for("adamw");
  CHECK(recipe_of(options, "noise", 1).at("epochs") == "3");
  options.schedule = "constant";
  CHECK(recipe_of(options, "noise", 1).count("epochs") == 0);
}

TEST_CASE("a file of weights alone is no checkpoint, and a wrong entry is named",
          "[stage_15][15.6]") {
  use(Backend::naive);
  const ImageSet set = noise();
  const Trainer trainer = make_trainer(options_for("adamw"), set, 1);
  WeightFile file{weights_of(trainer.model()), {}};
  CHECK_THROWS_WITH(state_of("x", file), "x: no checkpoint: its metadata have no 'step'");
  file = checkpoint_of(trainer.state(), {});
  file.metadata["step"] = "seven";
  CHECK_THROWS_WITH(state_of("x", file), "x: step should be a number, found 'seven'");
  file.metadata["step"] = "0 ";
  CHECK_THROWS_WITH(state_of("x", file), "x: step should be a number, found '0 '");
}

}  // namespace
}  // namespace nt
