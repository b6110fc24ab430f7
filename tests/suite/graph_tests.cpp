// Random graphs: two properties that hold for all of them, on every backend.

#include "random_graph.hpp"
#include "shrink.hpp"
#include "suite.hpp"

namespace nt {
namespace {

/// Complains about the first graph that has a fault, shrunk and as code.
void check_graphs(std::uint64_t first_seed, std::uint64_t count, int steps, Backend backend) {
  for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
    set_backend(kTrusted);
    Random random(seed);
    const Graph graph = random_graph(random, steps);
    if (complaint_about(graph, backend).empty()) continue;
    const Graph small =
        shrunk(graph, [&](const Graph& part) { return !complaint_about(part, backend).empty(); });
    FAIL("seed " << seed << ": " << complaint_about(small, backend) << '\n' << code(small));
  }
}

TEST_CASE("small random graphs have the gradient that they should, everywhere", "[graphs]") {
  for (const Backend backend : all_columns()) check_graphs(1, 300, 4, backend);
}

TEST_CASE("large random graphs have the gradient that they should, everywhere", "[graphs]") {
  for (const Backend backend : all_columns()) check_graphs(1, 200, 12, backend);
}

TEST_CASE("many random graphs have the gradient that they should", "[graphs][.slow]") {
  for (const Backend backend : all_columns()) check_graphs(1, 20'000, 8, backend);
}

}  // namespace
}  // namespace nt
