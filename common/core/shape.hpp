#pragma once
// A shape says how many elements an array has along each of its axes: (2, 3) is two rows of three.
// Rank 0, written (), is a single number; a size of 0 along any axis makes the array empty.
// Elements are counted row by row (row-major order): the last axis runs fastest.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace nt {

/// A list of axes, counted from 0; a negative axis counts from the end, as in Python.
using Axes = std::vector<int>;

/// One position in an array: an index for each axis.
using Index = std::vector<std::int64_t>;

/// The sizes along each axis; never negative, and their product fits into 63 bits.
class Shape {
 public:
  Shape() = default;

  /// Throws ShapeError for a negative size, or when there are more elements than can be counted.
  Shape(std::initializer_list<std::int64_t> sizes) : Shape(std::vector<std::int64_t>(sizes)) {}
  explicit Shape(std::vector<std::int64_t> sizes);

  int rank() const { return static_cast<int>(sizes_.size()); }

  /// The number of elements: the product of the sizes, 1 for rank 0.
  std::int64_t count() const;

  /// The size along `axis`, which must lie in [0, rank).
  std::int64_t operator[](int axis) const { return sizes_[static_cast<std::size_t>(axis)]; }

  /// As a reader writes it: `(2, 3)`, `(5)`, `()`.
  std::string text() const;

  const std::vector<std::int64_t>& sizes() const { return sizes_; }
  auto begin() const { return sizes_.begin(); }
  auto end() const { return sizes_.end(); }

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<std::int64_t> sizes_;
};

/// The position of element number `flat` (row-major) of an array of this shape.
Index unravel(std::int64_t flat, const Shape& shape);

/// The row-major number of the element at `index`; the inverse of unravel.
std::int64_t ravel(const Index& index, const Shape& shape);

/// An index as a reader writes it: `[1, 2]`.
std::string text(const Index& index);

}  // namespace nt
