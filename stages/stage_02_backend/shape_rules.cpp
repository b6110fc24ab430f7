#include "shape_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/errors.hpp"

namespace nt::shape_rule {
namespace {

/// `axis` counted from the front.
int resolve(std::string_view op, const Shape& x, int axis) {
  const int resolved = axis < 0 ? axis + x.rank() : axis;
  if (resolved >= 0 && resolved < x.rank()) return resolved;
  throw ShapeError(
      fmt::format("{}: axis {} is out of range: x is {} of rank {}", op, axis, x.text(), x.rank()));
}

/// All of `axes` counted from the front; none may be named twice.
void resolve_all(std::string_view op, const Shape& x, Axes& axes) {
  for (int& axis : axes) axis = resolve(op, x, axis);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (std::find(axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(i), axes[i]) ==
        axes.begin() + static_cast<std::ptrdiff_t>(i)) {
      continue;
    }
    throw ShapeError(fmt::format("{}: axis {} is named twice: x is {}", op, axes[i], x.text()));
  }
}

Shape without_last_two(const Shape& shape) { return Shape({shape.begin(), shape.end() - 2}); }

Shape with_size(const Shape& shape, int axis, std::int64_t size) {
  std::vector<std::int64_t> sizes = shape.sizes();
  sizes[static_cast<std::size_t>(axis)] = size;
  return Shape(sizes);
}

}  // namespace

Shape of_values(std::string_view op, HostArray& values) {
  const auto found = static_cast<std::int64_t>(values.values.size());
  if (found == values.shape.count()) return values.shape;
  throw ShapeError(fmt::format("{}: values do not fill the shape: the shape is {}, values are {}",
                               op, values.shape.text(), found));
}

Shape same(std::string_view /*op*/, Array& x) { return x.shape(); }

Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b, std::string_view text) {
  // exercise 2.3: align at the last axis; a size of 1 takes the other's size; others must be equal
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(std::max(a.rank(), b.rank())));
  for (int back = 1; back <= static_cast<int>(sizes.size()); ++back) {
    const std::int64_t of_a = back <= a.rank() ? a[a.rank() - back] : 1;
    const std::int64_t of_b = back <= b.rank() ? b[b.rank() - back] : 1;
    if (of_a != of_b && of_a != 1 && of_b != 1) throw ShapeError(fmt::format("{}: {}", op, text));
    sizes[sizes.size() - static_cast<std::size_t>(back)] = of_a == 1 ? of_b : of_a;
  }
  return Shape(sizes);
  // end exercise
}

Shape broadcast(std::string_view op, Array& a, Array& b) {
  return broadcast_shapes(
      op, a.shape(), b.shape(),
      fmt::format("shapes do not broadcast: a is {}, b is {}", a.shape().text(), b.shape().text()));
}

Shape matmul(std::string_view op, Array& a, Array& b) {
  // exercise 2.4: rank 2 at least, K equal, batch axes that broadcast; then (..., M, N)
  const auto broken = [&](const char* rule) {
    return fmt::format("{}: a is {}, b is {}", rule, a.shape().text(), b.shape().text());
  };
  const auto require = [&](bool kept, const char* rule) {
    if (!kept) throw ShapeError(fmt::format("{}: {}", op, broken(rule)));
  };
  const int rank_a = a.shape().rank();
  const int rank_b = b.shape().rank();
  require(rank_a >= 2 && rank_b >= 2, "operands must be matrices or stacks of them");
  require(a.shape()[rank_a - 1] == b.shape()[rank_b - 2], "inner dimensions differ");
  std::vector<std::int64_t> sizes =
      broadcast_shapes(op, without_last_two(a.shape()), without_last_two(b.shape()),
                       broken("batch axes do not broadcast"))
          .sizes();
  sizes.insert(sizes.end(), {a.shape()[rank_a - 2], b.shape()[rank_b - 1]});
  return Shape(sizes);
  // end exercise
}

Shape reduce(std::string_view op, Array& x, Axes& axes, bool& keepdim) {
  resolve_all(op, x.shape(), axes);
  std::vector<std::int64_t> sizes;
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    const bool reduced = std::find(axes.begin(), axes.end(), axis) != axes.end();
    if (!reduced) sizes.push_back(x.shape()[axis]);
    if (reduced && keepdim) sizes.push_back(1);
  }
  return Shape(sizes);
}

Shape reduce_some(std::string_view op, Array& x, Axes& axes, bool& keepdim) {
  Shape shape = reduce(op, x, axes, keepdim);
  for (const int axis : axes) {
    if (x.shape()[axis] > 0) continue;
    throw ShapeError(fmt::format("{}: axis {} is empty: x is {}", op, axis, x.shape().text()));
  }
  return shape;
}

Shape reduce_one_axis(std::string_view op, Array& x, int& axis, bool& keepdim) {
  axis = resolve(op, x.shape(), axis);
  Axes axes{axis};
  return reduce_some(op, x, axes, keepdim);
}

Shape reshape(std::string_view op, Array& x, Shape& shape) {
  if (shape.count() == x.shape().count()) return shape;
  throw ShapeError(fmt::format("{}: numbers of elements differ: x is {}, shape is {}", op,
                               x.shape().text(), shape.text()));
}

Shape permute(std::string_view op, Array& x, Axes& order) {
  resolve_all(op, x.shape(), order);
  if (static_cast<int>(order.size()) != x.shape().rank()) {
    throw ShapeError(fmt::format("{}: order must name every axis once: x is {}, order is ({})", op,
                                 x.shape().text(), fmt::join(order, ", ")));
  }
  std::vector<std::int64_t> sizes;
  for (const int axis : order) sizes.push_back(x.shape()[axis]);
  return Shape(sizes);
}

Shape transpose(std::string_view op, Array& x, int& axis0, int& axis1) {
  axis0 = resolve(op, x.shape(), axis0);
  axis1 = resolve(op, x.shape(), axis1);
  return with_size(with_size(x.shape(), axis0, x.shape()[axis1]), axis1, x.shape()[axis0]);
}

Shape slice(std::string_view op, Array& x, int& axis, std::int64_t& start, std::int64_t& stop) {
  axis = resolve(op, x.shape(), axis);
  if (0 <= start && start <= stop && stop <= x.shape()[axis]) {
    return with_size(x.shape(), axis, stop - start);
  }
  throw ShapeError(fmt::format("{}: {} to {} is no range of axis {}: x is {}", op, start, stop,
                               axis, x.shape().text()));
}

Shape expand(std::string_view op, Array& x, Shape& shape) {
  const std::string text = fmt::format("x does not broadcast to the shape: x is {}, shape is {}",
                                       x.shape().text(), shape.text());
  if (broadcast_shapes(op, x.shape(), shape, text) == shape) return shape;
  throw ShapeError(fmt::format("{}: {}", op, text));
}

Shape pad(std::string_view op, Array& x, int& axis, std::int64_t& before, std::int64_t& after) {
  axis = resolve(op, x.shape(), axis);
  if (before >= 0 && after >= 0) {
    return with_size(x.shape(), axis, before + x.shape()[axis] + after);
  }
  throw ShapeError(fmt::format("{}: a negative number of zeros: x is {}, before is {}, after is {}",
                               op, x.shape().text(), before, after));
}

}  // namespace nt::shape_rule
