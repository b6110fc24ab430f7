#include "baseline.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "sums.hpp"

namespace nt {
namespace {

Recipe recipe(const nlohmann::json& figures) {
  return {.epochs = figures.at("epochs"),
          .batch = figures.at("batch"),
          .steps = figures.at("steps"),
          .lr = figures.at("lr"),
          .weight_decay = figures.at("weight_decay"),
          .momentum = figures.at("momentum"),
          .clip = figures.at("clip"),
          .accuracy = figures.at("accuracy"),
          .float32_noise = figures.at("float32_noise")};
}

}  // namespace

Baseline load_baseline(const std::string& name) {
  DataSet data = load_data(name);
  fmt::print("data: {} from {}\n", data.name, shown(data.folder));
  Frozen frozen = Frozen::open(data.name);
  const std::filesystem::path path = require_right_sum(frozen_folder() / "baseline.json");
  try {
    const nlohmann::json figures = nlohmann::json::parse(read_file(path));
    const nlohmann::json& own = figures.at(data.name);
    const std::vector<std::int32_t> positions = frozen.integers("x_ref/positions").values;
    HostArray x_ref = data.test.normalised(positions);
    std::vector<std::int32_t> y_ref = data.test.labels_at(positions);
    return {.data = std::move(data),
            .frozen = std::move(frozen),
            .x_ref = std::move(x_ref),
            .y_ref = std::move(y_ref),
            .adamw = recipe(own.at("adamw")),
            .sgd = recipe(own.at("sgd")),
            .pytorch = figures.at("pytorch"),
            .test_count = own.at("test")};
  } catch (const nlohmann::json::exception& error) {
    throw FileError(shown(path), error.what());
  }
}

}  // namespace nt
