#include "cross_entropy.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {
namespace {

/// Throws unless logits are (B, C) and there are B labels, each a class.
void labels_rule(const Tensor& logits, const Labels& labels) {
  const Shape& shape = logits.shape();
  if (shape.rank() != 2 || shape[0] != std::ssize(labels)) {
    throw ShapeError(
        fmt::format("cross_entropy: a label for each row: logits are {}, labels are {}",
                    shape.text(), labels.size()));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && labels[i] < shape[1]) continue;
    throw Error(
        fmt::format("cross_entropy: label {} is {}: logits are {}", i, labels[i], shape.text()));
  }
}

Tensor composed_cross_entropy(const Tensor& logits, const Labels& labels) {
  // exercise 11.1: the logarithm of every label's probability, their mean, and the sign
  const Tensor log_probabilities = log_softmax(logits);
  const Tensor of_labels = pick(log_probabilities, labels);
  return mean(of_labels, {0}) * -1.0F;
  // end exercise
}

}  // namespace

Fused<Tensor(const Tensor&, const Labels&)> cross_entropy(labels_rule, composed_cross_entropy);

}  // namespace nt
