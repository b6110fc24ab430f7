#include "install_broadcast.hpp"

#include <functional>

#include "batched_matmul.hpp"
#include "broadcast.hpp"
#include "install_naive.hpp"
#include "reduce.hpp"
#include "views.hpp"

namespace nt {
namespace {

template <class Function>
void install_binary(op::Binary& row, Function f) {
  row.install(Backend::naive, on_storage([f](const Storage& a, const Storage& b) {
                return naive::broadcast(a, b, f);
              }));
}

}  // namespace

void install_broadcast() {
  install_storage();
  install_binary(op::add, std::plus<>());
  install_binary(op::subtract, std::minus<>());
  install_binary(op::multiply, std::multiplies<>());
  install_binary(op::divide, std::divides<>());
  op::matmul.install(Backend::naive, on_storage(naive::batched_matmul));
  op::sum.install(Backend::naive, on_storage(naive::sum));
  op::max.install(Backend::naive, on_storage(naive::max));
  op::argmax.install(Backend::naive, on_storage(naive::argmax));
  op::reshape.install(Backend::naive, on_storage(reshape));
  op::permute.install(Backend::naive, on_storage(permute));
  op::slice.install(Backend::naive, on_storage(slice));
  op::expand.install(Backend::naive, on_storage(expand));
}

}  // namespace nt
