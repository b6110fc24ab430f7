#pragma once
// A graph that fails is seldom as small as it could be. Shrinking tries smaller ones for as long as
// one of them still fails: what is left is the failure and nothing else. Zeller, Hildebrandt,
// "Simplifying and isolating failure-inducing input", IEEE Transactions on Software Engineering 28
// (2002).

#include <functional>

#include "graph_steps.hpp"

namespace nt {

/// The graph without the nodes on which its last one does not depend; the others keep their order.
Graph without_the_unused(const Graph& graph);

/// What is tried in the graph's place, each of fewer operations, the smallest first:
///   it ends at an earlier operation;
///   an operation becomes a leaf of the value it has, so that all before it may go;
///   whoever used an operation's result uses its first input, where that has the same shape.
/// On the chosen backend.
std::vector<Graph> smaller(const Graph& graph);

/// A graph that still fails, none of whose smaller() ones does. The graph given is one that fails.
Graph shrunk(Graph graph, const std::function<bool(const Graph&)>& fails);

/// How many nodes are no leaves.
std::size_t operations(const Graph& graph);

}  // namespace nt
