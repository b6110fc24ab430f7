#include "install_fast.hpp"

#include <algorithm>

#include "fast_layers.hpp"
#include "fast_ops.hpp"
#include "fast_rows.hpp"
#include "fused_rows.hpp"
#include "install_naive.hpp"
#include "patch_rows.hpp"

namespace nt {
namespace {

using fast::FastArray;
using fast::on_fast;

/// The host's values, in a buffer of the backend.
Array array_of(const HostArray& host) {
  FastArray x(host.shape);
  std::copy(host.values.begin(), host.values.end(), x.fill());
  return fast::as_array(std::move(x));
}

/// The naive kernel, upon copies: for rows that no profile of a training shows.
template <class... Args>
void install_naive_kernel(Op<Array(Args...)>& row) {
  row.install(Backend::fast, [&row](Args... args) {
    const auto to_naive = []<class T>(const T& argument) {
      if constexpr (std::is_same_v<T, Array>) {
        return op::array.kernel(Backend::naive)(argument.host());
      } else {
        return argument;
      }
    };
    return array_of(row.kernel(Backend::naive)(to_naive(args)...).host());
  });
}

void install_unary(op::Unary& row, fast::Kernels::Unary fast::Kernels::*kernel) {
  row.install(Backend::fast, on_fast([kernel](const FastArray& x) {
                return fast::unary(fast::kernels().*kernel, x);
              }));
}

void install_binary(op::Binary& row, fast::Kernels::Binary fast::Kernels::*kernel) {
  row.install(Backend::fast, on_fast([kernel](const FastArray& a, const FastArray& b) {
                return fast::binary(fast::kernels().*kernel, a, b);
              }));
}

void install_elementwise() {
  install_unary(op::exp, &fast::Kernels::exp);
  install_unary(op::sqrt, &fast::Kernels::sqrt);
  install_unary(op::erf, &fast::Kernels::erf);
  install_unary(op::gelu, &fast::Kernels::gelu);
  op::add.install(Backend::fast, [](const Array& a, const Array& b) {
    if (auto sum = a.as<FastArray>().joined(b.as<FastArray>())) return fast::as_array(*sum);
    return fast::as_array(
        fast::binary(fast::kernels().add, a.as<FastArray>().dense(), b.as<FastArray>().dense()));
  });
  install_binary(op::subtract, &fast::Kernels::subtract);
  install_binary(op::multiply, &fast::Kernels::multiply);
  install_binary(op::divide, &fast::Kernels::divide);
  install_binary(op::gelu_gradient, &fast::Kernels::gelu_gradient);
}

void install_views() {
  op::reshape.install(Backend::fast, on_fast(fast::reshape));
  op::permute.install(Backend::fast, on_fast(fast::permute));
  op::transpose.install(Backend::fast, on_fast(fast::transpose));
  op::slice.install(Backend::fast, on_fast(fast::slice));
  op::expand.install(Backend::fast, on_fast([](const FastArray& x, const Shape& shape) {
                       return fast::copied(fast::expand(x, shape));
                     }));
  op::pad.install(Backend::fast, on_fast(fast::pad));
}

void install_naive_kernels() {
  install_naive_kernel(op::log);
  install_naive_kernel(op::tanh);
  install_naive_kernel(op::power);
  install_naive_kernel(op::greater);
  install_naive_kernel(op::equal);
  install_naive_kernel(op::where);
  install_naive_kernel(op::pick);
  install_naive_kernel(op::max);
  install_naive_kernel(op::argmax);
}

void install_fused() {
  op::linear.install(Backend::fast, on_fast(fast::linear));
  op::softmax.install(Backend::fast, on_fast(fast::softmax));
  op::softmax_gradient.install(Backend::fast, on_fast(fast::softmax_gradient));
  op::layer_norm.install(Backend::fast, on_fast(fast::layer_norm));
  op::layer_norm_gradient.install(Backend::fast, on_fast(fast::layer_norm_gradient));
  op::layer_norm_weight_gradient.install(Backend::fast, on_fast(fast::layer_norm_weight_gradient));
  op::attention.install(Backend::fast, on_fast(fast::attention));
  op::attention_gradient.install(Backend::fast, on_fast(fast::attention_gradient));
  op::cross_entropy.install(Backend::fast, on_fast(fast::cross_entropy));
  op::cross_entropy_gradient.install(Backend::fast, on_fast(fast::cross_entropy_gradient));
  op::adamw.install(Backend::fast, on_fast(fast::adamw));
  op::patch_embedding.install(Backend::fast, on_fast(fast::patch_embedding));
}

}  // namespace

void install_fast() {
  install_patches();
  op::array.install(Backend::fast, array_of);
  op::matmul.install(Backend::fast, on_fast([](const FastArray& a, const FastArray& b) {
                       return fast::matmul(a, b);
                     }));
  op::sum.install(Backend::fast, on_fast(fast::sum));
  install_elementwise();
  install_views();
  install_naive_kernels();
  install_fused();
  install_fast_layers();
}

}  // namespace nt
