#include "tensor.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {

Tensor::Tensor(Array data, bool requires_grad)
    : state_(std::make_shared<State>(State{std::move(data), Array{}, requires_grad})) {}

const Array& Tensor::data() const { return state_->data; }

const Array& Tensor::grad() const { return state_->grad; }

bool Tensor::requires_grad() const {
  // exercise 1.1: weights want a gradient, images do not (solved by removing the throw)
  return state_->requires_grad;
  // end exercise
}

void Tensor::set_data(Array data) {
  // exercise 1.2: the new values take the old ones' place, if they have the same shape
  if (data.shape() != shape()) {
    throw ShapeError(fmt::format("set_data: shapes differ: the tensor is {}, data is {}",
                                 shape().text(), data.shape().text()));
  }
  state_->data = std::move(data);
  // end exercise
}

void Tensor::set_grad(Array grad) {
  // exercise 1.3: a gradient has its tensor's shape, and a place only where one is wanted
  if (grad && !requires_grad()) throw Error("set_grad: the tensor does not require a gradient");
  if (grad && grad.shape() != shape()) {
    throw ShapeError(fmt::format("set_grad: shapes differ: the tensor is {}, grad is {}",
                                 shape().text(), grad.shape().text()));
  }
  state_->grad = std::move(grad);
  // end exercise
}

}  // namespace nt
