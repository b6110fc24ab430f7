#pragma once
// Random graphs. A table of cases tries what its author thought of; a random graph tries what
// nobody did: one operation on the result of another, a value used twice, a broadcast of a slice of
// a sum. Whatever the graph is, two things must hold: its gradient is what the finite difference
// finds, and value and gradient are the same on every backend. A property that holds for all inputs
// needs no expected result. Claessen, Hughes, "QuickCheck: a lightweight tool for random testing of
// Haskell programs", ICFP 2000.

#include <string>
#include <vector>

#include "finite_difference.hpp"
#include "graph_steps.hpp"

namespace nt {

/// A graph of `steps` operations, less those that its result turns out not to need, whose values
/// are finite and below 4: the same one for the same random numbers. The chosen backend, best
/// kTrusted, computes them; what throws ShapeError there does not fit and is left out.
Graph random_graph(Random& random, int steps);

/// The numbers of the leaves, in order: the arguments of function_of(graph).
std::vector<HostArray> leaves_of(const Graph& graph);

/// The graph as a function of its leaves.
TensorFunction function_of(const Graph& graph);

/// The value of every node, on the chosen backend.
std::vector<HostArray> values_of(const Graph& graph);

/// The graph as C++ that can be pasted into a check, a line for every node:
///   const Tensor v0 = Tensor(op::array({{2}, {0.5F, -1}}), true);
///   const Tensor v1 = exp(v0);
std::string code(const Graph& graph);

/// What is wrong with the graph on `backend`; empty where nothing is:
///   `the gradient is not the slope: they differ by 0.5, relative`
///   `'naive' is not 'eigen': they differ by 0.5, relative`
/// or the text of the error that it throws. `backend` is the chosen one afterwards.
std::string complaint_about(const Graph& graph, Backend backend);

/// slope_error (judge.hpp) of the graph as a function of its leaves.
double slope_error(const Graph& graph, Backend backend);

/// The largest relative difference of its value, and of any leaf's gradient, from kTrusted's.
double difference_from_trusted(const Graph& graph, Backend backend);

}  // namespace nt
