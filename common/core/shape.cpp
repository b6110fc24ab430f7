#include "core/shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "core/errors.hpp"

namespace nt {

Shape::Shape(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {
  std::int64_t product_of_nonzero = 1;
  for (const std::int64_t size : sizes_) {
    if (size < 0) throw ShapeError(fmt::format("shape: negative size: {}", text()));
    if (size == 0) continue;
    if (product_of_nonzero > std::numeric_limits<std::int64_t>::max() / size) {
      throw ShapeError(fmt::format("shape: too many elements to count: {}", text()));
    }
    product_of_nonzero *= size;
  }
}

std::int64_t Shape::count() const {
  std::int64_t product = 1;
  for (const std::int64_t size : sizes_) product *= size;
  return product;
}

std::string Shape::text() const { return fmt::format("({})", fmt::join(sizes_, ", ")); }

Index unravel(std::int64_t flat, const Shape& shape) {
  Index index(static_cast<std::size_t>(shape.rank()));
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    index[static_cast<std::size_t>(axis)] = flat % shape[axis];
    flat /= shape[axis];
  }
  return index;
}

std::int64_t ravel(const Index& index, const Shape& shape) {
  std::int64_t flat = 0;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    flat = flat * shape[axis] + index[static_cast<std::size_t>(axis)];
  }
  return flat;
}

std::string text(const Index& index) { return fmt::format("[{}]", fmt::join(index, ", ")); }

}  // namespace nt
