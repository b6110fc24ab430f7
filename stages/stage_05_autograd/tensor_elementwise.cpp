// The derivatives of operations element by element. dc is dL/dc, and the chain rule multiplies it
// by the slope of c. They need not know about broadcasting: the engine sums what was repeated.

#include <numbers>

#include "tensor_ops.hpp"

namespace nt {
namespace {

Array negative(const Array& x) { return op::multiply(x, op::number(-1)); }

}  // namespace

Tensor number(float c) { return Tensor(op::number(c)); }

Tensor add(const Tensor& a, const Tensor& b) {
  const auto da = [](const Array& dc) { return dc; };
  const auto db = [](const Array& dc) { return dc; };
  return record("add", op::add(a.data(), b.data()), {{a, da}, {b, db}});
}

Tensor subtract(const Tensor& a, const Tensor& b) {
  const auto da = [](const Array& dc) { return dc; };
  const auto db = [](const Array& dc) { return negative(dc); };
  return record("subtract", op::subtract(a.data(), b.data()), {{a, da}, {b, db}});
}

Tensor multiply(const Tensor& a, const Tensor& b) {
  const auto da = [b = b.data()](const Array& dc) { return op::multiply(dc, b); };  // dc b
  const auto db = [a = a.data()](const Array& dc) { return op::multiply(dc, a); };  // dc a
  return record("multiply", op::multiply(a.data(), b.data()), {{a, da}, {b, db}});
}

Tensor divide(const Tensor& a, const Tensor& b) {
  // exercise 5.5: c = a / b, so da = dc / b and db = -dc c / b
  const Array c = op::divide(a.data(), b.data());
  const auto da = [b = b.data()](const Array& dc) { return op::divide(dc, b); };
  const auto db = [b = b.data(), c](const Array& dc) {
    return negative(op::multiply(dc, op::divide(c, b)));
  };
  return record("divide", c, {{a, da}, {b, db}});
  // end exercise
}

Tensor greater(const Tensor& a, const Tensor& b) { return Tensor(op::greater(a.data(), b.data())); }

Tensor equal(const Tensor& a, const Tensor& b) { return Tensor(op::equal(a.data(), b.data())); }

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  // A product with the condition would turn an infinite dc on the other side into NaN.
  const Array& chosen = condition.data();
  const auto da = [=](const Array& dc) { return op::where(chosen, dc, op::number(0)); };
  const auto db = [=](const Array& dc) { return op::where(chosen, op::number(0), dc); };
  return record("where", op::where(chosen, a.data(), b.data()), {{a, da}, {b, db}});
}

Tensor exp(const Tensor& x) {
  const Array y = op::exp(x.data());
  const auto dx = [y](const Array& dy) { return op::multiply(dy, y); };  // dy y
  return record("exp", y, {{x, dx}});
}

Tensor log(const Tensor& x) {
  const auto dx = [x = x.data()](const Array& dy) { return op::divide(dy, x); };  // dy / x
  return record("log", op::log(x.data()), {{x, dx}});
}

Tensor sqrt(const Tensor& x) {
  const Array y = op::sqrt(x.data());
  const auto dx = [y](const Array& dy) {
    return op::divide(dy, op::multiply(y, op::number(2)));  // dy / 2y
  };
  return record("sqrt", y, {{x, dx}});
}

Tensor erf(const Tensor& x) {
  const auto dx = [x = x.data()](const Array& dy) {
    constexpr float kScale = 2 * std::numbers::inv_sqrtpi_v<float>;
    const Array bell = op::exp(negative(op::multiply(x, x)));
    return op::multiply(dy, op::multiply(bell, op::number(kScale)));  // dy 2/sqrt(pi) exp(-x^2)
  };
  return record("erf", op::erf(x.data()), {{x, dx}});
}

Tensor tanh(const Tensor& x) {
  const Array y = op::tanh(x.data());
  const auto dx = [y](const Array& dy) {
    return op::multiply(dy, op::subtract(op::number(1), op::multiply(y, y)));  // dy (1 - y^2)
  };
  return record("tanh", y, {{x, dx}});
}

Tensor power(const Tensor& x, float p) {
  const float below = p == 0 ? 0 : p - 1;  // x^0 is flat, but 0 times x^-1 is NaN where x is 0
  const auto dx = [x = x.data(), p, below](const Array& dy) {
    const Array slope = op::multiply(op::power(x, below), op::number(p));
    return op::multiply(dy, slope);  // dy p x^(p-1)
  };
  return record("power", op::power(x.data(), p), {{x, dx}});
}

}  // namespace nt
