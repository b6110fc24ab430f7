// A whole run and its file: saved when it should be, and resumed to the very same bytes.

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/scratch_folder.hpp"
#include "install_fast.hpp"
#include "long_run.hpp"
#include "metrics_file.hpp"
#include "model_file.hpp"
#include "resumable.hpp"
#include "safetensors.hpp"
#include "small_run.hpp"

namespace nt {
namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;

/// How a process ends that nobody asks: by kill -9.
struct Killed {};

/// Seven images in batches of three, two epochs: six steps, each of which takes a second.
struct Small {
  explicit Small(double every, const char* with = "adamw")
      : optimizer(with), keeping{folder.path() / "x.safetensors", {{"lr", "0.05"}}, every} {}

  LongRun run() const { return {small_trainer(set, {.optimizer = optimizer})}; }

  /// Goes on from the file, or begins, and finishes.
  void go_on(const TrainingWatch& watch = {}) {
    LongRun now = run();
    if (std::filesystem::exists(keeping.path)) resume(now, keeping);
    finish(now, watch);
  }

  void finish(LongRun& now, const TrainingWatch& watch = {}) {
    const auto step = [&](const StepResult& result) {
      time += kSecond;
      if (watch.step) watch.step(result);
    };
    nt::finish(now, set, keeping, [this] { return time; }, {step, watch.epoch});
  }

  std::string bytes() const { return read_file(keeping.path); }

  /// The step that the file is of, or -1.
  std::int64_t saved() const {
    if (!std::filesystem::exists(keeping.path)) return -1;
    return state_of("x", read_weights(keeping.path)).step;
  }

  ScratchFolder folder;
  ImageSet set = small_set(7);
  const char* optimizer;
  Keeping keeping;
  Nanoseconds time = 0;
};

std::string whole_run(const char* optimizer = "adamw") {
  Small small(1000, optimizer);
  small.go_on();
  return small.bytes();
}

/// A check on every backend.
template <class Check>
void on_all(const Check& check) {
  install_fast();
  for (const Backend backend : kBackends) {
    set_backend(backend);
    INFO("on " << name(backend));
    check();
  }
}

TEST_CASE("a file of a run holds its state, its recipe and its log", "[stage_19][19.2][19.3]") {
  use(Backend::naive);
  Small small(1000);
  LongRun run = small.run();
  run.trainer.step();
  run.log[0] = {0, 1.0 / 3, {0.7, 2, 7}};
  save(run, small.keeping);
  LongRun other = small.run();
  resume(other, small.keeping);
  CHECK(log_metadata(other.log) == log_metadata(run.log));
  CHECK(encode_safetensors(file_of(other, small.keeping.recipe)) == small.bytes());
  CHECK(read_weights(small.keeping.path).metadata.at("recipe.lr") == "0.05");
}

TEST_CASE("stage 15 reads the file of a long run and goes on from it", "[stage_19]") {
  use(Backend::naive);
  Small small(1000);
  LongRun run = small.run();
  run.trainer.step();
  run.log[0] = {0, 1, {1, 2, 7}};
  save(run, small.keeping);
  const TinyVit model = model_of("x", read_weights(small.keeping.path));
  CHECK(same(weights_of(model), weights_of(run.trainer.model())));
  Trainer trainer = small_trainer(small.set);
  resume(trainer, Checkpoints{small.keeping.path, 1, small.keeping.recipe});
  CHECK(trainer.done() == 1);
}

TEST_CASE("a run is not resumed with another recipe, and stays what it was", "[stage_19][19.3]") {
  use(Backend::naive);
  Small small(1000);
  LongRun run = small.run();
  run.trainer.step();
  save(run, small.keeping);
  LongRun other = small.run();
  small.keeping.recipe["lr"] = "0.1";
  CHECK_THROWS_WITH(resume(other, small.keeping),
                    small.keeping.path.string() + ": was made with lr 0.05, and now it is 0.1");
  CHECK(other.trainer.done() == 0);
}

TEST_CASE("a state of another model is refused with the file in front", "[stage_19][19.3]") {
  use(Backend::naive);
  Small small(1000);
  save(small.run(), small.keeping);
  TinyVitConfig sizes = kSmall;
  sizes.heads = 1;
  LongRun other{small_trainer(small.set, {.sizes = sizes})};
  CHECK_THROWS_WITH(
      resume(other, small.keeping),
      small.keeping.path.string() + ": trainer: the state's model has heads 2, this one 1");
}

TEST_CASE("a log that cannot be read leaves the run as it was", "[stage_19][19.2][19.3]") {
  use(Backend::naive);
  Small small(1000);
  LongRun run = small.run();
  run.trainer.step();
  WeightFile file = file_of(run, small.keeping.recipe);
  file.metadata["result.1"] = "{}";
  write_file(small.keeping.path, encode_safetensors(file));
  LongRun other = small.run();
  CHECK_THROWS_WITH(resume(other, small.keeping),
                    small.keeping.path.string() + ": result.1: no 'epoch'");
  CHECK(other.trainer.done() == 0);
}

TEST_CASE("a run is saved when the clock says so and at its end", "[stage_19][19.1][19.4]") {
  use(Backend::naive);
  Small small(2.5);
  std::vector<std::int64_t> saved;  // by the steps before, as each step sees it
  small.go_on({[&](const StepResult&) { saved.push_back(small.saved()); }, {}});
  CHECK(saved == std::vector<std::int64_t>{-1, -1, -1, 3, 3, 3});
  CHECK(small.saved() == 6);
}

TEST_CASE("the last file has the results of all epochs", "[stage_19][19.1][19.4]") {
  use(Backend::naive);
  Small small(1);  // saved behind the last step too, where the last epoch has no result yet
  std::vector<std::string> told;
  small.go_on({{}, [&](const EpochResult& result) { told.push_back(json_line(result)); }});
  const Metadata metadata = read_weights(small.keeping.path).metadata;
  REQUIRE(told.size() == 2);
  CHECK(metadata.at("result.1") == told[0]);
  CHECK(metadata.at("result.2") == told[1]);
}

TEST_CASE("each step and each epoch is told, an epoch once it is in the log",
          "[stage_19][19.1][19.4]") {
  use(Backend::naive);
  Small small(1000);
  LongRun run = small.run();
  std::vector<std::int64_t> steps, epochs;
  small.finish(run, {[&](const StepResult& result) { steps.push_back(result.step); },
                     [&](const EpochResult& result) {
                       epochs.push_back(result.epoch);
                       CHECK(json_line(run.log.at(result.epoch)) == json_line(result));
                     }});
  CHECK(steps == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
  CHECK(epochs == std::vector<std::int64_t>{0, 1});
  CHECK(run.log.size() == 2);
}

TEST_CASE("killed behind any of its steps a run ends with the same bytes",
          "[stage_19][19.1][19.2][19.3][19.4]") {
  on_all([] {
    for (const char* optimizer : {"adamw", "sgd"}) {
      CAPTURE(optimizer);
      const std::string whole = whole_run(optimizer);
      for (std::int64_t kill = 1; kill <= 6; ++kill) {
        for (const double every : {0.0, 2.0}) {
          CAPTURE(kill, every);
          Small small(every, optimizer);
          const auto step = [&](const StepResult& result) {
            if (result.step == kill) throw Killed();
          };
          CHECK_THROWS_AS(small.go_on({step, {}}), Killed);
          CHECK(small.saved() <= kill - 1);  // nobody had the time to save the last step
          small.go_on();
          CHECK(small.bytes() == whole);
        }
      }
    }
  });
}

TEST_CASE("killed during an evaluation a run ends with the same bytes",
          "[stage_19][19.1][19.2][19.3][19.4]") {
  use(Backend::naive);
  for (const std::int64_t kill : {0, 1}) {
    CAPTURE(kill);
    Small small(0);
    const auto epoch = [&](const EpochResult& result) {
      if (result.epoch == kill) throw Killed();
    };
    CHECK_THROWS_AS(small.go_on({{}, epoch}), Killed);
    CHECK(small.saved() == 3 * (kill + 1));
    small.go_on();
    CHECK(small.bytes() == whole_run());
  }
}

TEST_CASE("an interrupted run is saved where it stands", "[stage_19][19.1][19.2][19.3][19.4]") {
  use(Backend::naive);
  Small small(1000);
  const auto step = [](const StepResult& result) {
    if (result.step == 4) throw Interrupted();
  };
  LongRun run = small.run();
  CHECK_THROWS_AS(small.finish(run, {step, {}}), Interrupted);
  CHECK(small.saved() == 4);
  CHECK(small.bytes() == encode_safetensors(file_of(run, small.keeping.recipe)));
  CHECK(read_weights(small.keeping.path).metadata.count("result.1") == 1);
  small.go_on();
  CHECK(small.bytes() == whole_run());
}

TEST_CASE("interrupted behind an epoch a run keeps its result",
          "[stage_19][19.1][19.2][19.3][19.4]") {
  use(Backend::naive);
  Small small(1000);
  const auto epoch = [](const EpochResult&) { throw Interrupted(); };
  CHECK_THROWS_AS(small.go_on({{}, epoch}), Interrupted);
  CHECK(read_weights(small.keeping.path).metadata.count("result.1") == 1);
  small.go_on();  // which evaluates again, and has no epoch twice
  CHECK(small.bytes() == whole_run());
}

TEST_CASE("an error that is no interruption leaves the file alone", "[stage_19][19.4]") {
  use(Backend::naive);
  Small small(1000);
  const auto step = [](const StepResult&) { throw Error("the loss is nan"); };
  CHECK_THROWS_WITH(small.go_on({step, {}}), "the loss is nan");
  CHECK(small.saved() == -1);
}

TEST_CASE("a run that is done is resumed to the same bytes", "[stage_19][19.1][19.2][19.3][19.4]") {
  use(Backend::naive);
  Small small(1000);
  small.go_on();
  const std::string before = small.bytes();
  small.go_on();
  CHECK(small.bytes() == before);
}

}  // namespace
}  // namespace nt
