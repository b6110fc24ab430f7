// The rows as the model meets them: each computes what its name says, and training through them
// gives the same bits.

#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "rows.hpp"
#include "through_table.hpp"
#include "training.hpp"

namespace nt {
namespace {

TEST_CASE("a row knows the stage that fills each of its cells", "[stage_02]") {
  CHECK(op::add.stage(Backend::eigen) == 2);
  CHECK(op::add.stage(Backend::naive) == 3);
  CHECK(op::sum.stage(Backend::naive) == 4);
  CHECK(op::pad.stage(Backend::naive) == 5);
  CHECK(op::add.stage(Backend::fast) == 17);
}

TEST_CASE("each row of the eigen column computes what its name says", "[stage_02]") {
  install_eigen();
  const Array x = op::array({{2, 2}, {4, 1, 9, 16}});
  const Array y = op::array({{2}, {2, 4}});
  const auto is = [](const std::vector<float>& values, const Shape& shape = {2, 2}) {
    return close_to(HostArray{shape, values}, 1e-6F);  // Eigen's sqrt of 9 is 2.9999998
  };
  CHECK_THAT(op::add(x, y), is({6, 5, 11, 20}));
  CHECK_THAT(op::subtract(x, y), is({2, -3, 7, 12}));
  CHECK_THAT(op::multiply(x, y), is({8, 4, 18, 64}));
  CHECK_THAT(op::divide(x, y), is({2, 0.25F, 4.5F, 4}));
  CHECK_THAT(op::sqrt(x), is({2, 1, 3, 4}));
  CHECK_THAT(op::exp(op::array({{1}, {0}})), is({1}, {1}));
  CHECK_THAT(op::log(op::array({{1}, {1}})), is({0}, {1}));
  CHECK_THAT(op::erf(op::array({{2}, {0, 10}})), is({0, 1}, {2}));
  CHECK_THAT(op::matmul(x, x), is({25, 20, 180, 265}));  // 16 + 9, 4 + 16, 36 + 144, 9 + 256
  CHECK_THAT(op::sum(x, {1}, false), is({5, 25}, {2}));
  CHECK_THAT(op::mean(x, {0}, true), is({6.5F, 8.5F}, {1, 2}));
  CHECK_THAT(op::max(x, {0, 1}, false), is({16}, {}));
  CHECK_THAT(op::argmax(x, 1, false), is({0, 1}, {2}));
  CHECK_THAT(op::reshape(x, {4}), is({4, 1, 9, 16}, {4}));
  CHECK_THAT(op::permute(x, {1, 0}), is({4, 9, 1, 16}));
  CHECK_THAT(op::transpose(x, 0, 1), is({4, 9, 1, 16}));
  CHECK_THAT(op::slice(x, 0, 1, 2), is({9, 16}, {1, 2}));
  CHECK_THAT(op::expand(y, {2, 2}), is({2, 4, 2, 4}));
  CHECK_THAT(op::pad(y, 0, 1, 0), is({0, 2, 4}, {3}));
}

TEST_CASE("the mean composed of other rows is the mean", "[stage_02][2.5]") {
  install_eigen();
  const Array x = op::array({{2, 2}, {1, 2, 3, 6}});
  CHECK_THAT(op::mean_of_sum(x, {1}, false), close_to(HostArray{{2}, {1.5F, 4.5F}}, 0));
  CHECK_THAT(op::mean_of_sum(x, {0, 1}, true), close_to(HostArray{{1, 1}, {3}}, 0));  // 12 / 4
  CHECK_THAT(op::mean_of_sum(x, {}, false), close_to(x, 0));
}

TEST_CASE("each operation of the model asks the row of its name", "[stage_02]") {
  // The wrong backend is chosen, so that each row tells its name instead of computing.
  const Array x = by_hand::eigen_operations().array({{2}, {1, 2}});
  set_backend(Backend::naive);
  const by_hand::Operations& op = by_hand::table_operations();
  const std::vector<std::pair<std::string, std::function<void()>>> operations{
      {"array",
       [&] {
         op.array({{1}, {1}});
       }},
      {"add", [&] { op.add(x, x); }},
      {"subtract", [&] { op.subtract(x, x); }},
      {"multiply", [&] { op.multiply(x, x); }},
      {"divide", [&] { op.divide(x, x); }},
      {"exp", [&] { op.exp(x); }},
      {"log", [&] { op.log(x); }},
      {"sqrt", [&] { op.sqrt(x); }},
      {"erf", [&] { op.erf(x); }},
      {"matmul", [&] { op.matmul(x, x); }},
      {"sum", [&] { op.sum(x, {0}, false); }},
      {"mean", [&] { op.mean(x, {0}, false); }},
      {"max", [&] { op.max(x, {0}, false); }},
      {"reshape", [&] { op.reshape(x, {2}); }},
      {"permute", [&] { op.permute(x, {0}); }},
      {"transpose", [&] { op.transpose(x, 0, 0); }},
      {"slice", [&] { op.slice(x, 0, 0, 1); }},
      {"pad", [&] { op.pad(x, 0, 0, 1); }},
  };
  for (const auto& [name, call] : operations) {
    CHECK_THROWS_WITH(call(), Catch::Matchers::StartsWith(name + ": backend"));
  }
  set_backend(Backend::eigen);
}

TEST_CASE("training through the table changes not a bit", "[stage_02]") {
  install_eigen();
  const Baseline baseline = load_baseline("");
  constexpr int kSteps = 10;
  const auto ignore = [](float /*loss*/) {};
  const auto direct = train(by_hand::eigen_operations(), baseline, kSteps, ignore);
  const auto table = train(by_hand::table_operations(), baseline, kSteps, ignore);
  const auto same_bits = [](const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
  };
  REQUIRE(table.losses.size() == kSteps);
  CHECK(same_bits(table.losses, direct.losses));
  for (const auto& [name, tensor] : table.parameters) {
    INFO(name);
    CHECK(same_bits(tensor.data().host().values, direct.parameters.at(name).data().host().values));
  }
}

}  // namespace
}  // namespace nt
