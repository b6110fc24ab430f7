#include "weight_json.hpp"

#include <fmt/format.h>

namespace nt {
namespace {

/// {"shape": [10], "values": [0.012, -0.3, ...]}
HostArray read_array(JsonReader& json) {
  Shape shape;
  std::vector<float> values;
  int found = 0;
  json.object([&](const std::string& key) {
    ++found;
    if (key == "shape") {
      shape = read_shape(json);
    } else if (key == "values") {
      json.array([&] { values.push_back(json.number<float>()); });
    } else {
      json.fail("should be shape or values");
    }
  });
  if (found < 2) json.fail("needs shape and values");
  if (shape.count() != std::ssize(values)) {
    json.fail(fmt::format("{} is {} values, found {}", shape.text(), shape.count(), values.size()));
  }
  return {shape, std::move(values)};
}

/// {"classifier.bias": an array, ...}, each with `prefix` before its name.
void read_arrays(JsonReader& json, std::string_view prefix, WeightFile& file) {
  json.object([&](const std::string& name) {
    require_name(json, name);
    file.arrays.emplace_back(fmt::format("{}{}", prefix, name), read_array(json));
  });
}

/// {"dim": 64, ...}, whole numbers, each with `prefix` before its name.
void read_numbers(JsonReader& json, std::string_view prefix, WeightFile& file) {
  json.object([&](const std::string& name) {
    file.metadata[fmt::format("{}{}", prefix, name)] = std::to_string(json.number<std::int64_t>());
  });
}

void read_place(JsonReader& json, WeightFile& file) {
  json.object([&](const std::string& member) {
    if (member == "generator") {
      file.metadata[member] = std::to_string(json.number<std::uint64_t>());
    } else if (member == "epoch" || member == "batch") {
      file.metadata[member] = std::to_string(json.number<std::int64_t>());
    } else {
      json.fail("should be epoch, batch or generator");
    }
  });
}

void read_optimizer(JsonReader& json, WeightFile& file) {
  json.object([&](const std::string& member) {
    if (member == "name") {
      file.metadata["optimizer"] = json.string();
    } else if (member == "steps") {
      read_numbers(json, kStepsPrefix, file);
    } else if (member == "buffers") {
      read_arrays(json, kOptimizerPrefix, file);
    } else {
      json.fail("should be name, steps or buffers");
    }
  });
}

void read_training(JsonReader& json, WeightFile& file) {
  json.object([&](const std::string& member) {
    if (member == "step" || member == "images") {
      file.metadata[member] = std::to_string(json.number<std::int64_t>());
    } else if (member == "epoch_loss") {
      file.metadata[member] = fmt::format("{}", json.number<double>());
    } else if (member == "place") {
      read_place(json, file);
    } else if (member == "optimizer") {
      read_optimizer(json, file);
    } else {
      json.fail("should be step, images, epoch_loss, place or optimizer");
    }
  });
}

}  // namespace

WeightFile decode_weight_json(const std::string& path, std::string_view content) {
  JsonReader json(path, content);
  WeightFile file;
  bool found = false;
  json.object([&](const std::string& member) {
    if (member == "sizes") {
      read_numbers(json, "", file);
    } else if (member == "weights") {
      found = true;
      read_arrays(json, "", file);
    } else if (member == "training") {
      read_training(json, file);
    } else {
      json.skip();
    }
  });
  json.end();
  if (!found) json.fail("needs weights");
  return file;
}

}  // namespace nt
