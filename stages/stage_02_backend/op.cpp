#include "op.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.hpp"

namespace nt {
namespace {

Backend chosen = Backend::eigen;

std::vector<const OpRow*>& table() {
  static std::vector<const OpRow*> rows;
  return rows;
}

}  // namespace

void set_backend(std::string_view name) { set_backend(parse_backend("set_backend", name)); }

void set_backend(Backend backend) { chosen = backend; }

Backend current_backend() { return chosen; }

int OpRow::stage(Backend backend) const {
  switch (backend) {
    case Backend::eigen: return 2;
    case Backend::naive: return plan_.naive;
    case Backend::fast: return plan_.fast;
  }
  return 0;
}

void OpRow::require_chosen_backend(const std::vector<const Array*>& operands) const {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::string operand = operands.size() == 1 ? "x" : std::string(1, "abc"[i]);
    if (!*operands[i]) throw BackendError(fmt::format("{}: {} holds no data", name_, operand));
    if (operands[i]->backend() == chosen) continue;
    throw BackendError(fmt::format("{}: backends differ: the chosen one is '{}', {} is on '{}'",
                                   name_, nt::name(chosen), operand,
                                   nt::name(operands[i]->backend())));
  }
}

void OpRow::require_shape(const Array& result, const Shape& promised) const {
  if (result.shape() == promised) return;
  throw ShapeError(fmt::format("{}: wrong kernel: the result should be {}, backend '{}' gave {}",
                               name_, promised.text(), nt::name(chosen), result.shape().text()));
}

void OpRow::throw_no_kernel() const {
  throw BackendError(fmt::format("{}: backend '{}' has no kernel yet; stage {} adds it", name_,
                                 nt::name(chosen), stage(chosen)));
}

bool OpRow::is_in_table() const {
  return std::find(table().begin(), table().end(), this) != table().end();
}

void OpRow::enter_table() const { table().push_back(this); }

const std::vector<const OpRow*>& op_table() { return table(); }

}  // namespace nt
