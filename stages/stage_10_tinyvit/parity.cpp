#include "parity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "by_hand/layers.hpp"
#include "check/compare.hpp"
#include "core/errors.hpp"

namespace nt {
namespace {

/// Every expected array against the one that was found under its name.
std::vector<Difference> differences(const std::map<std::string, Array>& found,
                                    const NamedArrays& expected) {
  std::vector<Difference> result;
  for (const auto& [name, values] : expected) {
    const auto actual = found.find(name);
    const bool is_there = actual != found.end() && actual->second;
    result.push_back({name, is_there ? largest_difference(actual->second.host(), values)
                                     : std::numeric_limits<double>::infinity()});
  }
  return result;
}

}  // namespace

std::string Parity::first_beyond(const std::vector<Difference>& differences, double limit) {
  // exercise 10.3: the first that is beyond the limit, and the largest of those before it
  double before = 0;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    const auto& [name, largest] = differences[i];
    if (!(largest <= limit)) {  // so that NaN is beyond it
      return fmt::format("{} strays by {:.2g}; the {} before it agree within {:.2g}", name, largest,
                         i, before);
    }
    before = std::max(before, largest);
  }
  return "";
  // end exercise
}

double Parity::largest(const std::vector<Difference>& differences) {
  double largest = 0;
  for (const Difference& one : differences) {
    if (std::isnan(one.largest)) return one.largest;
    largest = std::max(largest, one.largest);
  }
  return largest;
}

Parity compare_with_pytorch(const TinyVit& model, const Frozen& frozen, const std::string& prefix,
                            const HostArray& images, const HostArray& dlogits) {
  const NamedArrays activations = frozen.group(prefix + "activations/");
  const NamedArrays gradients = frozen.group(prefix + "gradients/");
  if (activations.empty() && gradients.empty()) {
    throw Error(fmt::format("parity: nothing is frozen below '{}'", prefix));
  }

  std::map<std::string, Array> told;
  std::map<std::string, Array> learned;
  zero_grad(model);
  Tape tape;
  const Tensor logits = model(
      Tensor(op::array(images)),
      [&](const std::string& layer, const Tensor& activation) { told[layer] = activation.data(); });
  tape.backward(logits, op::array(dlogits));
  for (const auto& [name, parameter] : model.parameters()) learned[name] = parameter.grad();
  return {differences(told, activations), differences(learned, gradients)};
}

HostArray loss_gradient(const HostArray& logits, const std::vector<std::int32_t>& labels) {
  const by_hand::Operations& eigen = by_hand::eigen_operations();
  return by_hand::cross_entropy(eigen, eigen.array(logits), labels).dlogits.host();
}

}  // namespace nt
