#include "eigen/eigen_ops.hpp"
#include "rows.hpp"

namespace nt {

void install_eigen() {
  op::array.install(Backend::eigen, eigen::array);
  op::add.install(Backend::eigen, eigen::add);
  op::subtract.install(Backend::eigen, eigen::subtract);
  op::multiply.install(Backend::eigen, eigen::multiply);
  op::divide.install(Backend::eigen, eigen::divide);
  op::exp.install(Backend::eigen, eigen::exp);
  op::log.install(Backend::eigen, eigen::log);
  op::sqrt.install(Backend::eigen, eigen::sqrt);
  op::erf.install(Backend::eigen, eigen::erf);
  op::matmul.install(Backend::eigen, eigen::matmul);
  op::transpose.install(Backend::eigen, eigen::transpose);
  op::sum.install(Backend::eigen, eigen::sum);
  op::mean.install(Backend::eigen, eigen::mean);
  op::max.install(Backend::eigen, eigen::max);
  op::argmax.install(Backend::eigen, eigen::argmax);
  op::reshape.install(Backend::eigen, eigen::reshape);
  op::permute.install(Backend::eigen, eigen::permute);
  op::slice.install(Backend::eigen, eigen::slice);
  op::expand.install(Backend::eigen, eigen::expand);
  op::pad.install(Backend::eigen, eigen::pad);
}

}  // namespace nt
