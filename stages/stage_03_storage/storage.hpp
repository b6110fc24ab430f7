#pragma once
// A Storage is an array of our own: one flat buffer of floats, and a way to read it. The shape says
// how many elements lie along each axis; the stride of an axis, how far apart neighbours along it
// lie in the buffer; the offset, where the first one lies. Another shape and other strides over the
// same buffer are a view: a matrix is transposed without moving a number.
//
// Element [i, j, ...] is buffer[offset + i strides[0] + j strides[1] + ...].
//
// Handles share buffers, and a write is never seen through another handle: whoever writes to a
// shared buffer gets one of its own first.

#include <memory>
#include <vector>

#include "core/array.hpp"
#include "core/random.hpp"

namespace nt {

/// How far apart neighbours along each axis are when elements lie row by row without gaps:
/// the last axis 1, every other one the number of elements behind it.   (2, 3, 4) -> [12, 4, 1]
Index row_major_strides(const Shape& shape);

class Storage final : public Array::Holder {
 public:
  /// Zeros.
  explicit Storage(Shape shape);

  /// The values, row by row: as many as the shape counts.
  Storage(Shape shape, std::vector<float> values);

  const Shape& shape() const override { return shape_; }
  Backend backend() const override { return Backend::naive; }
  std::vector<float> values() const override;

  const Index& strides() const { return strides_; }
  std::int64_t offset() const { return offset_; }

  /// The element at `index`, one number an axis, each in [0, size).
  float at(const Index& index) const;

  /// The first element; element [i, ...] is strides[0] * i + ... floats further.
  const float* data() const { return buffer_->data() + offset_; }

  /// The same for writing: contiguous, and in a buffer that no other handle sees; copied if need
  /// be.
  float* write();

  /// True when elements lie row by row without gaps.
  bool is_contiguous() const;

  /// The same elements, row by row without gaps: this storage, or a copy.
  Storage contiguous() const;

  /// The same buffer, read in another way; a stride for every axis. Throws ShapeError when an
  /// element would lie outside the buffer.
  Storage view(Shape shape, Index strides, std::int64_t offset) const;

  bool shares_buffer_with(const Storage& other) const { return buffer_ == other.buffer_; }

 private:
  std::shared_ptr<std::vector<float>> buffer_;
  Shape shape_;
  Index strides_;
  std::int64_t offset_ = 0;
};

Storage zeros(const Shape& shape);

/// Independent numbers from the normal distribution of mean 0 and deviation 1.
Storage randn(const Shape& shape, Random& random);

/// A view of x in which two axes, in [0, rank), have changed places; of a matrix, y[j, i] is
/// x[i, j].   x: (..., I, ..., J, ...) -> (..., J, ..., I, ...)
Storage transpose(const Storage& x, int axis0, int axis1);

}  // namespace nt
