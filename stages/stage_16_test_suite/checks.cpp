// Whether anything is untested: how the rows and the layers are found, and what the tables hold.
// What is asked of a case is checked in judge_checks.cpp and guard_checks.cpp, graphs in
// graph_checks.cpp, how the suite is run in report_checks.cpp.

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "columns.hpp"
#include "completeness.hpp"
#include "core/errors.hpp"
#include "core/paths.hpp"
#include "error_cases.hpp"
#include "op_cases.hpp"
#include "patch_rows.hpp"

namespace nt {
namespace {

using Names = std::vector<std::string>;

const Names kNone;

TEST_CASE("a layer is what is declared extern with a Fused type", "[stage_16][16.1]") {
  CHECK(layers_in("extern Fused<Tensor(const Tensor& x)> relu;\n") == Names{"relu"});
  CHECK(layers_in("") == kNone);
  CHECK(layers_in("#pragma once\n\nextern Fused<Tensor(const Tensor& q,\n"
                  "                            const Tensor& k)>\n    attend;\n") ==
        Names{"attend"});
}

TEST_CASE("a type that is called by another name is a Fused as well", "[stage_16][16.1]") {
  const char* const header =
      "using Activation = Fused<Tensor(const Tensor&)>;\n"
      "using Other = std::vector<Fused<Tensor(const Tensor&)>>;\n"
      "  extern Activation gelu;\n"
      "extern Other others;\n"
      "extern Unknown unknown;\n"
      "extern Activation relu;\n";
  CHECK(layers_in(header) == Names{"gelu", "relu"});
  // The name may be declared in a header that is read later.
  CHECK(layers_in("extern Pair linear;\nusing Pair = Fused<Tensor(Two)>;\n") == Names{"linear"});
}

TEST_CASE("other declarations and comments are no layers", "[stage_16][16.1]") {
  CHECK(layers_in("extern const HostArray kInputs;\n"
                  "/// extern Fused<Tensor()> in_a_comment;\n"
                  "Fused<Tensor()> a_member;\n"
                  "extern Fused<Tensor()> real;\n") == Names{"real"});
}

TEST_CASE("the layers of the course are found in its headers", "[stage_16][16.1]") {
  const Names layers = declared_layers(project_root() / "stages");
  CHECK(untested({"linear", "relu", "gelu", "softmax", "log_softmax", "layer_norm", "attend",
                  "cross_entropy"},
                 layers) == kNone);
  CHECK(untested(layers, names_of(op_cases(1))) == kNone);
}

TEST_CASE("what is wanted and not tested is named in its order", "[stage_16]") {
  CHECK(untested({"c", "a", "b"}, {"a"}) == Names{"c", "b"});
  CHECK(untested({"a"}, {"b", "a"}) == kNone);
  CHECK(untested({}, {"a"}) == kNone);
}

TEST_CASE("a row that enters the table is untested until it has a case", "[stage_16]") {
  install_patches();
  CHECK(untested(row_names(), names_of(op_cases(1))) == kNone);
  CHECK(untested(row_names(), names_of(error_cases())) == kNone);
  static op::Unary softplus{"softplus", shape_rule::same, {.naive = 16}};
  softplus.install(Backend::naive, [](const Array& x) { return x; });
  CHECK(untested(row_names(), names_of(op_cases(1))) == Names{"softplus"});
  CHECK(untested(row_names(), names_of(error_cases())) == Names{"softplus"});
}

TEST_CASE("names are told once, in the order of their cases", "[stage_16]") {
  const std::vector<ErrorCase> cases{{"b", "", {}}, {"b", "", {}}, {"a", "", {}}};
  CHECK(names_of(cases) == Names{"b", "a"});
}

TEST_CASE("the same seed draws the same cases, another one others", "[stage_16]") {
  install_patches();
  const std::vector<OpCase> all = op_cases(1);
  const std::vector<OpCase> again = op_cases(1);
  const std::vector<OpCase> others = op_cases(2);
  REQUIRE(all.size() == again.size());
  REQUIRE(all.size() == others.size());
  int changed = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(text(all[i]));
    CHECK(text(all[i]) == text(others[i]));
    for (std::size_t n = 0; n < all[i].x.size(); ++n) {
      CHECK(all[i].x[n].values == again[i].x[n].values);
      changed += all[i].x[n].values == others[i].x[n].values ? 0 : 1;
    }
  }
  CHECK(changed > 300);
}

TEST_CASE("the table has ragged, empty and single operands of every rank to five", "[stage_16]") {
  install_patches();
  std::vector<int> of_rank(6, 0);
  std::vector<int> of_size(34, 0);
  for (const OpCase& one : op_cases(1)) {
    for (const HostArray& x : one.x) {
      ++of_rank[static_cast<std::size_t>(x.shape.rank())];
      for (const std::int64_t size : x.shape) ++of_size[static_cast<std::size_t>(size)];
    }
  }
  for (std::size_t rank = 0; rank <= 5; ++rank) CHECK(of_rank[rank] >= 10);
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 33U}) CHECK(of_size[size] >= 10);
}

TEST_CASE("the columns are the backends that can hold data", "[stage_16]") {
  install_patches();
  CHECK(columns() == std::vector<Backend>{Backend::eigen, Backend::naive});
  const OtherKernel held(op::array, Backend::fast, [](const HostArray& host) {
    return op::array.kernel(Backend::naive)(host);
  });
  CHECK(columns() == std::vector<Backend>{Backend::eigen, Backend::naive, Backend::fast});
}

TEST_CASE("another kernel is in its cell for as long as it is wanted", "[stage_16]") {
  install_patches();
  set_backend(Backend::naive);
  const Array x = op::array({{2}, {0, 1}});
  const HostArray before = op::exp(x).host();
  {
    const OtherKernel same(op::exp, Backend::naive, [](const Array& y) { return y; });
    CHECK_THAT(op::exp(x), close_to(HostArray{{2}, {0, 1}}, 0));
  }
  CHECK_THAT(op::exp(x), close_to(before, 0));
}

}  // namespace
}  // namespace nt
