// stage_16_test_suite: plants mistakes that the table of cases must notice, finds one of them with
// a random graph and shrinks it, then runs the whole suite and counts what it says.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "columns.hpp"
#include "completeness.hpp"
#include "core/errors.hpp"
#include "core/paths.hpp"
#include "guarded_new.hpp"
#include "patch_rows.hpp"
#include "planted.hpp"
#include "program/program.hpp"
#include "random_graph.hpp"
#include "shrink.hpp"
#include "summary.hpp"
#include "terminal/style.hpp"
#include "terminal/table.hpp"
#include "test_run.hpp"

namespace {

using namespace nt;

const std::vector<std::string> kAreas{"ops",     "gradients", "guards",     "errors", "attention",
                                      "encoder", "tinyvit",   "optimizers", "graphs", "training"};

/// How many rows of the op table each backend computes, and how.
void show_columns() {
  Table table({"backend", "kernels", "composed", "missing"});
  for (const Backend backend : kBackends) {
    int kernels = 0;
    int composed = 0;
    for (const OpRow* row : op_table()) {
      if (row->has_kernel(backend)) ++kernels;
      if (!row->has_kernel(backend) && row->has_fallback()) ++composed;
    }
    const auto missing = std::ssize(op_table()) - kernels - composed;
    table.add({std::string(name(backend)), std::to_string(kernels), std::to_string(composed),
               std::to_string(missing)});
  }
  fmt::print("\n{} rows, {} cases, {} errors\n\n{}\n", op_table().size(), op_cases(1).size(),
             error_cases().size(), table.text());
}

/// How many planted mistakes the table does not notice.
int show_planted_mistakes() {
  Table table({"planted mistake", "area", "complaints"});
  int unnoticed = 0;
  for (const PlantedMistake& mistake : planted_mistakes()) {
    const std::size_t complaints = mistake.judge().size();
    table.add({mistake.name, mistake.area, std::to_string(complaints)});
    if (complaints == 0) ++unnoticed;
  }
  fmt::print("{}\n", table.text());
  return unnoticed;
}

/// A random graph of eight operations or more that has a fault. There is one: ends when it is
/// found.
Graph failing_graph(Random& random, Backend backend) {
  while (true) {
    stop_if_interrupted();
    set_backend(kTrusted);
    Graph graph = random_graph(random, 12);
    if (operations(graph) >= 8 && !complaint_about(graph, backend).empty()) return graph;
  }
}

/// How many operations are left of a failing graph, once it is shrunk.
std::size_t show_shrinking(const Options& options) {
  const OtherKernel planted(op::pad, options.backend, pad_behind(options.backend));
  Random random(static_cast<std::uint64_t>(options.seed));
  const Graph graph = failing_graph(random, options.backend);
  const Graph small = shrunk(
      graph, [&](const Graph& part) { return !complaint_about(part, options.backend).empty(); });
  fmt::print("With pad putting all zeros behind, a random graph fails on '{}':\n\n{}\n{}\n\n",
             name(options.backend), code(graph), complaint_about(graph, options.backend));
  fmt::print("Shrunk from {} operations to {}:\n\n{}\n{}\n\n", operations(graph), operations(small),
             code(small), complaint_about(small, options.backend));
  return operations(small);
}

/// The program of the suite: beside this one, or where a learner's tower lies, one folder up.
std::filesystem::path suite_program() {
  const auto own = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const auto& folder : {own, own.parent_path()}) {
    if (std::filesystem::exists(folder / "suite")) return folder / "suite";
  }
  throw FileError(shown(own / "suite"), "is not built: ./learn test builds it");
}

/// A line for each area as it goes by: drawn over on a terminal, told at its end elsewhere.
class Live {
 public:
  void operator()(const TestResult& test) {
    stop_if_interrupted();
    if (!tests_.empty() && tests_.back().area != test.area) finish();
    tests_.push_back(test);
    for (const std::string& failure : test.failures) {
      fmt::print("{}FAILED  {}\n{}\n", on_terminal() ? "\r\x1b[K" : "", test.name, failure);
    }
    if (on_terminal()) fmt::print("\r\x1b[K{}  {}", line(), test.name.substr(0, 50));
    std::fflush(stdout);
  }

  /// The area that went by last is over.
  void finish() const { fmt::print("{}{}\n", on_terminal() ? "\r\x1b[K" : "", line()); }

  const std::vector<TestResult>& tests() const { return tests_; }

 private:
  std::string line() const {
    const std::vector<Area> areas = by_area(tests_);
    const Area& now = *std::find_if(areas.begin(), areas.end(), [&](const Area& area) {
      return area.name == tests_.back().area;
    });
    return fmt::format("{:<12} {:>3} of {} pass", now.name, now.tests - now.failed, now.tests);
  }

  std::vector<TestResult> tests_;
};

std::vector<TestResult> run_suite(const Options& options) {
  if (!options.data.empty()) ::setenv("NANO_TORCH_DATA", options.data.c_str(), 1);
  Live live;
  run_tests(suite_program(), {}, std::ref(live));
  if (!live.tests().empty()) live.finish();
  return live.tests();
}

void show_summary(const std::vector<TestResult>& tests) {
  Table areas({"area", "tests", "failed", "seconds"});
  Area all{.name = "all"};
  const auto add = [&](const Area& area) {
    areas.add({area.name, std::to_string(area.tests), std::to_string(area.failed),
               fmt::format("{:.2f}", area.seconds)});
  };
  for (const Area& area : by_area(tests)) {
    add(area);
    all = {all.name, all.tests + area.tests, all.failed + area.failed, all.seconds + area.seconds};
  }
  add(all);
  Table slow({"the slowest", "seconds"});
  for (const TestResult& test : slowest(tests, 5)) {
    slow.add({test.name, fmt::format("{:.2f}", test.seconds)});
  }
  fmt::print("\n{}\n{}\n", areas.text(), slow.text());
}

/// The rows and layers that no case or no error is about.
std::vector<std::string> without_a_test() {
  std::vector<std::string> wanted = row_names();
  const std::vector<std::string> layers = declared_layers(project_root() / "stages");
  wanted.insert(wanted.end(), layers.begin(), layers.end());
  std::vector<std::string> errors = names_of(error_cases());
  errors.insert(errors.end(), kRefuseNothing.begin(), kRefuseNothing.end());
  std::vector<std::string> missing = untested(wanted, names_of(op_cases(1)));
  for (const std::string& name : untested(wanted, errors)) missing.push_back(name + "'s error");
  return missing;
}

void show_and_prove(const Options& options, Proofs& proofs) {
  install_patches();
  show_columns();
  const int unnoticed = show_planted_mistakes();
  const std::size_t left = show_shrinking(options);
  const std::vector<TestResult> tests = run_suite(options);
  show_summary(tests);

  std::vector<std::string> areas;
  for (const Area& area : by_area(tests)) areas.push_back(area.name);
  const auto failed =
      std::count_if(tests.begin(), tests.end(), [](const TestResult& t) { return !t.passed(); });
  const std::vector<std::string> missing = without_a_test();
  if (!missing.empty()) fmt::print("without a test: {}\n\n", fmt::join(missing, ", "));
  const auto prove = [&](const char* what, const char* measure, auto value, double limit) {
    proofs.at_most(what, measure, static_cast<double>(value), limit);
  };
  prove("rows and layers without a case or an error", "missing", missing.size(), 0);
  prove("planted mistakes that the table lets pass", "unnoticed", unnoticed, 0);
  prove("operations left of the failing graph", "operations", left, 1);
  prove("areas without a test", "missing", untested(kAreas, areas).size(), 0);
  prove("tests of the suite that fail", "failed", failed, 0);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 16 test suite",
          .summary = "Every operation on every backend, random graphs, training: the suite",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
