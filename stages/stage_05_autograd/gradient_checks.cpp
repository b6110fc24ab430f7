// The derivative of every operation, worked by hand. Finite differences judge them in
// direction_checks.cpp, PyTorch in edge_checks.cpp.

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "finite_difference.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

using Arguments = std::vector<Tensor>;

/// y = f(x), and dL/dx for a given dL/dy.
struct ByHand {
  const char* text;
  TensorFunction f;
  std::vector<HostArray> x;
  HostArray y, dy;
  std::vector<HostArray> dx;
};

/// Measured: 2.4e-7, a unit in the last place of 3; most are exact.
void check_by_hand(const ByHand& row) {
  CAPTURE(row.text);
  Arguments x;
  for (const HostArray& values : row.x) x.emplace_back(op::array(values), true);
  Tape tape;
  const Tensor y = row.f(x);
  CHECK_THAT(y.data(), close_to(row.y, 1e-6F));
  tape.backward(y, op::array(row.dy));
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(i);
    CHECK_THAT(x[i].grad(), close_to(row.dx[i], 1e-6F));
  }
}

/// A function of a single Tensor.
TensorFunction of_one(Tensor (*f)(const Tensor&)) {
  return [f](const Arguments& t) { return f(t[0]); };
}

TEST_CASE("element by element, the slopes are those of the formulas", "[stage_05][5.4]") {
  const auto cubed = [](const Arguments& t) { return power(t[0], 3); };
  const auto root = [](const Arguments& t) { return power(t[0], 0.5F); };
  const auto inverse = [](const Arguments& t) { return power(t[0], -1); };
  const auto flat = [](const Arguments& t) { return power(t[0], 0); };
  const auto same = [](const Arguments& t) { return power(t[0], 1); };
  const auto chosen = [](const Arguments& t) {
    return where(Tensor(op::array({{3}, {1, 0, -2}})), t[0], t[1]);
  };
  const auto difference = [](const Arguments& t) { return t[0] - t[1]; };
  const ByHand rows[] = {
      {"a - b",
       difference,
       {{{2}, {5, 7}}, {{}, {2}}},
       {{2}, {3, 5}},
       {{2}, {1, 10}},
       {{{2}, {1, 10}}, {{}, {-11}}}},
      {"exp",
       of_one(exp),
       {{{2}, {0, 1}}},
       {{2}, {1, 2.7182818F}},
       {{2}, {3, 1}},
       {{{2}, {3, 2.7182818F}}}},
      {"log",
       of_one(log),
       {{{2}, {1, 4}}},
       {{2}, {0, 1.3862944F}},
       {{2}, {3, 1}},
       {{{2}, {3, 0.25F}}}},
      {"sqrt", of_one(sqrt), {{{2}, {4, 9}}}, {{2}, {2, 3}}, {{2}, {1, 12}}, {{{2}, {0.25F, 2}}}},
      {"erf",
       of_one(erf),
       {{{2}, {0, 1}}},
       {{2}, {0, 0.84270079F}},
       {{2}, {1, 1}},
       {{{2}, {1.1283792F, 0.41510750F}}}},  // 2 / sqrt pi, the same / e
      {"tanh",
       of_one(tanh),
       {{{2}, {0, 0.54930614F}}},
       {{2}, {0, 0.5F}},
       {{2}, {2, 4}},
       {{{2}, {2, 3}}}},  // 1 - 1/4
      {"x^3", cubed, {{{3}, {2, -1, 0}}}, {{3}, {8, -1, 0}}, {{3}, {1, 2, 1}}, {{{3}, {12, 6, 0}}}},
      {"x^0.5", root, {{{1}, {4}}}, {{1}, {2}}, {{1}, {8}}, {{{1}, {2}}}},
      {"x^-1", inverse, {{{2}, {2, -1}}}, {{2}, {0.5F, -1}}, {{2}, {4, 4}}, {{{2}, {-1, -4}}}},
      {"x^0", flat, {{{2}, {0, 3}}}, {{2}, {1, 1}}, {{2}, {4, 4}}, {{{2}, {0, 0}}}},
      {"x^1", same, {{{2}, {0, 3}}}, {{2}, {0, 3}}, {{2}, {4, 4}}, {{{2}, {4, 4}}}},
      {"where",
       chosen,
       {{{3}, {1, 2, 3}}, {{}, {9}}},
       {{3}, {1, 9, 3}},
       {{3}, {1, 10, 100}},
       {{{3}, {1, 0, 100}}, {{}, {10}}}},
  };
  on_both([&] {
    for (const ByHand& row : rows) check_by_hand(row);
  });
}

TEST_CASE("a reduction's gradient goes to the elements that made it", "[stage_05][5.4]") {
  // 1 5 5
  // 7 2 7
  const HostArray x{{2, 3}, {1, 5, 5, 7, 2, 7}};
  const HostArray dy{{2}, {6, 60}};
  const auto sums = [](const Arguments& t) { return sum(t[0], {1}); };
  const auto kept = [](const Arguments& t) { return sum(t[0], {0}, true); };
  const auto means = [](const Arguments& t) { return mean(t[0], {-1}); };
  const auto all = [](const Arguments& t) { return mean(t[0], {0, 1}); };
  const auto none = [](const Arguments& t) { return mean(t[0], {}); };
  const auto largest = [](const Arguments& t) { return max(t[0], {-1}); };
  const auto of_all = [](const Arguments& t) { return max(t[0], {0, 1}, true); };
  const auto picked = [](const Arguments& t) { return pick(t[0], {2, 0}); };
  const ByHand rows[] = {
      {"sum", sums, {x}, {{2}, {11, 16}}, dy, {{{2, 3}, {6, 6, 6, 60, 60, 60}}}},
      {"sum, kept",
       kept,
       {x},
       {{1, 3}, {8, 7, 12}},
       {{1, 3}, {1, 2, 3}},
       {{{2, 3}, {1, 2, 3, 1, 2, 3}}}},
      {"mean", means, {x}, {{2}, {11.0F / 3, 16.0F / 3}}, dy, {{{2, 3}, {2, 2, 2, 20, 20, 20}}}},
      {"mean of all", all, {x}, {{}, {4.5F}}, {{}, {6}}, {{{2, 3}, {1, 1, 1, 1, 1, 1}}}},
      {"mean of none", none, {x}, x, x, {x}},
      {"max, ties share", largest, {x}, {{2}, {5, 7}}, dy, {{{2, 3}, {0, 3, 3, 30, 0, 30}}}},
      {"max of all", of_all, {x}, {{1, 1}, {7}}, {{1, 1}, {6}}, {{{2, 3}, {0, 0, 0, 3, 0, 3}}}},
      {"max of equals",
       largest,
       {{{1, 3}, {4, 4, 4}}},
       {{1}, {4}},
       {{1}, {6}},
       {{{1, 3}, {2, 2, 2}}}},
      {"pick", picked, {x}, {{2}, {5, 7}}, dy, {{{2, 3}, {0, 0, 6, 60, 0, 0}}}},
  };
  on_both([&] {
    for (const ByHand& row : rows) check_by_hand(row);
  });
}

TEST_CASE("a view's gradient goes back the way its elements came", "[stage_05][5.4]") {
  const HostArray x{{2, 3}, {1, 2, 3, 4, 5, 6}};
  const auto reshaped = [](const Arguments& t) { return reshape(t[0], {3, 2}); };
  const auto turned = [](const Arguments& t) { return permute(t[0], {-1, 0}); };
  const auto transposed = [](const Arguments& t) { return transpose(t[0], -2, 1); };
  const auto sliced = [](const Arguments& t) { return slice(t[0], -1, 1, 2); };
  const auto repeated = [](const Arguments& t) { return expand(t[0], {2, 2, 3}); };
  const auto padded = [](const Arguments& t) { return pad(t[0], -2, 1, 0); };
  const HostArray columns{{3, 2}, {1, 4, 2, 5, 3, 6}};
  const HostArray dy{{3, 2}, {1, 2, 3, 4, 5, 6}};
  const ByHand rows[] = {
      {"reshape", reshaped, {x}, {{3, 2}, x.values}, dy, {x}},
      {"permute", turned, {x}, columns, dy, {{{2, 3}, {1, 3, 5, 2, 4, 6}}}},
      {"transpose", transposed, {x}, columns, dy, {{{2, 3}, {1, 3, 5, 2, 4, 6}}}},
      {"slice", sliced, {x}, {{2, 1}, {2, 5}}, {{2, 1}, {7, 8}}, {{{2, 3}, {0, 7, 0, 0, 8, 0}}}},
      {"expand",
       repeated,
       {x},
       {{2, 2, 3}, {1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6}},
       {{2, 2, 3}, {1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60}},
       {{{2, 3}, {11, 22, 33, 44, 55, 66}}}},
      {"pad",
       padded,
       {x},
       {{3, 3}, {0, 0, 0, 1, 2, 3, 4, 5, 6}},
       {{3, 3}, {9, 9, 9, 1, 2, 3, 4, 5, 6}},
       {x}},
  };
  on_both([&] {
    for (const ByHand& row : rows) check_by_hand(row);
  });
}

TEST_CASE("a quotient's slopes are 1 / b and -a / b^2", "[stage_05][5.5]") {
  const auto quotient = [](const Arguments& t) { return t[0] / t[1]; };
  const ByHand rows[] = {
      {"a / b",
       quotient,
       {{{2}, {6, -3}}, {{2}, {2, 4}}},
       {{2}, {3, -0.75F}},
       {{2}, {1, 16}},
       {{{2}, {0.5F, 4}}, {{2}, {-1.5F, 3}}}},
      {"by one number",
       quotient,
       {{{2}, {6, 10}}, {{}, {2}}},
       {{2}, {3, 5}},
       {{2}, {1, 10}},
       {{{2}, {0.5F, 5}}, {{}, {-26.5F}}}},  // -6/4 - 10 * 10/4
      {"of one number",
       quotient,
       {{{1}, {4}}, {{2}, {1, 2}}},
       {{2}, {4, 2}},
       {{2}, {1, 2}},
       {{{1}, {2}}, {{2}, {-4, -2}}}},
  };
  on_both([&] {
    for (const ByHand& row : rows) check_by_hand(row);
  });
}

TEST_CASE("a product's gradients are dc b^T and a^T dc", "[stage_05][5.6]") {
  const auto product = [](const Arguments& t) { return matmul(t[0], t[1]); };
  const ByHand rows[] = {
      // a: 1 2 3   b: 1 0   c: 4 5    dc: 1 10     dc b^T: 1 10  11   a^T dc: 401 4010
      //    4 5 6      0 1     10 11       100 1000        100 1000 1100       502 5020
      //               1 1                                                    603 6030
      {"a b",
       product,
       {{{2, 3}, {1, 2, 3, 4, 5, 6}}, {{3, 2}, {1, 0, 0, 1, 1, 1}}},
       {{2, 2}, {4, 5, 10, 11}},
       {{2, 2}, {1, 10, 100, 1000}},
       {{{2, 3}, {1, 10, 11, 100, 1000, 1100}}, {{3, 2}, {401, 4010, 502, 5020, 603, 6030}}}},
      // one b for a stack of two: it gets the sum
      {"a stack",
       product,
       {{{2, 1, 2}, {1, 2, 3, 4}}, {{2, 1}, {5, 6}}},
       {{2, 1, 1}, {17, 39}},
       {{2, 1, 1}, {1, 10}},
       {{{2, 1, 2}, {5, 6, 50, 60}}, {{2, 1}, {31, 42}}}},
  };
  on_both([&] {
    for (const ByHand& row : rows) check_by_hand(row);
  });
}

}  // namespace
}  // namespace nt
