#include "by_hand/operations.hpp"

#include "eigen/eigen_ops.hpp"

namespace nt::by_hand {

const Operations& eigen_operations() {
  static constexpr Operations kOperations{
      .array = eigen::array,
      .add = eigen::add,
      .subtract = eigen::subtract,
      .multiply = eigen::multiply,
      .divide = eigen::divide,
      .exp = eigen::exp,
      .log = eigen::log,
      .sqrt = eigen::sqrt,
      .erf = eigen::erf,
      .matmul = eigen::matmul,
      .sum = eigen::sum,
      .mean = eigen::mean,
      .max = eigen::max,
      .reshape = eigen::reshape,
      .permute = eigen::permute,
      .transpose = eigen::transpose,
      .slice = eigen::slice,
      .pad = eigen::pad,
  };
  return kOperations;
}

}  // namespace nt::by_hand
