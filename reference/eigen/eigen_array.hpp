#pragma once
// The reference backend's data: a shape over Eigen's own array, always row by row and never shared
// with a view, so that there is no stride to get wrong. Only reference/ includes Eigen.

#include <Eigen/Core>

#include "core/array.hpp"

namespace nt::eigen {

class EigenArray final : public Array::Holder {
 public:
  /// Elements not yet set.
  explicit EigenArray(Shape shape) : shape_(std::move(shape)), elements_(shape_.count()) {}

  const Shape& shape() const override { return shape_; }
  Backend backend() const override { return Backend::eigen; }
  std::vector<float> values() const override { return {elements_.begin(), elements_.end()}; }

  Eigen::ArrayXf& elements() { return elements_; }
  const Eigen::ArrayXf& elements() const { return elements_; }

 private:
  Shape shape_;
  Eigen::ArrayXf elements_;  // row by row
};

inline const EigenArray& as_eigen(const Array& array) { return array.as<EigenArray>(); }

inline Array to_array(EigenArray result) {
  return Array(std::make_shared<const EigenArray>(std::move(result)));
}

/// The shape to which both broadcast; they are known to.
Shape common_shape(const Shape& a, const Shape& b);

}  // namespace nt::eigen
