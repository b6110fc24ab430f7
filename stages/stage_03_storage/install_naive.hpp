#pragma once
// How functions of Storages become kernels of the `naive` column.

#include "naive.hpp"
#include "rows.hpp"

namespace nt {

inline Array to_array(Storage storage) {
  return Array(std::make_shared<const Storage>(std::move(storage)));
}

inline const Storage& as_storage(const Array& array) { return array.as<Storage>(); }

/// The kernel for a function of Storages: Arrays are unwrapped, other arguments passed on, and the
/// Storage that comes back is wrapped again.
template <class Function>
auto on_storage(Function function) {
  const auto unwrap = []<class T>(const T& argument) -> const auto& {
    if constexpr (std::is_same_v<T, Array>) {
      return as_storage(argument);
    } else {
      return argument;
    }
  };
  return [=](const auto&... arguments) { return to_array(function(unwrap(arguments)...)); };
}

/// Fills what stage 3 fills of the `naive` column, and the columns below. May be called again.
void install_storage();

}  // namespace nt
