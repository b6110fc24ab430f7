#include "install_naive.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "core/errors.hpp"

namespace nt {
namespace {

/// The kernel of a row whose operands must have one shape, until stage 4 broadcasts them.
template <class Function>
void install_binary(op::Binary& row, Function f) {
  row.install(Backend::naive, on_storage([&row, f](const Storage& a, const Storage& b) {
                if (a.shape() == b.shape()) return naive::elementwise(a, b, f);
                throw ShapeError(
                    fmt::format("{}: shapes differ, and broadcasting comes with stage 4: a is {}, "
                                "b is {}",
                                row.name(), a.shape().text(), b.shape().text()));
              }));
}

template <class Function>
void install_unary(op::Unary& row, Function f) {
  row.install(Backend::naive,
              on_storage([f](const Storage& x) { return naive::elementwise(x, f); }));
}

Storage matmul_2d(const Storage& a, const Storage& b) {
  if (a.shape().rank() == 2 && b.shape().rank() == 2) return naive::matmul(a, b);
  throw ShapeError(fmt::format("matmul: stacks of matrices come with stage 4: a is {}, b is {}",
                               a.shape().text(), b.shape().text()));
}

}  // namespace

void install_storage() {
  install_eigen();
  op::array.install(Backend::naive, on_storage([](const HostArray& host) {
                      return Storage(host.shape, host.values);
                    }));
  install_binary(op::add, std::plus<>());
  install_binary(op::subtract, std::minus<>());
  install_binary(op::multiply, std::multiplies<>());
  install_binary(op::divide, std::divides<>());
  install_unary(op::exp, [](float x) { return std::exp(x); });
  install_unary(op::log, [](float x) { return std::log(x); });
  install_unary(op::sqrt, [](float x) { return std::sqrt(x); });
  install_unary(op::erf, [](float x) { return std::erf(x); });
  op::matmul.install(Backend::naive, on_storage(matmul_2d));
  op::transpose.install(Backend::naive, on_storage(nt::transpose));
}

}  // namespace nt
