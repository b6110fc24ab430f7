// What a run leaves behind: its state, exact to the bit, and its metrics line by line.

#include <bit>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/scratch_folder.hpp"
#include "metrics_file.hpp"
#include "small_run.hpp"
#include "state_file.hpp"

namespace nt {
namespace {

using nlohmann::json;

TEST_CASE("numbers are written with the fewest digits that are exact", "[stage_14]") {
  CHECK(json_number(0.1F) == "0.1");
  CHECK(json_number(0.1) == "0.1");
  CHECK(json_number(1.0F / 3) == "0.33333334");
  CHECK(json_number(1.0 / 3) == "0.3333333333333333");
  CHECK(json_number(1e-5F) == "1e-05");
  CHECK(json_number(std::numeric_limits<float>::denorm_min()) == "1e-45");
  CHECK(json_number(std::numeric_limits<float>::max()) == "3.4028235e+38");
  CHECK(json_number(0.0F) == "0");
  CHECK(json_number(-0.0F) == "-0.0");
  CHECK_THROWS_WITH(json_number(std::nanf("")), "json: nan is no number");
  CHECK_THROWS_WITH(json_number(-std::nanf("")), "json: nan is no number");
  CHECK_THROWS_WITH(json_number(-std::numeric_limits<double>::infinity()),
                    "json: -inf is no number");
}

TEST_CASE("every float comes back from JSON with its own bits", "[stage_14]") {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(random.next()));
    if (!std::isfinite(x)) continue;
    const float back = json::parse(json_number(x)).get<float>();
    if (std::bit_cast<std::uint32_t>(back) == std::bit_cast<std::uint32_t>(x)) continue;
    FAIL(json_number(x));
  }
}

TEST_CASE("weights are an object, one a line, shape and values", "[stage_14]") {
  CHECK(weights_json({}, 2) == "{}");
  CHECK(
      weights_json({{"a", {{2, 1}, {1, -0.5F}}}, {"b \"c\"", {{}, {0.1F}}}, {"d", {{0}, {}}}}, 2) ==
      "{\n"
      "    \"a\": {\"shape\": [2, 1], \"values\": [1, -0.5]},\n"
      "    \"b \\\"c\\\"\": {\"shape\": [], \"values\": [0.1]},\n"
      "    \"d\": {\"shape\": [0], \"values\": []}\n"
      "  }");
  CHECK_THROWS_WITH(weights_json({{"a", {{2}, {1, std::nanf("")}}}}, 0),
                    "json: 'a' holds nan at 1");
}

NamedArrays arrays_in(const json& object) {
  NamedArrays arrays;
  for (const auto& [name, entry] : object.items()) {
    HostArray array{Shape(entry.at("shape").get<std::vector<std::int64_t>>()), {}};
    entry.at("values").get_to(array.values);
    arrays.emplace_back(name, array);
  }
  return arrays;
}

NamedArrays sorted(NamedArrays arrays) {
  std::sort(arrays.begin(), arrays.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return arrays;
}

TEST_CASE("a state's file holds the whole state", "[stage_14][14.1][14.2][14.3]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const ImageSet set = small_set(7);
  for (const char* optimizer : {"adamw", "sgd"}) {
    Trainer trainer = small_trainer(set, {.optimizer = optimizer});
    for (int i = 0; i < 5; ++i) trainer.step();
    const TrainingState state = trainer.state();
    const std::filesystem::path path = folder.path() / "state.json";
    write_state(path, state);
    const json file = json::parse(read_file(path));
    CHECK(file.at("format") == "one-more-nano-torch");
    CHECK(file.at("sizes").dump() ==
          R"({"classes":3,"depth":1,"dim":4,"heads":2,"image":4,"mlp":8,"patch":2})");
    CHECK(same(arrays_in(file.at("weights")), sorted(state.weights)));
    const json& training = file.at("training");
    CHECK(training.at("step") == 5);
    CHECK(training.at("epoch_loss") == state.epoch_loss);
    CHECK(training.at("images") == 6);
    CHECK(training.at("place").at("epoch") == 1);
    CHECK(training.at("place").at("batch") == 2);
    CHECK(training.at("place").at("generator") == state.place.generator);
    const json& saved = training.at("optimizer");
    CHECK(saved.at("name") == optimizer);
    CHECK(same(arrays_in(saved.at("buffers")), sorted(state.optimizer.buffers)));
    CHECK(saved.at("steps").size() == state.optimizer.steps.size());
    for (const auto& [name, steps] : state.optimizer.steps)
      CHECK(saved.at("steps").at(name) == steps);
  }
}

TEST_CASE("a state that cannot be written leaves the file as it was", "[stage_14]") {
  use(Backend::naive);
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / "state.json";
  write_file(path, "old");
  TrainingState state;
  state.weights = {{"a", {{1}, {INFINITY}}}};
  CHECK_THROWS_WITH(write_state(path, state), "json: 'a' holds inf at 0");
  CHECK(read_file(path) == "old");
  CHECK_THROWS_WITH(write_state("/nowhere/state.json", TrainingState{}),
                    "/nowhere/state.json: cannot be written: No such file or directory");
}

TEST_CASE("metrics are lines of JSON, one a step and one an epoch", "[stage_14]") {
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / "metrics.jsonl";
  MetricsFile metrics(path);
  metrics.add(StepResult{1, 0, 2.5F, 1e-3F, 16});
  CHECK(read_file(path) ==  // there at once
        "{\"step\": 1, \"epoch\": 0, \"loss\": 2.5, \"lr\": 0.001, \"images\": 16}\n");
  metrics.add(EpochResult{0, 2.25, {1.5, 30, 40}});
  CHECK(read_file(path) ==
        "{\"step\": 1, \"epoch\": 0, \"loss\": 2.5, \"lr\": 0.001, \"images\": 16}\n"
        "{\"epoch\": 0, \"train_loss\": 2.25, \"test_loss\": 1.5, \"right\": 30, "
        "\"images\": 40}\n");
  CHECK_THROWS_WITH(MetricsFile("/nowhere/metrics.jsonl"),
                    "/nowhere/metrics.jsonl: cannot be written: No such file or directory");
}

TEST_CASE("metrics that find no room on the disk are an error", "[stage_14]") {
  MetricsFile metrics("/dev/full");
  CHECK_THROWS_WITH(metrics.add(StepResult{1, 0, 2.5F, 1e-3F, 16}),
                    "/dev/full: cannot be written: No space left on device");
}

}  // namespace
}  // namespace nt
