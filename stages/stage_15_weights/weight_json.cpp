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

}  // namespace

WeightFile decode_weight_json(const std::string& path, std::string_view content) {
  JsonReader json(path, content);
  WeightFile file;
  bool found = false;
  json.object([&](const std::string& member) {
    if (member == "sizes") {
      json.object([&](const std::string& name) {
        file.metadata[name] = std::to_string(json.number<std::int64_t>());
      });
    } else if (member == "weights") {
      found = true;
      json.object([&](const std::string& name) {
        require_name(json, name);
        file.arrays.emplace_back(name, read_array(json));
      });
    } else {
      json.skip();
    }
  });
  json.end();
  if (!found) json.fail("needs weights");
  return file;
}

}  // namespace nt
