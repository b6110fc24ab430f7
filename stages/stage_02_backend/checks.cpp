// The op table: installing kernels, calling rows, choosing backends.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "rows.hpp"
#include "shape_rules.hpp"

namespace nt {
namespace {

/// Chooses a backend until the end of the check.
class Chosen {
 public:
  explicit Chosen(Backend backend) { set_backend(backend); }
  Chosen(const Chosen&) = delete;
  Chosen& operator=(const Chosen&) = delete;
  ~Chosen() { set_backend(Backend::eigen); }
};

/// Data on a backend that need not exist yet: the same number in every place.
Array array_on(Backend backend, const Shape& shape, float number = 0) {
  struct Constant final : Array::Holder {
    const Shape& shape() const override { return its_shape; }
    Backend backend() const override { return its_backend; }
    std::vector<float> values() const override {
      return std::vector<float>(static_cast<std::size_t>(its_shape.count()), number);
    }
    Shape its_shape;
    Backend its_backend;
    float number;
  };
  auto holder = std::make_shared<Constant>();
  holder->its_shape = shape;
  holder->its_backend = backend;
  holder->number = number;
  return Array(std::move(holder));
}

/// A kernel that can be told from others by the number it fills its result with.
op::Unary::Kernel giving(float number) {
  return [number](const Array& x) { return array_on(x.backend(), x.shape(), number); };
}

float first(const Array& array) { return array.host().values.front(); }

// A row that has a kernel stands in the table for good, so the rows of these checks are static.

TEST_CASE("install fills one cell of a row", "[stage_02][2.1]") {
  static op::Unary row{"one cell", shape_rule::same, {.naive = 3}};
  CHECK_FALSE(row.has_kernel(Backend::fast));
  row.install(Backend::fast, giving(17));
  CHECK(row.has_kernel(Backend::fast));
  CHECK_FALSE(row.has_kernel(Backend::eigen));
  CHECK_FALSE(row.has_kernel(Backend::naive));
  CHECK(first(row.kernel(Backend::fast)(array_on(Backend::fast, {1}))) == 17);
}

TEST_CASE("install replaces the kernel that is in the cell, and no other", "[stage_02][2.1]") {
  static op::Unary row{"replaced", shape_rule::same, {.naive = 3}};
  row.install(Backend::naive, giving(3));
  row.install(Backend::fast, giving(17));
  row.install(Backend::naive, giving(4));
  CHECK(first(row.kernel(Backend::naive)(array_on(Backend::naive, {1}))) == 4);
  CHECK(first(row.kernel(Backend::fast)(array_on(Backend::fast, {1}))) == 17);
}

TEST_CASE("a row stands in the table once it has a kernel, and only once", "[stage_02][2.1]") {
  static op::Unary row{"listed", shape_rule::same, {.naive = 3}};
  const auto times = [](const OpRow& wanted) {
    return std::count(op_table().begin(), op_table().end(), &wanted);
  };
  CHECK(times(row) == 0);
  row.install(Backend::fast, giving(17));
  CHECK(times(row) == 1);
  row.install(Backend::fast, giving(18));
  row.install(Backend::naive, giving(3));
  CHECK(times(row) == 1);
}

TEST_CASE("install_eigen fills the eigen column, and may be called again", "[stage_02][2.1]") {
  install_eigen();
  install_eigen();
  for (const char* name : {"array",   "add",     "subtract",  "multiply", "divide", "exp", "log",
                           "sqrt",    "erf",     "matmul",    "sum",      "mean",   "max", "argmax",
                           "reshape", "permute", "transpose", "slice",    "expand", "pad"}) {
    INFO(name);
    CHECK(std::count_if(op_table().begin(), op_table().end(), [&](const OpRow* row) {
            return row->name() == name && row->has_kernel(Backend::eigen) &&
                   !row->has_kernel(Backend::fast);
          }) == 1);
  }
}

TEST_CASE("a row calls the kernel of the chosen backend", "[stage_02][2.2]") {
  static op::Unary row{"dispatched", shape_rule::same, {.naive = 3}, giving(99)};
  row.install(Backend::eigen, giving(2));
  row.install(Backend::naive, giving(3));
  row.install(Backend::fast, giving(17));
  for (const auto& [backend, expected] :
       {std::pair{Backend::naive, 3.0F}, {Backend::fast, 17.0F}, {Backend::eigen, 2.0F}}) {
    INFO(name(backend));
    const Chosen chosen(backend);
    CHECK(first(row(array_on(backend, {2}))) == expected);
  }
}

TEST_CASE("a row without a kernel for the chosen backend uses its fallback", "[stage_02][2.2]") {
  static op::Unary row{"composed", shape_rule::same, {.naive = 3}, giving(99)};
  row.install(Backend::naive, giving(3));
  CHECK(row.has_fallback());
  const Chosen chosen(Backend::fast);
  CHECK(first(row(array_on(Backend::fast, {2}))) == 99);
  row.install(Backend::fast, giving(17));
  CHECK(first(row(array_on(Backend::fast, {2}))) == 17);
}

TEST_CASE("a kernel that gives another shape than the rule promised is named", "[stage_02][2.2]") {
  install_eigen();
  static op::Unary row{"short", shape_rule::same, {.naive = 3}};
  row.install(Backend::eigen, [](const Array&) { return op::array({{1}, {0}}); });
  set_backend(Backend::eigen);
  CHECK_THROWS_WITH(row(op::array({{2}, {1, 2}})),
                    "short: wrong kernel: the result should be (2), backend 'eigen' gave (1)");
}

TEST_CASE("a missing kernel is told with the stage that adds it", "[stage_02][2.2]") {
  static op::Unary row{"exp", shape_rule::same, {.naive = 3}};
  const Array x = array_on(Backend::naive, {2});
  const Chosen chosen(Backend::naive);
  CHECK_THROWS_AS(row(x), BackendError);
  CHECK_THROWS_WITH(row(x), "exp: backend 'naive' has no kernel yet; stage 3 adds it");
  set_backend(Backend::fast);
  CHECK_THROWS_WITH(row(array_on(Backend::fast, {2})),
                    "exp: backend 'fast' has no kernel yet; stage 17 adds it");
}

TEST_CASE("operands on another backend than the chosen one are refused", "[stage_02][2.2]") {
  const Chosen chosen(Backend::naive);
  const Array ours = array_on(Backend::naive, {2});
  const Array other = array_on(Backend::eigen, {3});  // that the shapes differ too comes second
  CHECK_THROWS_AS(op::exp(other), BackendError);
  CHECK_THROWS_WITH(op::exp(other),
                    "exp: backends differ: the chosen one is 'naive', x is on 'eigen'");
  CHECK_THROWS_WITH(op::add(ours, other),
                    "add: backends differ: the chosen one is 'naive', b is on 'eigen'");
  CHECK_THROWS_WITH(op::add(other, other),
                    "add: backends differ: the chosen one is 'naive', a is on 'eigen'");
}

TEST_CASE("an operand without data is refused", "[stage_02][2.2]") {
  // These rules do not look at their operands: what refuses them is the row.
  static op::Unary unary{"exp", [](std::string_view, Array&) { return Shape{}; }, {.naive = 3}};
  static op::Binary binary{
      "add", [](std::string_view, Array&, Array&) { return Shape{}; }, {.naive = 3}};
  const Array x = array_on(Backend::eigen, {});
  CHECK_THROWS_AS(unary(Array{}), BackendError);
  CHECK_THROWS_WITH(unary(Array{}), "exp: x holds no data");
  CHECK_THROWS_WITH(binary(Array{}, x), "add: a holds no data");
  CHECK_THROWS_WITH(binary(x, Array{}), "add: b holds no data");
}

TEST_CASE("kernels and fallbacks see axes counted from the front", "[stage_02][2.2]") {
  static Axes seen;
  const op::Reduction::Kernel remember = [](const Array& x, const Axes& axes, bool /*keepdim*/) {
    seen = axes;
    return array_on(x.backend(), {x.shape()[1]});
  };
  static op::Reduction row{"remembers", shape_rule::reduce, {.naive = 4}, remember};
  row.install(Backend::fast, remember);
  for (const Backend backend : {Backend::fast, Backend::naive}) {  // the kernel, the fallback
    const Chosen chosen(backend);
    seen.clear();
    const Axes axes{-1, 0};
    row(array_on(backend, {2, 3, 4}), axes, false);
    CHECK(seen == Axes{2, 0});
    CHECK(axes == Axes{-1, 0});
  }
}

TEST_CASE("the rule is applied once a call, whatever the backend, and before its kernel",
          "[stage_02][2.2]") {
  static int rules = 0;
  static int kernels = 0;
  const auto only_vectors = [](std::string_view op, Array& x) {
    ++rules;
    if (x.shape().rank() == 1) return x.shape();
    throw ShapeError(std::string(op) + ": x is no vector");
  };
  const op::Unary::Kernel count = [](const Array& x) {
    ++kernels;
    return x;
  };
  static op::Unary row{"vector only", only_vectors, {.naive = 3}, count};
  row.install(Backend::fast, count);
  for (const Backend backend : {Backend::fast, Backend::naive}) {
    const Chosen chosen(backend);
    rules = kernels = 0;
    row(array_on(backend, {2}));
    CHECK(rules == 1);
    CHECK(kernels == 1);
    CHECK_THROWS_WITH(row(array_on(backend, {2, 2})), "vector only: x is no vector");
    CHECK(rules == 2);
    CHECK(kernels == 1);
  }
}

TEST_CASE("set_backend chooses by name", "[stage_02]") {
  const Chosen eigen_afterwards(Backend::eigen);
  for (const Backend backend : {Backend::naive, Backend::fast, Backend::eigen}) {
    set_backend(name(backend));
    CHECK(current_backend() == backend);
  }
}

TEST_CASE("set_backend refuses an unknown name and keeps the choice", "[stage_02]") {
  const Chosen chosen(Backend::naive);
  CHECK_THROWS_AS(set_backend("cuda"), BackendError);
  CHECK_THROWS_WITH(set_backend("cuda"),
                    "set_backend: unknown backend 'cuda': expected eigen, naive or fast");
  CHECK_THROWS_WITH(set_backend("Eigen"),
                    "set_backend: unknown backend 'Eigen': expected eigen, naive or fast");
  CHECK_THROWS_WITH(set_backend(""),
                    "set_backend: unknown backend '': expected eigen, naive or fast");
  CHECK(current_backend() == Backend::naive);
}

TEST_CASE("a broken rule is told before a missing kernel", "[stage_02][2.3]") {
  static op::Binary row{"add", shape_rule::broadcast, {.naive = 3}};
  const Chosen chosen(Backend::naive);
  const Array x = array_on(Backend::naive, {2, 3});
  CHECK_THROWS_WITH(row(x, array_on(Backend::naive, {2})),
                    "add: shapes do not broadcast: a is (2, 3), b is (2)");
  CHECK_THROWS_WITH(row(x, x), "add: backend 'naive' has no kernel yet; stage 3 adds it");
}

}  // namespace
}  // namespace nt
