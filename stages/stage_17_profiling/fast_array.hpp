#pragma once
// The fast backend's array: floats in a buffer that is used again, a shape, strides and an offset.
// As in stage 3, element [i, j, ...] is buffer[offset + i strides[0] + j strides[1] + ...], views
// share the buffer, and nobody writes to what a handle shows. New are the buffer, which is not
// zeroed before it is filled, the question that kernels ask, whether rows lie without gaps, and
// arrays that are not computed before somebody asks for their numbers: zeros with pieces in them.
//
// The gradient of a slice is such an array, and the gradient of what was cut into slices is the sum
// of several. Written down, each would be mostly zeros, and their sums would cost more than the
// slices.

#include <memory>
#include <optional>
#include <vector>

#include "buffers.hpp"
#include "core/array.hpp"

namespace nt::fast {

class FastArray final : public Array::Holder {
 public:
  /// A new buffer for as many floats, of no particular value, row by row.
  explicit FastArray(Shape shape);

  const Shape& shape() const override { return shape_; }
  Backend backend() const override { return Backend::fast; }
  std::vector<float> values() const override;

  const Index& strides() const { return strides_; }
  std::int64_t stride(int axis) const { return strides_[static_cast<std::size_t>(axis)]; }

  /// Zeros of this shape, with `pieces` in them: each begins somewhere along `axis`, and is as
  /// large as the shape along the others. They do not overlap.
  struct Piece;
  static FastArray with_pieces(const Shape& shape, int axis, std::vector<Piece> pieces);

  /// This array plus another, where both are zeros with pieces in other places; else nothing.
  std::optional<FastArray> joined(const FastArray& other) const;

  /// The same array with all its numbers written down: where there are pieces, that is done at the
  /// first call. What is asked of an array below is asked of one that is dense.
  const FastArray& dense() const;

  /// The first element.
  const float* data() const { return buffer_.get() + offset_; }

  /// The same for the kernel that fills a new array, before any other handle exists.
  float* fill() { return buffer_.get() + offset_; }

  /// Whether the elements lie row by row without gaps.
  bool is_contiguous() const;

  /// The same buffer, read in another way, from `offset` elements further on.
  FastArray view(Shape shape, Index strides, std::int64_t offset = 0) const;

 private:
  FastArray(std::shared_ptr<float[]> buffer, Shape shape, Index strides, std::int64_t offset);

  struct Pieces;

  bool continues(const FastArray& before, int axis) const;
  static std::optional<FastArray> as_one_view(const Shape& shape, const Pieces& pieces);
  static FastArray written(const Shape& shape, const Pieces& pieces);

  std::shared_ptr<Pieces> pieces_;  // or null: the numbers are in the buffer
  std::shared_ptr<float[]> buffer_;
  Shape shape_;
  Index strides_;
  std::int64_t offset_ = 0;
};

struct FastArray::Piece {
  std::int64_t start;  ///< where it begins along the axis
  FastArray x;
};

/// The same elements row by row without gaps: this array, or a copy.
FastArray contiguous(const FastArray& x);

/// A new array with the elements of x.
FastArray copied(const FastArray& x);

// The views of stage 4, for this array.
FastArray permute(const FastArray& x, const Axes& order);
FastArray transpose(const FastArray& x, int axis0, int axis1);
FastArray slice(const FastArray& x, int axis, std::int64_t start, std::int64_t stop);
FastArray expand(const FastArray& x, const Shape& shape);
/// A view where the strides can say it, else of a copy.
FastArray reshape(const FastArray& x, const Shape& shape);

inline Array as_array(FastArray x) { return Array(std::make_shared<FastArray>(std::move(x))); }

/// The kernel of a row, from a function upon FastArrays: Arrays are unwrapped, and the result is
/// wrapped again.
template <class Function>
auto on_fast(Function function) {
  const auto unwrap = []<class T>(const T& argument) -> const auto& {
    if constexpr (std::is_same_v<T, Array>) {
      return argument.template as<FastArray>().dense();
    } else {
      return argument;
    }
  };
  return [=](const auto&... arguments) { return as_array(function(unwrap(arguments)...)); };
}

}  // namespace nt::fast
