// Views: expand, slice, permute and reshape, and broadcasting, which is made of them. Reductions
// and products are checked in kernel_checks.cpp, random shapes in random_checks.cpp.

#include <numeric>
#include <optional>

#include "broadcast.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "install_broadcast.hpp"
#include "install_naive.hpp"
#include "views.hpp"

namespace nt {
namespace {

/// 0, 1, 2, ... row by row: the value of an element is its place in the buffer.
Storage places(const Shape& shape) {
  std::vector<float> values(static_cast<std::size_t>(shape.count()));
  std::iota(values.begin(), values.end(), 0.0F);
  return {shape, std::move(values)};
}

HostArray host(const Storage& x) { return {x.shape(), x.values()}; }

/// The strides where steps are taken: along an axis of size 1 every stride is as good.
Index taken(const Shape& shape, Index strides) {
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 1) strides[static_cast<std::size_t>(axis)] = 0;
  }
  return strides;
}

void use_naive() {
  install_broadcast();
  set_backend(Backend::naive);
}

TEST_CASE("expand repeats with strides of 0 and copies nothing", "[stage_04][4.1]") {
  struct Row {
    Storage x;
    Shape shape;
    Index strides;
    std::vector<float> values;
  };
  const Row rows[] = {
      {places({3}), {2, 3}, {0, 1}, {0, 1, 2, 0, 1, 2}},     // a missing axis
      {places({2, 1}), {2, 3}, {1, 0}, {0, 0, 0, 1, 1, 1}},  // a size of 1
      {places({1, 2, 1}), {2, 2, 2}, {0, 1, 0}, {0, 0, 1, 1, 0, 0, 1, 1}},
      {places({}), {2, 2}, {0, 0}, {0, 0, 0, 0}},
      {places({2, 2}), {2, 2}, {2, 1}, {0, 1, 2, 3}},
      {transpose(places({2, 3}), 0, 1), {2, 3, 2}, {0, 1, 3}, {0, 3, 1, 4, 2, 5, 0, 3, 1, 4, 2, 5}},
      {places({4}).view({1}, {1}, 2), {3}, {0}, {2, 2, 2}},  // the offset stays
      {places({1}), {0}, {0}, {}},
  };
  for (const auto& [x, shape, strides, values] : rows) {
    CAPTURE(x.shape(), shape);
    const Storage wide = expand(x, shape);
    REQUIRE(wide.shape() == shape);
    REQUIRE(wide.strides() == strides);
    CHECK(wide.shares_buffer_with(x));
    CHECK_THAT(host(wide), close_to(HostArray{shape, values}, 0));
  }
}

TEST_CASE("elementwise operations repeat sizes of 1 and missing axes", "[stage_04][4.1]") {
  struct Row {
    HostArray a, b, difference;
  };
  const Row rows[] = {
      {{{2, 1}, {10, 20}}, {{3}, {1, 2, 3}}, {{2, 3}, {9, 8, 7, 19, 18, 17}}},
      {{{2, 2}, {1, 2, 3, 4}}, {{2}, {10, 20}}, {{2, 2}, {-9, -18, -7, -16}}},
      {{{2, 2}, {1, 2, 3, 4}}, {{2, 1}, {10, 20}}, {{2, 2}, {-9, -8, -17, -16}}},
      {{{}, {1}}, {{2, 2}, {1, 2, 3, 4}}, {{2, 2}, {0, -1, -2, -3}}},
      {{{}, {3}}, {{}, {1}}, {{}, {2}}},
      {{{1}, {5}}, {{1, 1, 1}, {1}}, {{1, 1, 1}, {4}}},
      {{{2, 1, 1, 1, 1, 1}, {10, 20}},
       {{1, 1, 1, 1, 1, 2}, {1, 2}},
       {{2, 1, 1, 1, 1, 2}, {9, 8, 19, 18}}},
      {{{3, 1}, {1, 2, 3}}, {{0}, {}}, {{3, 0}, {}}},  // 1 becomes 0 as well
  };
  use_naive();
  for (const auto& [a, b, difference] : rows) {
    CAPTURE(a.shape, b.shape);
    const Storage c =
        naive::broadcast(Storage(a.shape, a.values), Storage(b.shape, b.values), std::minus<>());
    CHECK_THAT(host(c), close_to(difference, 0));
    CHECK_THAT(op::subtract(op::array(a), op::array(b)), close_to(difference, 0));
  }
}

TEST_CASE("slice moves the offset by steps of the stride and copies nothing", "[stage_04][4.2]") {
  //  0  1  2  3
  //  4  5  6  7
  //  8  9 10 11
  const Storage x = places({3, 4});
  struct Row {
    Storage x;
    int axis;
    std::int64_t start, stop, offset;
    HostArray expected;
  };
  const Row rows[] = {
      {x, 0, 1, 3, 4, {{2, 4}, {4, 5, 6, 7, 8, 9, 10, 11}}},
      {x, 1, 1, 3, 1, {{3, 2}, {1, 2, 5, 6, 9, 10}}},
      {x, 1, 0, 4, 0, host(x)},
      {x, 0, 2, 3, 8, {{1, 4}, {8, 9, 10, 11}}},
      {x, 1, 2, 2, 2, {{3, 0}, {}}},
      {x.view({2, 3}, {4, 1}, 5), 1, 1, 3, 6, {{2, 2}, {6, 7, 10, 11}}},  // a view's own offset
      {transpose(x, 0, 1), 0, 1, 3, 1, {{2, 3}, {1, 5, 9, 2, 6, 10}}},
      {transpose(x, 0, 1), 1, 1, 2, 4, {{4, 1}, {4, 5, 6, 7}}},
      {x.view({3, 2}, {0, 1}, 0), 0, 1, 3, 0, {{2, 2}, {0, 1, 0, 1}}},
  };
  for (const auto& [from, axis, start, stop, offset, expected] : rows) {
    CAPTURE(from.shape(), from.strides(), axis, start, stop);
    const Storage part = slice(from, axis, start, stop);
    REQUIRE(part.shape() == expected.shape);
    CHECK(part.strides() == from.strides());
    CHECK(part.offset() == offset);
    CHECK(part.shares_buffer_with(x));
    CHECK_THAT(host(part), close_to(expected, 0));
  }
}

TEST_CASE("permute puts axes into another order and copies nothing", "[stage_04]") {
  const Storage x = places({2, 3, 4});
  const Storage turned = permute(x, {2, 0, 1});
  CHECK(turned.shape() == Shape{4, 2, 3});
  CHECK(turned.strides() == Index{1, 12, 4});
  CHECK(turned.shares_buffer_with(x));
  CHECK(turned.at({3, 1, 2}) == x.at({1, 2, 3}));
  CHECK(permute(turned, {1, 2, 0}).strides() == x.strides());
  CHECK(permute(places({4}).view({2, 1}, {1, 9}, 2), {1, 0}).offset() == 2);
  CHECK(permute(places({}), {}).shape() == Shape{});
}

TEST_CASE("strides read a buffer as another shape wherever they can", "[stage_04][4.3]") {
  const Storage x = places({2, 3});
  const Storage turned = transpose(x, 0, 1);  // (3, 2), strides 1 3
  const Storage rows_2_3 = places({4, 3}).view({2, 3}, {3, 1}, 6);
  const Storage gaps = places({4, 3}).view({4, 2}, {3, 1}, 0);  // the first two columns
  const Storage repeated = places({4}).view({3, 4}, {0, 1}, 0);
  const Storage turned_3 = permute(places({2, 3, 4}), {1, 2, 0});  // (3, 4, 2), strides 4 1 12
  struct Row {
    Storage x;
    Shape shape;
    std::optional<Index> strides;
  };
  const Row rows[] = {
      {x, {6}, Index{1}},
      {x, {3, 2}, Index{2, 1}},
      {x, {1, 2, 1, 3, 1}, Index{0, 3, 0, 1, 0}},
      {turned, {6}, {}},  // 0 3 1 4 2 5 are no even steps
      {turned, {2, 3}, {}},
      {turned, {3, 1, 2}, Index{1, 0, 3}},
      {rows_2_3, {6}, Index{1}},
      {gaps, {8}, {}},
      {gaps, {2, 4}, {}},
      {gaps, {2, 2, 2}, Index{6, 3, 1}},  // the longer axis splits
      {places({12}).view({4}, {3}, 0), {2, 2}, Index{6, 3}},
      {repeated, {12}, {}},
      {repeated, {3, 2, 2}, Index{0, 2, 1}},
      {places({1}).view({2, 3}, {0, 0}, 0), {6}, Index{0}},
      {places({3}).view({1, 3, 1}, {77, 1, 55}, 0), {3}, Index{1}},
      {turned_3, {12, 2}, Index{1, 12}},  // 3 steps of 4 follow 4 steps of 1
      {turned_3, {3, 8}, {}},
      {turned_3, {6, 2, 2}, Index{2, 1, 12}},
      {turned_3, {8, 3}, {}},
      {places({}), {1, 1}, Index{0, 0}},
      {places({1, 1}), {}, Index{}},
      {places({0, 3}), {3, 0}, Index{0, 1}},
  };
  for (const auto& [from, shape, strides] : rows) {
    CAPTURE(from.shape(), from.strides(), shape);
    const std::optional<Index> found = strides_for(from, shape);
    REQUIRE(found.has_value() == strides.has_value());
    if (found) CHECK(taken(shape, *found) == taken(shape, *strides));

    const Storage y = reshape(from, shape);
    CHECK(y.shares_buffer_with(from) == strides.has_value());
    CHECK_THAT(host(y), close_to(HostArray{shape, from.values()}, 0));
  }
}

TEST_CASE("reshape takes the elements row by row, whatever the strides", "[stage_04][4.3]") {
  use_naive();
  // 1 2 3   turned 1 4   row by row 1 4 2 5 3 6
  // 4 5 6          2 5
  //                3 6
  const Array turned = op::transpose(op::array({{2, 3}, {1, 2, 3, 4, 5, 6}}), 0, 1);
  const Array copy = to_array(as_storage(turned).contiguous());
  CHECK_THAT(op::reshape(turned, {6}),
             close_to(HostArray{{6}, {1, 4, 2, 5, 3, 6}}, 0).on_contiguous(op::reshape(copy, {6})));
}

TEST_CASE("a write to a view is never seen in what it views", "[stage_04]") {
  const Storage x = places({2, 2});
  for (Storage view :
       {expand(x, {2, 2, 2}), slice(x, 0, 0, 1), permute(x, {1, 0}), reshape(x, {4})}) {
    view.write()[0] = 100;
    CHECK(view.values().front() == 100);
    CHECK_THAT(host(x), close_to(HostArray{{2, 2}, {0, 1, 2, 3}}, 0));
  }
}

TEST_CASE("views count axes from either end and refuse what they cannot show", "[stage_04]") {
  use_naive();
  const Array x = op::array({{2, 3}, {0, 1, 2, 3, 4, 5}});
  CHECK_THAT(op::slice(x, -1, 1, 2), close_to(HostArray{{2, 1}, {1, 4}}, 0));
  CHECK_THAT(op::permute(x, {-1, 0}), close_to(HostArray{{3, 2}, {0, 3, 1, 4, 2, 5}}, 0));
  CHECK_THROWS_WITH(op::slice(x, 1, 2, 4), "slice: 2 to 4 is no range of axis 1: x is (2, 3)");
  CHECK_THROWS_WITH(op::slice(x, 1, 2, 1), "slice: 2 to 1 is no range of axis 1: x is (2, 3)");
  CHECK_THROWS_WITH(op::slice(x, 2, 0, 1), "slice: axis 2 is out of range: x is (2, 3) of rank 2");
  CHECK_THROWS_WITH(op::permute(x, {0}),
                    "permute: order must name every axis once: x is (2, 3), order is (0)");
  CHECK_THROWS_WITH(op::permute(x, {1, -1}), "permute: axis 1 is named twice: x is (2, 3)");
  CHECK_THROWS_WITH(op::reshape(x, {4}),
                    "reshape: numbers of elements differ: x is (2, 3), shape is (4)");
  for (const Shape& shape : {Shape{3, 3}, Shape{3}, Shape{2, 1}}) {
    CHECK_THROWS_WITH(
        op::expand(x, shape),
        "expand: x does not broadcast to the shape: x is (2, 3), shape is " + shape.text());
  }
  const op::Binary* const binary[] = {&op::add, &op::subtract, &op::multiply, &op::divide};
  for (const op::Binary* row : binary) {
    CHECK_THROWS_WITH(
        (*row)(x, op::array({{2}, {1, 2}})),
        std::string(row->name()) + ": shapes do not broadcast: a is (2, 3), b is (2)");
  }
}

}  // namespace
}  // namespace nt
