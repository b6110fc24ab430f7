#pragma once
// A module is a function with parameters that can be learned. It has Tensors under names; those of
// a module inside another one get the inner module's name and a dot in front, as in
// `encoder.0.linear1.weight`. These are PyTorch's names, so that weights map one to one.
//
// A parameter is a handle: the member of the inner module, the entry in the outer module's list and
// those of every copy of a module are one tensor. Who sets it, sets it for all of them.

#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "tensor.hpp"

namespace nt {

/// Parameters by name, in the order in which the module has taken them.
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// Weights by name, as they come from a file.
using NamedArrays = std::vector<std::pair<std::string, HostArray>>;

class Module {
 public:
  /// All parameters, those of inner modules included.
  const NamedTensors& parameters() const { return parameters_; }

 protected:
  Module() = default;
  Module(const Module&) = default;
  Module(Module&&) = default;
  Module& operator=(const Module&) = default;
  Module& operator=(Module&&) = default;
  ~Module() = default;

  /// Takes a new parameter of these values, on the chosen backend, and returns it.
  Tensor own(const std::string& name, const HostArray& values);

  /// Takes the parameters of an inner module, in their order, and returns it: its `weight` becomes
  /// `name.weight`.
  template <class Inner>
  Inner own(const std::string& name, Inner module) {
    take(name, module.parameters());
    return module;
  }

 private:
  void take(const std::string& name, const NamedTensors& parameters);

  NamedTensors parameters_;
};

/// Forgets every gradient.
void zero_grad(const Module& module);

/// Sets every parameter to the weight of its name, on the chosen backend. The weights may come in
/// any order, but each must have its parameter. Throws, and leaves the module as it was, for
///   Error       `load: no weight 'classifier.bias', which is (10)`
///   ShapeError  `load: 'classifier.bias' should be (10), found (9)`
///   Error       `load: unknown weight 'classifer.bias', which is (10)`
///   Error       `load: two weights 'classifier.bias'`
void load(const Module& module, const NamedArrays& weights);

}  // namespace nt
