#include <CLI/CLI.hpp>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "program/program.hpp"

namespace {

/// The exit status of a program that does this, called with these options.
int status(const std::function<void(const nt::Options&, nt::Proofs&)>& does,
           std::vector<const char*> options = {}) {
  options.insert(options.begin(), "program");
  const nt::Program program{.name = "stage 99 test",
                            .summary = "",
                            .backends = {nt::Backend::naive, nt::Backend::eigen},
                            .run = does};
  return nt::run(program, static_cast<int>(options.size()), options.data());
}

void prove(const nt::Options& /*options*/, nt::Proofs& proofs) {
  proofs.at_most("one", "count", 1, 1);
}

}  // namespace

TEST_CASE("a program succeeds when all its proofs hold, and only then", "[program]") {
  CHECK(status(prove) == 0);
  CHECK(status([](const auto&, nt::Proofs& proofs) {
          proofs.at_most("one", "count", 1, 1);
          proofs.at_most("two", "count", 2, 1);
        }) == 1);
  CHECK(status([](const auto&, nt::Proofs& proofs) {
          proofs.at_most("not a number", "count", std::nan(""), 1);
        }) == 1);
  CHECK(status([](const auto&, const auto&) {}) == 1);  // nothing was proved
}

TEST_CASE("an error ends a program with its exit status", "[program]") {
  CHECK(status([](const auto&, const auto&) { throw nt::ShapeError("x"); }) == 1);
  CHECK(status([](const auto&, const auto&) { throw nt::UsageError("x"); }) == 2);
  CHECK(status([](const auto&, const auto&) { throw nt::Interrupted(); }) == 130);
  CHECK(status([](const auto&, const auto&) { throw std::bad_alloc(); }) == 1);
}

TEST_CASE("a wrong command line is exit 2", "[program]") {
  CHECK(status(prove, {"--unknown"}) == 2);
  CHECK(status(prove, {"--seed", "-1"}) == 2);
  CHECK(status(prove, {"--backend", "fast"}) == 2);  // not among this program's
  CHECK(status(prove, {"--help"}) == 0);
}

TEST_CASE("options reach the program, with defaults where none is given", "[program]") {
  nt::Options seen;
  const auto look = [&](const nt::Options& options, nt::Proofs& proofs) {
    seen = options;
    prove(options, proofs);
  };
  REQUIRE(status(look) == 0);
  CHECK(seen.backend == nt::Backend::naive);
  CHECK(seen.data.empty());
  CHECK(seen.seed == 1);
  REQUIRE(status(look, {"--backend", "eigen", "--data", "mnist", "--seed", "5"}) == 0);
  CHECK(seen.backend == nt::Backend::eigen);
  CHECK(seen.data == "mnist");
  CHECK(seen.seed == 5);
}

TEST_CASE("a program may have options of its own", "[program]") {
  int epochs = 2;
  const nt::Program program{
      .name = "stage 99 test",
      .summary = "",
      .backends = {nt::Backend::naive},
      .run = [](const auto&, nt::Proofs& proofs) { prove({}, proofs); },
      .add_options =
          [&](CLI::App& app) { app.add_option("--epochs", epochs)->check(CLI::Range(1, 9)); }};
  const auto status = [&](const char* value) {
    const char* line[] = {"program", "--epochs", value};
    return nt::run(program, 3, line);
  };
  CHECK(status("5") == 0);
  CHECK(epochs == 5);
  CHECK(status("0") == 2);
}

TEST_CASE("a path for results that cannot be written is refused before the work", "[program]") {
  CHECK_THROWS_WITH(nt::require_writable("--save", "/nowhere/x"),
                    "--save: no such folder: /nowhere");
  CHECK_THROWS_WITH(nt::require_writable("--save", "/tmp"), "--save: a folder: /tmp");
  CHECK_THROWS_AS(nt::require_writable("--save", "/proc/version/x"), nt::UsageError);
  CHECK_NOTHROW(nt::require_writable("--save", "x.json"));
  CHECK_NOTHROW(nt::require_writable("--save", "/dev/full"));  // which is known when it is full
  CHECK(status(prove, {"--report", "/nowhere/x.json"}) == 2);
}

TEST_CASE("the verdict counts the proofs that hold", "[program]") {
  nt::Proofs proofs("stage 99 test");
  CHECK(proofs.verdict() == "stage 99 test: nothing was proved");
  proofs.at_most("one", "count", 1, 1);
  proofs.at_most("two", "count", 2, 1);
  CHECK(proofs.verdict() == "stage 99 test: 2 proofs, 1 hold");
}
