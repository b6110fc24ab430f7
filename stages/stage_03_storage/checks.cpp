// What a Storage is: strides, views, writes, and the walk through it. The kernels' checks are in
// kernel_checks.cpp.

#include <cmath>
#include <numeric>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "install_naive.hpp"
#include "storage.hpp"
#include "walk.hpp"

namespace nt {
namespace {

/// 0, 1, 2, ... row by row: the value of an element is its place in the buffer.
Storage places(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(shape.count()));
  std::iota(values.begin(), values.end(), 0.0F);
  return {shape, std::move(values)};
}

/// The elements as at() gives them, so that exercises 3.2 and 3.3 need no walk.
HostArray asked(const Storage& x) {
  HostArray result{x.shape(), {}};
  for (std::int64_t i = 0; i < x.shape().count(); ++i) {
    result.values.push_back(x.at(unravel(i, x.shape())));
  }
  return result;
}

TEST_CASE("a stride is the product of the sizes behind its axis", "[stage_03][3.1]") {
  struct Row {
    Shape shape;
    Index strides;
  };
  const Row rows[] = {
      {{}, {}},
      {{5}, {1}},
      {{2, 3}, {3, 1}},
      {{2, 3, 4}, {12, 4, 1}},         // 3 * 4, 4, 1
      {{2, 3, 4, 5}, {60, 20, 5, 1}},  // 3 * 4 * 5, 4 * 5, 5, 1
      {{3, 1, 2}, {2, 2, 1}},          // 1 * 2, 2, 1
      {{0}, {1}},                      // the empty axis itself does not count
      {{2, 0, 3}, {0, 3, 1}},          // 0 * 3, 3, 1
  };
  for (const auto& [shape, strides] : rows) {
    CAPTURE(shape);
    CHECK(row_major_strides(shape) == strides);
  }
}

TEST_CASE("at() goes one stride for every step along an axis", "[stage_03][3.2]") {
  const Storage x = places({2, 3, 4});
  CHECK(x.at({0, 0, 0}) == 0);
  CHECK(x.at({0, 2, 1}) == 9);   // 2 * 4 + 1
  CHECK(x.at({1, 2, 3}) == 23);  // 1 * 12 + 2 * 4 + 3
}

TEST_CASE("at() reads a view through its own strides and offset", "[stage_03][3.2]") {
  const Storage x = places({2, 3, 4});
  CHECK(x.view({}, {}, 7).at({}) == 7);
  CHECK_THAT(asked(x.view({3, 2}, {1, 3}, 0)), close_to(HostArray{{3, 2}, {0, 3, 1, 4, 2, 5}}, 0));
  CHECK_THAT(asked(x.view({2, 2}, {12, 1}, 5)), close_to(HostArray{{2, 2}, {5, 6, 17, 18}}, 0));
  CHECK_THAT(asked(x.view({2, 3}, {0, 2}, 1)), close_to(HostArray{{2, 3}, {1, 3, 5, 1, 3, 5}}, 0));
}

TEST_CASE("transpose swaps sizes and strides and copies nothing", "[stage_03][3.3]") {
  const Storage x = places({2, 3});
  const Storage turned = transpose(x, 0, 1);
  REQUIRE(turned.shape() == Shape{3, 2});
  REQUIRE(turned.strides() == Index{1, 3});
  CHECK(turned.shares_buffer_with(x));
  // 0 1 2  ->  0 3
  // 3 4 5      1 4
  //            2 5
  CHECK_THAT(asked(turned), close_to(HostArray{{3, 2}, {0, 3, 1, 4, 2, 5}}, 0));
  CHECK(transpose(turned, 0, 1).strides() == x.strides());
}

TEST_CASE("transpose leaves the other axes alone, and keeps a view's offset", "[stage_03][3.3]") {
  const Storage x = transpose(places({2, 3, 4}), 2, 0);
  CHECK(x.shape() == Shape{4, 3, 2});
  CHECK(x.strides() == Index{1, 4, 12});
  const Storage window = places({3, 4}).view({2, 3}, {4, 1}, 5);  // 5 6 7, 9 10 11
  CHECK(transpose(window, 0, 1).offset() == 5);
  CHECK_THAT(asked(transpose(window, 0, 1)), close_to(HostArray{{3, 2}, {5, 9, 6, 10, 7, 11}}, 0));
}

TEST_CASE("the row transpose counts axes from either end", "[stage_03][3.3]") {
  install_storage();
  set_backend(Backend::naive);
  const Array x = op::array({{2, 3, 4}, std::vector<float>(24)});
  CHECK(op::transpose(x, -1, 0).shape() == Shape{4, 3, 2});
  CHECK(as_storage(op::transpose(x, -1, -2)).strides() == Index{12, 1, 4});
  CHECK_THROWS_WITH(op::transpose(x, 0, 3),
                    "transpose: axis 3 is out of range: x is (2, 3, 4) of rank 3");
}

template <std::size_t N>
std::vector<Distances<N>> visited(const Shape& shape, const std::array<Index, N>& strides) {
  std::vector<Distances<N>> result;
  walk<N>(shape, strides, [&](const Distances<N>& at) { result.push_back(at); });
  return result;
}

TEST_CASE("a walk visits row by row, with a distance for every array", "[stage_03][3.4]") {
  CHECK(visited<2>({2, 3}, {{{3, 1}, {1, 2}}}) ==
        std::vector<Distances<2>>{{0, 0}, {1, 2}, {2, 4}, {3, 1}, {4, 3}, {5, 5}});
  CHECK(visited<1>({2, 1, 2}, {{{10, 77, 1}}}) == std::vector<Distances<1>>{{0}, {1}, {10}, {11}});
}

TEST_CASE("a stride of 0 stays on the same element", "[stage_03][3.4]") {
  CHECK(visited<1>({2, 2}, {{{0, 1}}}) == std::vector<Distances<1>>{{0}, {1}, {0}, {1}});
  CHECK(visited<1>({2, 2}, {{{5, 0}}}) == std::vector<Distances<1>>{{0}, {0}, {5}, {5}});
}

TEST_CASE("a walk visits a single number once, and an empty shape never", "[stage_03][3.4]") {
  CHECK(visited<1>({}, {}) == std::vector<Distances<1>>{{0}});
  for (const Shape& empty : {Shape{0}, Shape{2, 0, 3}, Shape{0, 3}, Shape{3, 0}}) {
    CAPTURE(empty);
    CHECK(visited<1>(empty, {row_major_strides(empty)}).empty());
  }
}

TEST_CASE("the values of a view come row by row", "[stage_03][3.4]") {
  const auto host = [](const Storage& x) { return HostArray{x.shape(), x.values()}; };
  const Storage turned = transpose(places({2, 3, 2}), 0, 2);
  CHECK_THAT(host(turned), close_to(asked(turned), 0));
  const Storage window = places({3, 4}).view({2, 2}, {4, 1}, 5);
  CHECK_THAT(host(window), close_to(HostArray{{2, 2}, {5, 6, 9, 10}}, 0));
}

TEST_CASE("contiguous means row by row without gaps, where steps are taken", "[stage_03]") {
  struct Row {
    Shape shape;
    Index strides;
    bool contiguous;
  };
  const Row rows[] = {
      {{2, 3}, {3, 1}, true},  {{2, 3}, {1, 2}, false},  // columns first
      {{2, 2}, {3, 1}, false},                           // a gap after every row
      {{3}, {2}, false},                                 // a gap after every element
      {{2, 2}, {0, 1}, false},                           // the same row twice
      {{3}, {0}, false},       {{1, 3}, {99, 1}, true},  // along a size of 1 no step is taken
      {{3, 1}, {1, 99}, true}, {{2, 1, 3}, {3, 0, 1}, true}, {{}, {}, true},
      {{0, 3}, {7, 5}, true},  {{3, 0}, {7, 5}, true},  // nor is any in an empty array
  };
  for (const auto& [shape, strides, contiguous] : rows) {
    CAPTURE(shape, strides);
    CHECK(places({24}).view(shape, strides, 0).is_contiguous() == contiguous);
  }
}

TEST_CASE("a view that reads outside its buffer is refused", "[stage_03]") {
  const Storage x = places({2, 3});
  CHECK_THROWS_WITH(x.view({3, 2}, {3, 1}, 0),  // the last is 2 * 3 + 1 = 7, of 0 to 5
                    "view: reads outside its buffer of 6: shape is (3, 2), strides are [3, 1], "
                    "offset is 0");
  CHECK_THROWS_AS(x.view({2}, {-1}, 0), ShapeError);
  CHECK_THROWS_AS(x.view({}, {}, 6), ShapeError);
  CHECK_NOTHROW(x.view({6}, {-1}, 5));
  CHECK_NOTHROW(x.view({0, 9}, {9, 1}, 6));  // nothing is read
}

TEST_CASE("contiguous() copies only what is not, and gives row order", "[stage_03]") {
  const Storage x = places({2, 3});
  CHECK(x.contiguous().shares_buffer_with(x));
  const Storage rows = places({3, 2}).view({2, 2}, {2, 1}, 2);  // the last two rows
  CHECK(rows.contiguous().shares_buffer_with(rows));
  CHECK(rows.contiguous().offset() == 2);

  const Storage turned = transpose(x, 0, 1);
  const Storage copy = turned.contiguous();
  CHECK_FALSE(copy.shares_buffer_with(turned));
  CHECK(copy.strides() == Index{2, 1});
  CHECK(copy.offset() == 0);
  CHECK(std::vector<float>(copy.data(), copy.data() + 6) == std::vector<float>{0, 3, 1, 4, 2, 5});
}

TEST_CASE("a write is never seen through another handle", "[stage_03]") {
  const Storage x = places({2, 3});
  for (Storage other : {x, transpose(x, 0, 1), x.view({3}, {1}, 3), x.contiguous()}) {
    CAPTURE(other.shape(), other.strides(), other.offset());
    HostArray expected{other.shape(), other.values()};
    expected.values[1] = 100;
    other.write()[1] = 100;  // its second element: what write() gives is contiguous
    CHECK_THAT(asked(other), close_to(expected, 0));
    CHECK_THAT(asked(x), close_to(HostArray{{2, 3}, {0, 1, 2, 3, 4, 5}}, 0));
    CHECK_FALSE(other.shares_buffer_with(x));
  }
}

TEST_CASE("a write to the first of two handles leaves the second as it was", "[stage_03]") {
  Storage x = places({2, 3});
  const Storage turned = transpose(x, 0, 1);
  x.write()[1] = 100;
  CHECK(x.at({0, 1}) == 100);
  CHECK(turned.at({1, 0}) == 1);
}

TEST_CASE("the only handle of a buffer writes where it is", "[stage_03]") {
  Storage x = places({3, 4}).view({2, 4}, {4, 1}, 4);  // the last two rows; the whole has gone
  const float* const before = x.data();
  CHECK(x.write() == before);
  x.write()[5] = 100;
  CHECK_THAT(asked(x), close_to(HostArray{{2, 4}, {4, 5, 6, 7, 8, 100, 10, 11}}, 0));
}

TEST_CASE("what is written to is contiguous", "[stage_03]") {
  Storage turned = transpose(places({2, 3}), 0, 1);  // 0 3, 1 4, 2 5
  turned.write()[1] = 100;
  CHECK(turned.is_contiguous());
  CHECK_THAT(asked(turned), close_to(HostArray{{3, 2}, {0, 100, 1, 4, 2, 5}}, 0));
  Storage repeated = places({1}).view({3}, {0}, 0);
  repeated.write()[1] = 100;
  CHECK_THAT(asked(repeated), close_to(HostArray{{3}, {0, 100, 0}}, 0));
}

TEST_CASE("zeros are zero, in every shape", "[stage_03]") {
  CHECK_THAT(asked(zeros({2, 3})), close_to(HostArray{{2, 3}, {0, 0, 0, 0, 0, 0}}, 0));
  CHECK_THAT(asked(zeros({})), close_to(HostArray{{}, {0}}, 0));
  CHECK_THAT(asked(zeros({2, 0})), close_to(HostArray{{2, 0}, {}}, 0));
}

TEST_CASE("randn gives the same numbers for a seed, on every platform", "[stage_03]") {
  // What nt::Random(7).normal() gave when this was written: there is no other source for them.
  const HostArray expected{
      {2, 3},
      {-0.0417415239F, 0.876481473F, -0.305991173F, -0.375629842F, -1.03926611F, 1.10158515F}};
  Random random(7);
  CHECK_THAT(asked(randn({2, 3}, random)), close_to(expected, 0));
  CHECK(randn({}, random).at({}) != expected.values[0]);  // the generator has moved on
}

TEST_CASE("randn has mean 0 and deviation 1", "[stage_03]") {
  const int count = 10000;
  Random random(1);
  const Storage x = randn({count}, random);
  double sum = 0;
  double squares = 0;
  for (const float* value = x.data(); value != x.data() + count; ++value) {
    sum += *value;
    squares += static_cast<double>(*value) * *value;
  }
  // Three deviations of each estimate: 1 / sqrt(count) of the mean, 1 / sqrt(2 count) of the other.
  CHECK(std::abs(sum / count) < 3 / std::sqrt(count));
  CHECK(std::abs(std::sqrt(squares / count) - 1) < 3 / std::sqrt(2 * count));
}

}  // namespace
}  // namespace nt
