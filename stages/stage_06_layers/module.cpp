#include "module.hpp"

#include <fmt/format.h>

#include <map>

#include "core/errors.hpp"
#include "rows.hpp"

namespace nt {

Tensor Module::own(const std::string& name, const HostArray& values) {
  return parameters_.emplace_back(name, Tensor(op::array(values), true)).second;
}

void Module::take(const std::string& name, const NamedTensors& parameters) {
  // exercise 6.1: each inner parameter joins ours, under the inner module's name, a dot and its own
  for (const auto& [inner, tensor] : parameters) {
    parameters_.emplace_back(name + "." + inner, tensor);
  }
  // end exercise
}

void zero_grad(const Module& module) {
  for (const auto& [name, parameter] : module.parameters()) Tensor(parameter).set_grad(Array{});
}

void load(const Module& module, const NamedArrays& weights) {
  std::map<std::string, const HostArray*> left;  // the weights that no parameter has taken yet
  for (const auto& [name, values] : weights) {
    if (!left.emplace(name, &values).second) {
      throw Error(fmt::format("load: two weights '{}'", name));
    }
  }
  std::vector<std::pair<Tensor, Array>> taken;  // set at the end: an error leaves all as it was
  for (const auto& [name, parameter] : module.parameters()) {
    const Shape& shape = parameter.shape();
    const auto weight = left.find(name);
    if (weight == left.end()) {
      throw Error(fmt::format("load: no weight '{}', which is {}", name, shape.text()));
    }
    if (weight->second->shape != shape) {
      throw ShapeError(fmt::format("load: '{}' should be {}, found {}", name, shape.text(),
                                   weight->second->shape.text()));
    }
    taken.emplace_back(parameter, op::array(*weight->second));
    left.erase(weight);
  }
  if (!left.empty()) {
    const auto& [name, values] = *left.begin();
    throw Error(fmt::format("load: unknown weight '{}', which is {}", name, values->shape.text()));
  }
  for (auto& [parameter, values] : taken) parameter.set_data(values);
}

}  // namespace nt
