// The profiler: which time is whose, what a call costs, and that every row is watched while nothing
// else changes. Tables and pictures of profiles are checked in profile_report_checks.cpp, the fast
// backend in fast_checks.cpp and kernel_checks.cpp.

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "columns.hpp"
#include "completeness.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
#include "fused_rows.hpp"
#include "install_fast.hpp"
#include "patch_rows.hpp"
#include "profile_report.hpp"
#include "profiler.hpp"
#include "small_run.hpp"

namespace nt {
namespace {

using Names = std::vector<std::string>;

void use_with_all_rows(Backend backend) {
  install_fast();
  set_backend(backend);
}

/// A clock that goes on by 10 whenever it is asked.
Clock ticking() {
  return [time = Nanoseconds{0}]() mutable { return time += 10; };
}

Names names_in(const Profile& profile) {
  Names names;
  for (const Span& span : profile.spans) names.emplace_back(span.name);
  return names;
}

std::vector<int> depths_in(const Profile& profile) {
  std::vector<int> depths;
  for (const Span& span : profile.spans) depths.push_back(span.depth);
  return depths;
}

TEST_CASE("the time of a call is its own without the calls within it", "[stage_17][17.1]") {
  // a             e
  // +-- b         (later)
  // |   +-- c
  // +-- d
  const std::vector<Span> spans{{"a", 0, 0, 100, {}},
                                {"b", 1, 10, 40, {}},
                                {"c", 2, 15, 25, {}},
                                {"d", 1, 50, 90, {}},
                                {"e", 0, 105, 135, {}}};
  CHECK(self_times(spans) == std::vector<Nanoseconds>{30, 20, 10, 40, 30});
}

TEST_CASE("calls that follow each other take nothing from each other", "[stage_17][17.1]") {
  CHECK(self_times({{"a", 0, 0, 7, {}}, {"b", 0, 7, 9, {}}}) == std::vector<Nanoseconds>{7, 2});
  // Out of three calls at once back to the first: d is no part of c or b.
  CHECK(self_times(
            {{"a", 0, 0, 9, {}}, {"b", 1, 0, 5, {}}, {"c", 2, 0, 5, {}}, {"d", 1, 6, 8, {}}}) ==
        std::vector<Nanoseconds>{2, 0, 5, 2});
  CHECK(self_times({}).empty());
}

TEST_CASE("all self times are the durations of the outermost calls", "[stage_17][17.1]") {
  Random random(17);
  for (int trial = 0; trial < 50; ++trial) {
    SpanRecorder recorder([&random, time = Nanoseconds{0}]() mutable {
      return time += static_cast<Nanoseconds>(random.below(100));
    });
    int depth = 0;
    for (int i = 0; i < 100; ++i) {
      const bool deeper = depth == 0 || random.below(2) == 0;
      deeper ? static_cast<void>(recorder.open("f")) : recorder.close();
      depth += deeper ? 1 : -1;
    }
    const Profile profile = recorder.profile("trial");
    const std::vector<Nanoseconds> self = self_times(profile.spans);
    Nanoseconds difference = 0;
    for (std::size_t i = 0; i < self.size(); ++i) {
      CHECK(self[i] >= 0);
      difference += self[i];
      if (profile.spans[i].depth == 0) difference -= profile.spans[i].duration();
    }
    CHECK(difference == 0);
  }
}

TEST_CASE("a product is as many multiplications and additions as it has pairs",
          "[stage_17][17.2]") {
  // (2, 3) (3, 4): 8 numbers of 3 products and 3 additions each; 6 + 12 numbers read, 8 written.
  CHECK(op_cost("matmul", {{2, 3}, {3, 4}}, {2, 4}) == Cost{48, 4 * 26});
  CHECK(op_cost("matmul", {{5, 2, 3}, {5, 3, 4}}, {5, 2, 4}) == Cost{240, 4 * 130});
  CHECK(op_cost("matmul", {{5, 2, 3}, {3, 4}}, {5, 2, 4}).flop == 240);
  CHECK(op_cost("matmul", {{0, 3}, {3, 4}}, {0, 4}).flop == 0);
  // With a bias, one addition more for each of the 8 numbers.
  CHECK(op_cost("linear", {{2, 3}, {4, 3}, {4}}, {2, 4}) == Cost{56, 4 * 30});
  CHECK(op_cost("linear", {{5, 2, 3}, {4, 3}, {4}}, {5, 2, 4}).flop == 280);
}

TEST_CASE("what is done to each number costs as many operations as the formula has", "[stage_17]") {
  const Shape x{2, 5};
  CHECK(op_cost("add", {{2, 1}, {5}}, x) == Cost{10, 4 * 17});
  CHECK(op_cost("exp", {x}, x) == Cost{10, 4 * 20});
  CHECK(op_cost("sum", {x}, {2}) == Cost{10, 4 * 12});
  CHECK(op_cost("mean", {x}, {2}).flop == 12);
  CHECK(op_cost("gelu", {x}, x).flop == 50);
  CHECK(op_cost("gelu_gradient", {x, x}, x).flop == 110);
  CHECK(op_cost("softmax", {x}, x).flop == 50);
  CHECK(op_cost("softmax_gradient", {x, x}, x).flop == 40);
  CHECK(op_cost("layer_norm", {x, {5}, {5}}, x) == Cost{70, 4 * 30});
  CHECK(op_cost("layer_norm_gradient", {x, {5}, x}, x).flop == 130);
  CHECK(op_cost("layer_norm_weight_gradient", {x, x}, {5}).flop == 70);
  CHECK(op_cost("cross_entropy", {x}, {}).flop == 40);
  CHECK(op_cost("cross_entropy_gradient", {x}, x).flop == 60);
  CHECK(op_cost("adamw", {x, x, x, x}, {3, 2, 5}) == Cost{160, 4 * 70});
}

TEST_CASE("attention and patches cost what their products cost", "[stage_17]") {
  // Three heads of T = 7 and D = 2: q k^T and p v are 2 * 98 each, and six times 49 for the rest.
  const Shape q{3, 7, 2};
  CHECK(op_cost("attention", {q, q, q}, q).flop == 3 * (2 * 196 + 6 * 49));
  CHECK(op_cost("attention_gradient", {q, q, q, q}, {3, 3, 7, 2}).flop == 3 * (5 * 196 + 11 * 49));
  CHECK(op_cost("attention", {{3, 0, 2}, {3, 0, 2}, {3, 0, 2}}, {3, 0, 2}).flop == 0);
  // Two images of 4 x 6 pixels have 6 patches of 2 x 2 each, which become 5 numbers each.
  const Shape images{2, 1, 4, 6};
  const Shape weight{5, 1, 2, 2};
  const Shape tokens{2, 6, 5};
  CHECK(op_cost("patch_embedding", {images, weight, {5}}, tokens).flop == 60 * (2 * 4 + 1));
  CHECK(op_cost("patch_weight_gradient", {images, tokens}, weight).flop == 60 * 2 * 4);
  CHECK(op_cost("patch_image_gradient", {tokens, weight}, images).flop == 60 * 2 * 4);
}

TEST_CASE("a view moves nothing, a copy reads and writes", "[stage_17]") {
  for (const char* view : {"reshape", "permute", "transpose", "slice", "expand"}) {
    CHECK(op_cost(view, {{2, 3}}, {3, 2}) == Cost{});
  }
  CHECK(op_cost("array", {{2, 3}}, {2, 3}) == Cost{0, 4 * 12});
  CHECK(op_cost("pad", {{2, 3}}, {2, 5}) == Cost{0, 4 * 16});
}

TEST_CASE("every row of the op table has a formula", "[stage_17][17.2]") {
  install_fast();
  const Shape x{2, 1, 4, 4};  // a shape that no formula finds too short
  for (const std::string& row : row_names()) {
    INFO(row);
    CHECK_NOTHROW(op_cost(row, {x, x, x, x}, x));
  }
  CHECK_THROWS_WITH(op_cost("convolution", {x}, x), "op_cost: no formula for 'convolution'");
}

TEST_CASE("every row of the op table is wrapped", "[stage_17]") {
  for (const Backend backend : kBackends) {
    use_with_all_rows(backend);
    const Profiler profiler;
    CHECK(untested(row_names(), profiler.wrapped()).empty());
    for (const OpRow* row : op_table()) CHECK(row->has_kernel(backend));
  }
}

TEST_CASE("calls are kept in their order, with their times and costs", "[stage_17]") {
  use_with_all_rows(Backend::naive);
  const Array a = op::array({{2}, {1, 2}});
  Array c;
  const Profile profile = profile_of(
      "two calls", [&] { c = op::exp(op::add(a, a)); }, ticking());
  CHECK(profile.name == "two calls");
  CHECK(names_in(profile) == Names{"add", "exp"});
  CHECK(depths_in(profile) == std::vector<int>{0, 0});
  // The recording begins at 10, and each call asks the clock twice.
  CHECK(profile.spans[0].begin == 10);
  CHECK(profile.spans[0].end == 20);
  CHECK(profile.spans[1].begin == 30);
  CHECK(profile.spans[1].end == 40);
  CHECK(profile.duration == 50);
  CHECK(profile.spans[0].cost == Cost{2, 4 * 6});
  CHECK(profile.spans[1].cost == Cost{2, 4 * 4});
  CHECK_THAT(c, close_to(HostArray{{2}, {std::exp(2.0F), std::exp(4.0F)}}, 1e-5F));
}

TEST_CASE("what a fallback calls is seen within it", "[stage_17]") {
  use_with_all_rows(Backend::naive);
  const Array x = op::array({{2, 2}, {1, 2, 3, 4}});
  const Array expected = op::softmax(x);
  Array y;
  const Profile profile = profile_of(
      "softmax", [&] { y = op::exp(op::softmax(x)); }, ticking());
  REQUIRE(profile.spans.size() > 4);
  CHECK(profile.spans.front().name == "softmax");
  CHECK(profile.spans.back().name == "exp");
  for (std::size_t i = 0; i < profile.spans.size(); ++i) {
    const bool outermost = i == 0 || i + 1 == profile.spans.size();
    CHECK(profile.spans[i].depth == (outermost ? 0 : 1));
  }
  CHECK_THAT(y, close_to(op::exp(expected), 0));
}

TEST_CASE("afterwards the column is as it was", "[stage_17]") {
  use_with_all_rows(Backend::naive);
  const Array x = op::array({{1}, {1}});
  std::vector<bool> before;
  for (const OpRow* row : op_table()) before.push_back(row->has_kernel(Backend::naive));
  {
    const Profiler outer;
    {
      const Profiler inner;
      op::softmax(op::exp(x));
      CHECK(names_in(inner.profile("")) == names_in(outer.profile("")));
    }
    op::log(x);
    CHECK(names_in(outer.profile("")).back() == "log");
  }
  std::vector<bool> after;
  for (const OpRow* row : op_table()) after.push_back(row->has_kernel(Backend::naive));
  CHECK(before == after);
  CHECK_FALSE(op::softmax.has_kernel(Backend::naive));
}

TEST_CASE("a call that throws is closed and the column given back", "[stage_17]") {
  use_with_all_rows(Backend::naive);
  const Array x = op::array({{1}, {1}});
  const OtherKernel failing(op::exp, Backend::naive,
                            [](const Array&) -> Array { throw Error("no exp today"); });
  {
    const Profiler profiler(ticking());
    CHECK_THROWS_WITH(op::softmax(x), "no exp today");
    op::sqrt(x);
    const Profile profile = profiler.profile("");
    CHECK(profile.spans.front().name == "softmax");
    CHECK(profile.spans.front().cost == Cost{});
    CHECK(profile.spans.front().end > profile.spans.front().begin);
    CHECK(profile.spans.back().name == "sqrt");
    CHECK(profile.spans.back().depth == 0);
  }
  CHECK_FALSE(op::softmax.has_kernel(Backend::naive));
  CHECK_THROWS_WITH(profile_of("", [&] { op::exp(x); }), "no exp today");
}

TEST_CASE("only the backend that was chosen is watched", "[stage_17]") {
  use_with_all_rows(Backend::naive);
  const Profiler profiler;
  set_backend(Backend::eigen);
  op::exp(op::array({{1}, {1}}));
  CHECK(profiler.profile("").spans.empty());
}

TEST_CASE("a training step is the same with and without a profiler", "[stage_17][17.1][17.2]") {
  use_with_all_rows(Backend::naive);
  const ImageSet set = small_set(9);
  Trainer watched = small_trainer(set);
  Trainer alone = small_trainer(set);
  std::vector<Profile> profiles;
  while (!watched.finished()) {
    profiles.push_back(profile_of("step", [&] { watched.step(); }));
    alone.step();
  }
  CHECK(same(weights_of(watched.model()), weights_of(alone.model())));

  const ProfileSummary summary = summarise(profiles);
  Nanoseconds parts = summary.outside;
  std::int64_t calls = 0;
  for (const OpLine& line : summary.lines) {
    parts += line.self;
    calls += line.calls;
  }
  CHECK(parts == summary.together.total);
  CHECK(calls == summary.together.calls);
  CHECK(summary.outside > 0);
}

}  // namespace
}  // namespace nt
