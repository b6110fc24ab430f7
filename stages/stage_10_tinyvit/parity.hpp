#pragma once
// Whether the model computes what PyTorch computes: layer by layer going forward, parameter by
// parameter coming back; and where it does not, which layer is the first that strays. A mistake
// spoils every layer behind it, so the first one is where to look.

#include <string>
#include <vector>

#include "frozen.hpp"
#include "tinyvit.hpp"

namespace nt {

/// How far one array is from PyTorch's.
struct Difference {
  std::string name;
  double largest;  ///< max |actual - expected|; infinite where shapes differ or nothing was found
};

struct Parity {
  std::vector<Difference> activations;  ///< in the order in which PyTorch's layers run
  std::vector<Difference> gradients;    ///< in the order of PyTorch's parameters

  /// Where the first difference beyond the limit is, and the largest of all before it; empty where
  /// there is none. NaN is beyond every limit.
  ///   `encoder.0.norm2 strays by 0.31; the 5 before it agree within 4.8e-07`
  static std::string first_beyond(const std::vector<Difference>& differences, double limit);

  /// The largest of them; NaN where one is NaN, and 0 for none.
  static double largest(const std::vector<Difference>& differences);
};

/// Runs the model on images and back from dlogits, and compares with all that `frozen` holds below
/// `prefix`: `activations/...` and `gradients/...`. What the model did not tell its watch, or did
/// not use, differs infinitely. The model's gradients are forgotten first.
///   images: (B, 1, S, S), dlogits: (B, classes)
/// Throws Error where there is nothing to compare: `parity: nothing is frozen below 'final/'`.
Parity compare_with_pytorch(const TinyVit& model, const Frozen& frozen, const std::string& prefix,
                            const HostArray& images, const HostArray& dlogits);

/// The dlogits that the frozen gradients began with: of L = the mean cross-entropy, which stage 11
/// teaches; until then the trusted side computes it.
///   logits: (B, classes), labels: (B), the right classes -> (B, classes)
HostArray loss_gradient(const HostArray& logits, const std::vector<std::int32_t>& labels);

}  // namespace nt
