// The tape drawn, in the terminal and as a picture.

#include "check/catch.hpp"
#include "check/occurrences.hpp"
#include "core/errors.hpp"
#include "graph.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

void use_naive() {
  install_gradient_rows();
  set_backend(Backend::naive);
}

TEST_CASE("a graph is a line for each node", "[stage_05]") {
  use_naive();
  const Tensor a(op::array({{4}, {1, 2, 3, 4}}), true);
  const Tensor b(op::number(0.125F), true);
  Tape tape;
  const Tensor y = a * a;
  const Tensor later = y + b;
  const std::vector<Array> gradients = tape.gradients(y, op::array({{4}, {1, 1, 1, 0.5F}}));
  CHECK(graph_text(tape, gradients, {{a.identity(), "a"}}) ==
        "%0  a                  (4)     data 1, 2, 3, ...    gradient 2, 4, 6, ...\n"
        "%1  multiply(%0, %0)   (4)     data 1, 4, 9, ...    gradient 1, 1, 1, ...\n"
        "%2  leaf               ()      data 0.125           gradient none\n"
        "%3  add(%1, %2)        (4)     data 1.125, 4.125, 9.125, ... gradient none\n");
}

TEST_CASE("a graph has a box for each node and an arrow for each edge", "[stage_05]") {
  use_naive();
  const Tensor a(op::number(3), true);
  const Tensor b(op::number(4), true);
  Tape tape;
  const Tensor c = a * a;
  const Tensor y = c + b;
  const std::vector<Array> gradients = tape.gradients(y, op::number(1));
  const std::string svg =
      graph_svg(tape, gradients, {{a.identity(), "a < b & c"}, {b.identity(), "b"}});
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count(svg, "<rect ") == 5);  // four nodes and the ground
  CHECK(count(svg, "marker-end") == 4);
  for (const char* part : {">a &lt; b &amp; c</tspan> ()", ">b</tspan> ()", ">multiply</tspan> ()",
                           ">add</tspan> ()", ">data 9<", ">data 13<", ">gradient 6<"}) {
    CAPTURE(part);
    CHECK(count(svg, part) == 1);
  }
}

TEST_CASE("a graph of nothing is empty", "[stage_05]") {
  const Tape tape;
  CHECK(graph_text(tape, {}, {}).empty());
  CHECK(count(graph_svg(tape, {}, {}), "<rect ") == 1);
}

TEST_CASE("a graph needs a gradient, or an empty handle, for each node", "[stage_05]") {
  use_naive();
  const Tensor a(op::number(3), true);
  Tape tape;
  const Tensor y = a * a;
  const std::string refusal = "graph: a gradient for each node: nodes are 2, gradients are 1";
  CHECK_THROWS_AS(graph_text(tape, {Array{}}, {}), Error);
  CHECK_THROWS_WITH(graph_text(tape, {Array{}}, {}), refusal);
  CHECK_THROWS_WITH(graph_svg(tape, {Array{}}, {}), refusal);
}

}  // namespace
}  // namespace nt
