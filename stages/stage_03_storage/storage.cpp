#include "storage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>

#include "core/errors.hpp"
#include "walk.hpp"

namespace nt {

Index row_major_strides(const Shape& shape) {
  // exercise 3.1: each stride is the product of the sizes behind it; the last one is 1
  Index strides(static_cast<std::size_t>(shape.rank()));
  std::int64_t behind = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[static_cast<std::size_t>(axis)] = behind;
    behind *= shape[axis];
  }
  return strides;
  // end exercise
}

Storage::Storage(Shape shape)
    : buffer_(std::make_shared<std::vector<float>>(static_cast<std::size_t>(shape.count()))),
      shape_(std::move(shape)),
      strides_(row_major_strides(shape_)) {}

Storage::Storage(Shape shape, std::vector<float> values)
    : buffer_(std::make_shared<std::vector<float>>(std::move(values))),
      shape_(std::move(shape)),
      strides_(row_major_strides(shape_)) {
  assert(static_cast<std::int64_t>(buffer_->size()) == shape_.count());
}

float Storage::at(const Index& index) const {
  // exercise 3.2: offset + i strides[0] + j strides[1] + ...
  std::int64_t position = offset_;
  for (std::size_t axis = 0; axis < index.size(); ++axis) position += index[axis] * strides_[axis];
  return (*buffer_)[static_cast<std::size_t>(position)];
  // end exercise
}

std::vector<float> Storage::values() const {
  std::vector<float> result;
  result.reserve(static_cast<std::size_t>(shape_.count()));
  walk<1>(shape_, {strides_}, [&](const auto& at) { result.push_back(data()[at[0]]); });
  return result;
}

float* Storage::write() {
  const bool shared = buffer_.use_count() > 1;
  if (shared || !is_contiguous()) *this = Storage(shape_, values());
  return buffer_->data() + offset_;
}

bool Storage::is_contiguous() const {
  if (shape_.count() == 0) return true;
  const Index dense = row_major_strides(shape_);
  for (int axis = 0; axis < shape_.rank(); ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    if (shape_[axis] != 1 && strides_[a] != dense[a]) return false;  // along size 1 none is taken
  }
  return true;
}

Storage Storage::contiguous() const { return is_contiguous() ? *this : Storage(shape_, values()); }

Storage Storage::view(Shape shape, Index strides, std::int64_t offset) const {
  std::int64_t lowest = offset;
  std::int64_t highest = offset;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const std::int64_t reach = (shape[axis] - 1) * strides[static_cast<std::size_t>(axis)];
    (reach < 0 ? lowest : highest) += reach;
  }
  const auto size = static_cast<std::int64_t>(buffer_->size());
  if (shape.count() > 0 && (lowest < 0 || highest >= size)) {
    throw ShapeError(fmt::format(
        "view: reads outside its buffer of {}: shape is {}, strides are [{}], offset is {}", size,
        shape.text(), fmt::join(strides, ", "), offset));
  }
  Storage result = *this;
  result.shape_ = std::move(shape);
  result.strides_ = std::move(strides);
  result.offset_ = offset;
  return result;
}

Storage zeros(const Shape& shape) { return Storage(shape); }

Storage randn(const Shape& shape, Random& random) {
  std::vector<float> values(static_cast<std::size_t>(shape.count()));
  for (float& value : values) value = random.normal();
  return {shape, std::move(values)};
}

Storage transpose(const Storage& x, int axis0, int axis1) {
  // exercise 3.3: sizes and strides of the two axes change places; the buffer stays
  std::vector<std::int64_t> sizes = x.shape().sizes();
  Index strides = x.strides();
  std::swap(sizes[static_cast<std::size_t>(axis0)], sizes[static_cast<std::size_t>(axis1)]);
  std::swap(strides[static_cast<std::size_t>(axis0)], strides[static_cast<std::size_t>(axis1)]);
  return x.view(Shape(sizes), strides, x.offset());
  // end exercise
}

}  // namespace nt
