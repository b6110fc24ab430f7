#pragma once
// The operations that the model derived by hand is written in. Stage 0 fills them in with Eigen's,
// stage 2 with the op table's: the same formulas run through either, and their numbers compare.

#include <map>
#include <string>

#include "core/array.hpp"

namespace nt::by_hand {

/// Each as reference/eigen/eigen_ops.hpp describes it.
struct Operations {
  Array (*array)(const HostArray&);
  Array (*add)(const Array&, const Array&);
  Array (*subtract)(const Array&, const Array&);
  Array (*multiply)(const Array&, const Array&);
  Array (*divide)(const Array&, const Array&);
  Array (*exp)(const Array&);
  Array (*log)(const Array&);
  Array (*sqrt)(const Array&);
  Array (*erf)(const Array&);
  Array (*matmul)(const Array&, const Array&);
  Array (*sum)(const Array&, const Axes&, bool keepdim);
  Array (*mean)(const Array&, const Axes&, bool keepdim);
  Array (*max)(const Array&, const Axes&, bool keepdim);
  Array (*reshape)(const Array&, const Shape&);
  Array (*permute)(const Array&, const Axes&);
  Array (*transpose)(const Array&, int axis0, int axis1);
  Array (*slice)(const Array&, int axis, std::int64_t start, std::int64_t stop);
  Array (*pad)(const Array&, int axis, std::int64_t before, std::int64_t after);

  /// The number c, which broadcasts to any shape.
  Array number(float c) const { return array({Shape{}, {c}}); }
};

/// The operations of the reference backend.
const Operations& eigen_operations();

/// Arrays by name: weights and gradients by PyTorch's names, activations by their layer's.
using Arrays = std::map<std::string, Array>;

}  // namespace nt::by_hand
