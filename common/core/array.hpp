#pragma once
// An Array is data as some backend holds it: a cheap handle that knows its shape and its backend
// and can give its values to the host. What it points at never changes, so handles may share it
// freely. A HostArray is the plain form in which values come from files and oracles and go to be
// compared.

#include <memory>
#include <vector>

#include "core/backend.hpp"
#include "core/errors.hpp"
#include "core/shape.hpp"

namespace nt {

/// Values in the host's memory, row by row: values.size() == shape.count().
struct HostArray {
  Shape shape;
  std::vector<float> values;

  float operator[](const Index& index) const {
    return values[static_cast<std::size_t>(ravel(index, shape))];
  }
};

/// The same number in every place.
inline HostArray filled(const Shape& shape, float value = 0) {
  return {shape, std::vector<float>(static_cast<std::size_t>(shape.count()), value)};
}

class Array {
 public:
  /// What a backend implements to hold data.
  class Holder {
   public:
    Holder() = default;
    Holder(const Holder&) = default;
    Holder(Holder&&) = default;
    Holder& operator=(const Holder&) = default;
    Holder& operator=(Holder&&) = default;
    virtual ~Holder() = default;

    virtual const Shape& shape() const = 0;
    virtual Backend backend() const = 0;

    /// A copy of the elements, row by row, whatever order the holder keeps them in.
    virtual std::vector<float> values() const = 0;
  };

  /// An empty handle: refers to no data; only `bool` may be asked of it. Whoever asks for more gets
  /// an Error `array: an empty handle refers to no data`.
  Array() = default;

  explicit Array(std::shared_ptr<const Holder> holder) : holder_(std::move(holder)) {}

  explicit operator bool() const { return holder_ != nullptr; }

  const Shape& shape() const { return held().shape(); }
  Backend backend() const { return held().backend(); }
  HostArray host() const { return {held().shape(), held().values()}; }

  /// The data as backend `H` holds it. The caller knows the backend: the op table has checked it.
  template <class H>
  const H& as() const {
    return static_cast<const H&>(held());
  }

 private:
  const Holder& held() const {
    if (!holder_) throw Error("array: an empty handle refers to no data");
    return *holder_;
  }

  std::shared_ptr<const Holder> holder_;
};

}  // namespace nt
