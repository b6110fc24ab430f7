#pragma once
// A Tensor is a value that can be learned: data, the gradient of a loss with respect to it, and
// whether anybody wants that gradient. It is a handle: copies speak of the same tensor, so that the
// model, the engine and the optimizer all see one gradient. What computes with it stands elsewhere.

#include <memory>

#include "core/array.hpp"

namespace nt {

class Tensor {
 public:
  /// A new tensor without a gradient. `data` is no empty handle; of any shape, on any backend.
  explicit Tensor(Array data, bool requires_grad = false);

  /// The values, and their shape.
  const Array& data() const;
  const Shape& shape() const { return data().shape(); }

  /// dL/d(data), of data's shape; an empty handle until somebody sets it.
  const Array& grad() const;

  /// Whether a gradient is wanted: true for weights, false for images.
  bool requires_grad() const;

  /// Replaces the values, for all handles; the gradient stays. Throws when the shape would change:
  ///   ShapeError  `set_data: shapes differ: the tensor is (2, 3), data is (2)`
  void set_data(Array data);

  /// Replaces the gradient, for all handles. An empty handle forgets it and is never refused. Any
  /// other must be wanted, which is asked first, and have data's shape, or it throws:
  ///   Error       `set_grad: the tensor does not require a gradient`
  ///   ShapeError  `set_grad: shapes differ: the tensor is (2, 1), grad is (2)`
  void set_grad(Array grad);

  /// Equal for copies of one handle, and for nothing else.
  const void* identity() const { return state_.get(); }

 private:
  struct State {
    Array data;
    Array grad;
    bool requires_grad;
  };

  std::shared_ptr<State> state_;
};

}  // namespace nt
