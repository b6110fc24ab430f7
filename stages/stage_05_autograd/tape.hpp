#pragma once
// The tape: what was computed, in order, and how a gradient goes back through each step. While a
// Tape is alive, every operation on a Tensor that wants a gradient leaves a node on it; without one
// nothing is recorded, so that inference needs no guard. In the comments L is the loss, and dx
// stands for dL/dx, which has the shape of x.
//
// Nodes are numbered in the order in which they are recorded, and a node's inputs have smaller
// numbers than the node itself: going through them from the last to the first, each node's gradient
// is complete when its turn comes. There is no recursion anywhere, however long the chain.

#include <functional>
#include <unordered_map>
#include <vector>

#include "tensor.hpp"

namespace nt {

/// The derivative of an operation along one of its inputs x: dy -> what dx gets of it, in the shape
/// of x or in one to which x was broadcast.
using Derivative = std::function<Array(const Array& dy)>;

/// One input of an operation, and the way back to it.
struct Input {
  Tensor tensor;
  Derivative derivative;
};

/// The result of an operation `name`: a Tensor of `data`. Where a Tape is alive and an input wants
/// a gradient, so does the result, and the tape gets a node. The tape keeps the pointer `name`.
Tensor record(const char* name, Array data, std::vector<Input> inputs);

/// dx of a shape to which x was broadcast, summed back to `shape`, the shape of x: an element that
/// was repeated gets the sum of what its repetitions got.
///   dx: broadcast(shape, ...) -> shape
/// Throws ShapeError `unbroadcast: x does not broadcast to dx: x is (2), dx is (3)`.
Array unbroadcast(const Array& dx, const Shape& shape);

class Tape {
 public:
  using Id = std::size_t;  ///< the number of a node

  struct Edge {
    Id input;
    Derivative derivative;
  };

  struct Node {
    const char* name;         ///< the operation; "leaf" for a Tensor that nothing on the tape made
    Tensor tensor;            ///< its result
    std::vector<Edge> edges;  ///< to those of its inputs that want a gradient; a leaf has none
  };

  /// Records from now on. A tape that is alive already waits until this one ends; so tapes end in
  /// the reverse order.
  Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;
  ~Tape();

  /// The tape that records; nullptr where there is none.
  static Tape* current();

  /// Appends a node for the result, which wants a gradient, after leaves for those inputs that want
  /// one and that the tape does not know.
  Tensor append(const char* name, Array data, std::vector<Input> inputs);

  /// What was recorded, in order.
  const std::vector<Node>& nodes() const { return nodes_; }

  /// dL/d(result) for every node, in the order of nodes(), given dy = dL/dy; an empty handle where
  /// y does not depend on the node. The tape stays as it is. Throws
  ///   Error         `backward: y wants no gradient, nor does any input of it: y is (2)`
  ///   Error         `backward: nothing on the tape has made or used y: y is (2)`
  ///   Error         `backward: an earlier backward has freed the tape, record y again: y is (2)`
  ///   BackendError  `backward: dy holds no data`
  ///   ShapeError    `backward: shapes differ: y is (2), dy is (3)`
  ///   BackendError  `backward: backends differ: y is on 'naive', dy is on 'eigen'`
  /// and for a derivative whose result is not of its input's shape, nor broadcast from it,
  ///   ShapeError    `multiply: wrong derivative: x is (2), dx is (3)`.
  std::vector<Array> gradients(const Tensor& y, const Array& dy) const;

  /// Adds dL/dx to grad() of every leaf x, given dy = dL/dy, and frees the tape: what it held is
  /// gone, and recording may begin anew. Throws as gradients() does, before anything has changed.
  void backward(const Tensor& y, const Array& dy);

  /// The same for a loss, a single number: dL/dL = 1. For any other shape throws ShapeError
  /// `backward: without dy, y must be a single number, of shape (): y is (2, 3)`.
  void backward(const Tensor& loss);

 private:
  Id id_of(const Tensor& tensor);
  Id find(const Tensor& y) const;
  Array handed_on(const Node& node, const Edge& edge, const Array& dy) const;

  Tape* waiting_;
  std::vector<Node> nodes_;
  std::unordered_map<const void*, Id> ids_;  // by Tensor::identity(), which the nodes keep alive
  bool freed_ = false;                       // whether there was a backward
};

}  // namespace nt
