#pragma once
// The loss of a classifier: how surprised it is by the right answers. A class that was given the
// probability p is worth -log p: nothing where it was certain, and the more the less it was
// expected.

#include "layers.hpp"

namespace nt {

/// L = -1/B sum_i log softmax(logits_i)[labels_i] over the B rows, and so
/// dL/dlogits = (softmax(logits) - 1 at the labels) / B. It is log_softmax that is taken, not the
/// logarithm of softmax, which is 0 for a class far behind: logits of +-1e4 give a finite loss and
/// a gradient. NaN for no rows, as in PyTorch.
///   logits: (B, C), labels: (B), each 0 .. C-1 -> (). Throws
///   ShapeError  `cross_entropy: a label for each row: logits are (2, 10), labels are 3`
///   Error       `cross_entropy: label 1 is 10: logits are (2, 10)`, for one that is no class
extern Fused<Tensor(const Tensor& logits, const Labels& labels)> cross_entropy;

}  // namespace nt
