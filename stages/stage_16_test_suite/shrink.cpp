#include "shrink.hpp"

#include <algorithm>

#include "random_graph.hpp"

namespace nt {
namespace {

bool is_leaf(const Node& node) { return node.op == "leaf"; }

/// The graph up to node `last`, which becomes the result.
Graph up_to(const Graph& graph, std::size_t last) {
  return {graph.begin(), graph.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

/// Node `at` given instead of computed.
Graph with_leaf(Graph graph, std::size_t at, const HostArray& value) {
  graph[at] = {"leaf", value, {}, {}};
  return graph;
}

/// What used node `at` uses its first input.
Graph bypassed(Graph graph, std::size_t at) {
  for (Node& node : graph)
    std::replace(node.inputs.begin(), node.inputs.end(), at, graph[at].inputs[0]);
  return graph;
}

}  // namespace

std::size_t operations(const Graph& graph) {
  return graph.size() -
         static_cast<std::size_t>(std::count_if(graph.begin(), graph.end(), is_leaf));
}

Graph without_the_unused(const Graph& graph) {
  std::vector<bool> used(graph.size(), false);
  used.back() = true;
  for (std::size_t at = graph.size(); at-- > 0;) {
    if (!used[at]) continue;
    for (const std::size_t input : graph[at].inputs) used[input] = true;
  }
  Graph kept;
  std::vector<std::size_t> place(graph.size());  // of each node that is kept
  for (std::size_t at = 0; at < graph.size(); ++at) {
    if (!used[at]) continue;
    place[at] = kept.size();
    kept.push_back(graph[at]);
    for (std::size_t& input : kept.back().inputs) input = place[input];
  }
  return kept;
}

std::vector<Graph> smaller(const Graph& graph) {
  const std::vector<HostArray> values = values_of(graph);
  const std::size_t last = graph.size() - 1;
  std::vector<Graph> candidates;
  for (std::size_t at = 0; at < last; ++at) {
    if (is_leaf(graph[at])) continue;
    candidates.push_back(up_to(graph, at));
    candidates.push_back(with_leaf(graph, at, values[at]));
    if (values[at].shape == values[graph[at].inputs[0]].shape) {
      candidates.push_back(bypassed(graph, at));
    }
  }
  for (Graph& candidate : candidates) candidate = without_the_unused(candidate);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Graph& a, const Graph& b) { return operations(a) < operations(b); });
  return candidates;
}

Graph shrunk(Graph graph, const std::function<bool(const Graph&)>& fails) {
  // exercise 16.4: go on with the first smaller graph that fails, until none of them does
  while (true) {
    const std::vector<Graph> candidates = smaller(graph);
    const auto failing = std::find_if(candidates.begin(), candidates.end(), fails);
    if (failing == candidates.end()) return graph;
    graph = *failing;
  }
  // end exercise
}

}  // namespace nt
