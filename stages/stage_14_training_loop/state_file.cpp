#include "state_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "core/files.hpp"

namespace nt {
namespace {

/// How a number that JSON does not have is called; the sign of a NaN says nothing.
template <class Float>
std::string spelled(Float x) {
  return std::isnan(x) ? "nan" : fmt::format("{}", x);
}

/// fmt writes the fewest digits that lead back to x.
template <class Float>
std::string shortest(Float x) {
  if (!std::isfinite(x)) throw Error(fmt::format("json: {} is no number", spelled(x)));
  if (x == 0 && std::signbit(x)) return "-0.0";  // readers take -0 for the whole number 0
  return fmt::format("{}", x);
}

std::string array_json(const std::string& name, const HostArray& array) {
  std::string text = fmt::format(R"({}: {{"shape": [{}], "values": [)", json_string(name),
                                 fmt::join(array.shape, ", "));
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    const float x = array.values[i];
    if (!std::isfinite(x))
      throw Error(fmt::format("json: '{}' holds {} at {}", name, spelled(x), i));
    if (i > 0) text += ", ";
    text += json_number(x);
  }
  return text + "]}";
}

std::string steps_json(const OptimizerState& optimizer) {
  std::vector<std::string> entries;
  for (const auto& [name, steps] : optimizer.steps) {
    entries.push_back(fmt::format("{}: {}", json_string(name), steps));
  }
  return fmt::format("{{{}}}", fmt::join(entries, ", "));
}

}  // namespace

std::string json_number(float x) { return shortest(x); }
std::string json_number(double x) { return shortest(x); }

std::string json_string(const std::string& text) { return nlohmann::json(text).dump(); }

std::string weights_json(const NamedArrays& weights, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string text = "{";
  for (const auto& [name, values] : weights) {
    text += text.size() > 1 ? ",\n" : "\n";
    text += margin + "  " + array_json(name, values);
  }
  return weights.empty() ? "{}" : text + "\n" + margin + "}";
}

std::string sizes_json(const TinyVitConfig& sizes) {
  return fmt::format(R"({{"image": {}, "patch": {}, "dim": {}, "depth": {}, )"
                     R"("heads": {}, "mlp": {}, "classes": {}}})",
                     sizes.image, sizes.patch, sizes.dim, sizes.depth, sizes.heads, sizes.mlp,
                     sizes.classes);
}

std::string state_json(const TrainingState& state) {
  const OptimizerState& optimizer = state.optimizer;
  return fmt::format(R"({{
  "format": "one-more-nano-torch",
  "sizes": {},
  "weights": {},
  "training": {{
    "step": {}, "epoch_loss": {}, "images": {},
    "place": {{"epoch": {}, "batch": {}, "generator": {}}},
    "optimizer": {{
      "name": {},
      "steps": {},
      "buffers": {}
    }}
  }}
}}
)",
                     sizes_json(state.sizes), weights_json(state.weights, 2), state.step,
                     json_number(state.epoch_loss), state.images, state.place.epoch,
                     state.place.batch, state.place.generator, json_string(optimizer.name),
                     steps_json(optimizer), weights_json(optimizer.buffers, 6));
}

void write_state(const std::filesystem::path& path, const TrainingState& state) {
  write_file(path, state_json(state));
}

}  // namespace nt
