#include "tape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/errors.hpp"
#include "gradient_rows.hpp"

namespace nt {
namespace {

thread_local Tape* alive = nullptr;

bool wants_gradient(const Input& input) { return input.tensor.requires_grad(); }

/// Whether an array of shape x, broadcast, may become one of shape `wide`.
bool broadcasts(const Shape& x, const Shape& wide) {
  if (x.rank() > wide.rank()) return false;
  const int added = wide.rank() - x.rank();
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (x[axis] != 1 && x[axis] != wide[axis + added]) return false;
  }
  return true;
}

/// sum + dx; dx where there is no sum yet. Out of place, for others may hold the same array.
Array accumulated(const Array& sum, const Array& dx) { return sum ? op::add(sum, dx) : dx; }

void require_seed(const Tensor& y, const Array& dy) {
  if (!dy) throw BackendError("backward: dy holds no data");
  if (dy.shape() != y.shape()) {
    throw ShapeError(fmt::format("backward: shapes differ: y is {}, dy is {}", y.shape().text(),
                                 dy.shape().text()));
  }
  if (dy.backend() != y.data().backend()) {
    throw BackendError(fmt::format("backward: backends differ: y is on '{}', dy is on '{}'",
                                   name(y.data().backend()), name(dy.backend())));
  }
}

}  // namespace

Tensor record(const char* name, Array data, std::vector<Input> inputs) {
  Tape* tape = Tape::current();
  if (!tape || std::none_of(inputs.begin(), inputs.end(), wants_gradient)) {
    return Tensor(std::move(data));
  }
  return tape->append(name, std::move(data), std::move(inputs));
}

Array unbroadcast(const Array& dx, const Shape& shape) {
  if (!broadcasts(shape, dx.shape())) {
    throw ShapeError(fmt::format("unbroadcast: x does not broadcast to dx: x is {}, dx is {}",
                                 shape.text(), dx.shape().text()));
  }
  // exercise 5.2: sum over the axes that were added in front, then over those of size 1
  if (dx.shape() == shape) return dx;
  Axes in_front;
  for (int axis = 0; axis < dx.shape().rank() - shape.rank(); ++axis) in_front.push_back(axis);
  Axes repeated;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1) repeated.push_back(axis);
  }
  return op::sum(op::sum(dx, in_front, false), repeated, true);
  // end exercise
}

Tape::Tape() : waiting_(alive) { alive = this; }

Tape::~Tape() {
  assert(alive == this);
  alive = waiting_;
}

Tape* Tape::current() { return alive; }

Tensor Tape::append(const char* name, Array data, std::vector<Input> inputs) {
  // exercise 5.3: an edge for every input that wants a gradient, then the node of the result
  std::vector<Edge> edges;
  for (Input& input : inputs) {
    if (wants_gradient(input)) edges.push_back({id_of(input.tensor), std::move(input.derivative)});
  }
  Tensor result(std::move(data), true);
  ids_[result.identity()] = nodes_.size();
  nodes_.push_back({name, result, std::move(edges)});
  return result;
  // end exercise
}

/// The node of a tensor: a new leaf where it has none.
Tape::Id Tape::id_of(const Tensor& tensor) {
  const auto [entry, is_new] = ids_.try_emplace(tensor.identity(), nodes_.size());
  if (is_new) nodes_.push_back({"leaf", tensor, {}});
  return entry->second;
}

/// The node of y, from which a gradient is to start.
Tape::Id Tape::find(const Tensor& y) const {
  const auto entry = ids_.find(y.identity());
  if (entry != ids_.end()) return entry->second;
  const char* reason = !y.requires_grad() ? "y wants no gradient, nor does any input of it"
                       : freed_           ? "an earlier backward has freed the tape, record y again"
                                          : "nothing on the tape has made or used y";
  throw Error(fmt::format("backward: {}: y is {}", reason, y.shape().text()));
}

/// What dx of an edge's input x gets, given the node's own gradient: of the shape of x.
Array Tape::handed_on(const Node& node, const Edge& edge, const Array& dy) const {
  const Shape& shape = nodes_[edge.input].tensor.shape();
  const Array dx = edge.derivative(dy);
  if (!broadcasts(shape, dx.shape())) {
    throw ShapeError(fmt::format("{}: wrong derivative: x is {}, dx is {}", node.name, shape.text(),
                                 dx.shape().text()));
  }
  return unbroadcast(dx, shape);
}

std::vector<Array> Tape::gradients(const Tensor& y, const Array& dy) const {
  const Id last = find(y);
  require_seed(y, dy);
  // exercise 5.4: from y back to the first node, hand each node's gradient on to its inputs
  std::vector<Array> found(nodes_.size());
  found[last] = dy;
  for (Id id = last + 1; id-- > 0;) {
    if (!found[id]) continue;  // y does not depend on it
    for (const Edge& edge : nodes_[id].edges) {
      Array& dx = found[edge.input];
      dx = accumulated(dx, handed_on(nodes_[id], edge, found[id]));
    }
  }
  return found;
  // end exercise
}

void Tape::backward(const Tensor& y, const Array& dy) {
  const std::vector<Array> found = gradients(y, dy);
  for (Id id = 0; id < nodes_.size(); ++id) {
    Tensor& x = nodes_[id].tensor;
    const bool leaf = nodes_[id].edges.empty();
    if (leaf && found[id]) x.set_grad(accumulated(x.grad(), found[id]));
  }
  ids_.clear();
  nodes_.clear();
  freed_ = true;
}

void Tape::backward(const Tensor& loss) {
  if (loss.shape().rank() != 0) {
    throw ShapeError(
        fmt::format("backward: without dy, y must be a single number, of shape (): y is {}",
                    loss.shape().text()));
  }
  backward(loss, op::number(1));
}

}  // namespace nt
