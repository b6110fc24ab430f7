#pragma once
// A function of Tensors that is composed of others, and that a backend may compute in one go: what
// the op table is for Arrays, one floor higher. The composed function is the definition, and its
// gradient comes from the tape. A fused one brings its own derivative, and must agree with it.

#include <array>
#include <functional>
#include <utility>

#include "op.hpp"
#include "tensor.hpp"

namespace nt {

template <class Signature>
class Fused;

/// For example Fused<Tensor(const Tensor&)>.
template <class... Args>
class Fused<Tensor(Args...)> {
 public:
  using Function = std::function<Tensor(Args...)>;

  /// Throws when the arguments break a rule.
  using Rule = void (*)(Args... args);

  Fused(Rule rule, Function composed) : rule_(rule), composed_(std::move(composed)) {}
  Fused(const Fused&) = delete;
  Fused& operator=(const Fused&) = delete;
  ~Fused() = default;

  /// What `backend` computes instead of the composed function; an empty one gives that back.
  void install(Backend backend, Function fused) {
    fused_[static_cast<std::size_t>(backend)] = std::move(fused);
  }

  /// What the chosen backend has installed, or else the composed function. The rule is asked first,
  /// once a call, so that both may trust the arguments.
  Tensor operator()(Args... args) const {
    rule_(args...);
    const Function& own = fused_[static_cast<std::size_t>(current_backend())];
    return own ? own(args...) : composed_(args...);
  }

 private:
  Rule rule_;
  Function composed_;
  std::array<Function, kBackends.size()> fused_;
};

}  // namespace nt
